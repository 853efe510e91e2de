'use client'
import type { LogNote } from '@skein/schemas/api/logs'
import { useTranslations } from 'next-intl'
import { Tag } from '../ui/chip.tsx'
import { useNoteText } from '../ui/use-note-text.ts'

/** Told by the emptiness itself. */
const SILENT: readonly LogNote['code'][] = ['no_logs', 'no_match']

/** What is worth knowing about an answer, whole on hover. */
export function LogNotes({ notes }: { notes: readonly LogNote[] }) {
  const t = useTranslations('logs.note')
  const text = useNoteText('logs')
  return notes
    .filter(({ code }) => !SILENT.includes(code))
    .map((note) => (
      <Tag key={note.code} tone="plain" title={text(note)}>
        {t(note.code as 'sampled')}
      </Tag>
    ))
}
