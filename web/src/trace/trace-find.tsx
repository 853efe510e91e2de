'use client'
import { useTranslations } from 'next-intl'
import { useDeferredValue, useMemo } from 'react'
import { SearchBox } from '../ui/search-box.tsx'
import { findSpans } from './find-spans.ts'
import type { SpanRow } from './span-tree.ts'

export interface TraceFindProps {
  rows: readonly SpanRow[]
  text: string
  selected: string
  onText: (text: string) => void
  onFound: (key: string) => void
}

/** Finds spans by any of their words; Enter goes to the next, Shift+Enter to the one before. */
export function TraceFind({ rows, text, selected, onText, onFound }: TraceFindProps) {
  const t = useTranslations('trace')
  const sought = useDeferredValue(text)
  const found = useMemo(() => findSpans(rows, sought), [rows, sought])
  const at = found.findIndex((index) => rows[index]?.key === selected)
  const go = (step: number) => {
    // Enter may come before the deferred search has caught up with what was typed
    const all = sought === text ? found : findSpans(rows, text)
    const from = all.findIndex((index) => rows[index]?.key === selected)
    const next = from < 0 ? all[0] : all[(from + step + all.length) % all.length]
    const key = next === undefined ? undefined : rows[next]?.key
    if (key !== undefined) onFound(key)
  }
  return (
    <div
      className="flex items-center gap-2"
      onKeyDown={(event) => {
        if (event.key !== 'Enter') return
        go(event.shiftKey ? -1 : 1)
        event.preventDefault()
      }}
    >
      {text !== '' && (
        <span role="status" className="whitespace-nowrap text-t3">
          {at < 0 ? t('found', { count: found.length }) : t('foundAt', { at: at + 1, count: found.length })}
        </span>
      )}
      <SearchBox label={t('find')} value={text} onChange={onText} className="w-52" />
    </div>
  )
}
