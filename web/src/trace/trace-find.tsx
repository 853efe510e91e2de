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
    const next = found[(at + step + found.length) % found.length] ?? found[0]
    const key = next === undefined ? undefined : rows[next]?.key
    if (key !== undefined) onFound(key)
  }
  return (
    <div
      className="flex items-center gap-2"
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || found.length === 0) return
        go(event.shiftKey && at >= 0 ? -1 : 1)
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
