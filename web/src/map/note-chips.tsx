'use client'
import type { Note } from '@skein/schemas/api/window'
import { useTranslations } from 'next-intl'
import { Tag } from '../ui/chip.tsx'
import { Icon } from '../ui/icon.tsx'

/** Doubts about an answer, such as calls that still wait for their other half. What the server says of it is the title. */
export function NoteChips({ notes }: { notes: readonly Note[] }) {
  const t = useTranslations('map.note')
  return notes.map((note) => (
    <Tag key={note.code} tone={note.code === 'late_corrections' || note.code === 'sampled' ? 'plain' : 'degraded'} title={note.message}>
      <Icon name="warn" size={11} />
      {t(note.code, { count: note.count })}
    </Tag>
  ))
}
