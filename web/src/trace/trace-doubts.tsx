'use client'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import type { TraceReading } from './reader-client.ts'

/** What of the trace is not on screen, came twice, or does not fit together; each leads to the first such span. */
export function Doubts({ reading, onSelect }: { reading: TraceReading; onSelect: (key: string) => void }) {
  const t = useTranslations('trace')
  const format = useFormat()
  const { truncated, model } = reading
  if (!truncated && model.duplicates === 0 && model.doubts.length === 0) return null
  return (
    <p role="status" className="flex flex-none flex-wrap gap-x-3 border-b border-line bg-degraded-bg px-3 py-1.5 text-t2">
      {truncated && <span>{t('truncated', { count: format.integer(model.spanCount) })}</span>}
      {model.duplicates > 0 && <span>{t('duplicates', { count: model.duplicates })}</span>}
      {model.doubts.map(({ kind, count, key }) => (
        <button key={kind} type="button" title={t(`doubt.${kind}Hint`)} onClick={() => onSelect(key)} className="text-left hover:underline">
          {t(`doubt.${kind}`, { count })}
        </button>
      ))}
    </p>
  )
}
