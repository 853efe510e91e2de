'use client'
import type { Note } from '@skein/schemas/api/window'
import { useTranslations } from 'next-intl'
import { Tag } from '../ui/chip.tsx'
import { Icon } from '../ui/icon.tsx'

/** Worth knowing, nothing to mend. */
const HARMLESS: readonly Note['code'][] = ['late_corrections', 'sampled', 'skewed_hosts']
const isHarmless = (note: Note): boolean => HARMLESS.includes(note.code)
const rank = (note: Note): number => (note.code === 'half_edges' ? 0 : isHarmless(note) ? 2 : 1)

/** Doubts about an answer, such as calls that still wait for their other half. What the server says of it is the title. */
export function NoteChips({ notes }: { notes: readonly Note[] }) {
  const t = useTranslations('map.note')
  return [...notes]
    .sort((a, b) => rank(a) - rank(b))
    .map((note, index) => (
      <span key={note.code} className={index < 2 ? 'inline-flex' : 'hidden wide:inline-flex'}>
        <Tag tone={isHarmless(note) ? 'plain' : 'degraded'} title={note.message}>
          <Icon name="warn" size={11} />
          {t(note.code, { count: note.count })}
        </Tag>
      </span>
    ))
}
