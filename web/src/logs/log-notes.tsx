'use client'
import type { LogNote } from '@skein/schemas/api/logs'
import { useTranslations } from 'next-intl'
import { Tag } from '../ui/chip.tsx'

/** Told by the emptiness itself. */
const SILENT: readonly LogNote['code'][] = ['no_logs', 'no_match']

/** What is worth knowing about an answer, in the server's words on hover. */
export function LogNotes({ notes }: { notes: readonly LogNote[] }) {
  const t = useTranslations('logs.note')
  return notes
    .filter(({ code }) => !SILENT.includes(code))
    .map(({ code, message }) => (
      <Tag key={code} tone="plain" title={message}>
        {t(code as 'sampled')}
      </Tag>
    ))
}
