'use client'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { Button } from '../ui/button.tsx'
import { SearchBox } from '../ui/search-box.tsx'
import type { SpanRow } from './span-row.ts'

export interface TraceFindProps {
  rows: readonly SpanRow[]
  /** Keys of what is sought, null when nothing is. */
  found: ReadonlySet<string> | null
  text: string
  selected: string
  /** Only what is sought is shown. */
  only: boolean
  onText: (text: string) => void
  onOnly: (only: boolean) => void
  onFound: (key: string) => void
}

/** Finds spans by their words or fields; Enter goes to the next, Shift+Enter to the one before. */
export function TraceFind({ rows, found, text, selected, only, onText, onOnly, onFound }: TraceFindProps) {
  const t = useTranslations('trace')
  const keys = useMemo(() => (found === null ? [] : rows.filter((row) => found.has(row.key)).map((row) => row.key)), [rows, found])
  const at = keys.indexOf(selected)
  const go = (step: number) => {
    const key = at < 0 ? keys[0] : keys[(at + step + keys.length) % keys.length]
    if (key !== undefined) onFound(key)
  }
  return (
    <div
      className="flex min-w-0 grow basis-24 items-center justify-end gap-2"
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return
        go(event.shiftKey ? -1 : 1)
        event.preventDefault()
      }}
    >
      {text.trim() !== '' && (
        <>
          <span role="status" className="whitespace-nowrap text-t3">
            {at < 0 ? t('found', { count: keys.length }) : t('foundAt', { at: at + 1, count: keys.length })}
          </span>
          <Button small aria-pressed={only} onClick={() => onOnly(!only)}>
            {t('onlyMatches')}
          </Button>
        </>
      )}
      <SearchBox label={t('find')} value={text} onChange={onText} className="w-full max-w-52" />
    </div>
  )
}
