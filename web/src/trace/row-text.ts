import type { useTranslations } from 'next-intl'
import type { Format } from '../format/format.ts'
import { nsText } from './span-duration.ts'
import type { SpanRow } from './span-row.ts'
import type { RowPath } from './trace-path.ts'

type Translate = ReturnType<typeof useTranslations<'trace'>>

/** What stands at a bar: how long it took, and what of that was no work. */
export function barLabel(row: SpanRow, t: Translate, format: Format): string {
  const own = nsText(row.durationNs, format)
  if (row.wait === null) return row.late ? `${own} · ${t('late')}` : own
  const waited = nsText(row.wait.beforeNs + row.wait.afterNs, format)
  if (row.wait.kind === 'client') return own
  return `${own} · ${t(row.wait.kind === 'network' ? 'networkTime' : 'queueTime', { time: waited })}`
}

/** A row in words, for who does not see it. */
export function rowLabel(row: SpanRow, path: RowPath | null, words: { t: Translate; format: Format }): string {
  const { t, format } = words
  if (row.span === null) return `${t('missing')} ${row.missingId}`
  const parts = [`${row.span.service} ${row.span.name}`, barLabel(row, t, format)]
  if (row.wait?.kind === 'client') parts.push(t('clientWait'))
  if (row.span.status.code === 'error') parts.push(t('error'))
  if (path !== null) parts.push(path.ownNs > 0 ? t('onPath', { time: nsText(path.ownNs, format) }) : t('throughPath'))
  return parts.join(', ')
}
