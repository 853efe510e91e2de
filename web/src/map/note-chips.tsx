'use client'
import type { Note } from '@skein/schemas/api/window'
import { useTranslations } from 'next-intl'
import { Tag } from '../ui/chip.tsx'
import { Icon } from '../ui/icon.tsx'
import { Popover } from '../ui/popover.tsx'
import { type NoteTopic, useNoteText } from '../ui/use-note-text.ts'

/** Worth knowing, nothing to mend. */
const HARMLESS: readonly Note['code'][] = ['late_corrections', 'sampled', 'skewed_hosts']
const isHarmless = (note: Note): boolean => HARMLESS.includes(note.code)
const rank = (note: Note): number => (note.code === 'half_edges' ? 0 : isHarmless(note) ? 2 : 1)

/** Doubts about an answer, such as calls that still wait for their other half: the first as a chip, all of them in whole sentences on a press. */
export function NoteChips({ notes, topic = 'topology' }: { notes: readonly Note[]; topic?: NoteTopic }) {
  const t = useTranslations('map.note')
  const text = useNoteText(topic)
  const sorted = notes.toSorted((a, b) => rank(a) - rank(b))
  const [first] = sorted
  if (first === undefined) return null
  const button = (
    <span className="flex items-center gap-1.5">
      <NoteTag note={first} title={text(first)} />
      {sorted.length > 1 && <span className="font-normal text-t2">{t('others', { count: sorted.length - 1 })}</span>}
    </span>
  )
  return (
    <Popover right label={t('label')} button={button}>
      {() => (
        <ul className="grid w-80 gap-2">
          {sorted.map((note) => (
            <li key={note.code} className="grid justify-items-start gap-1">
              <NoteTag note={note} title={text(note)} />
              <span className="text-t2">{text(note)}</span>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  )
}

function NoteTag({ note, title }: { note: Note; title: string }) {
  const t = useTranslations('map.note')
  return (
    <Tag tone={isHarmless(note) ? 'plain' : 'degraded'} title={title}>
      <Icon name="warn" size={11} />
      {t(note.code, { count: note.count })}
    </Tag>
  )
}
