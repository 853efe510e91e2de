'use client'
import { logContextAnswer, logFieldsAnswer, logHistogramAnswer, type LogsAnswer, logsAnswer, logValuesAnswer } from '@skein/schemas/api/logs'
import type { Query } from '../api/client.ts'
import { useAnswer } from '../api/use-answer.ts'
import { type Pages, usePages } from '../api/use-pages.ts'
import { liveIntervalMs, useScope, useView } from '../url/view-state.ts'
import { readLogQuery } from './url.ts'

const PAGE_SIZE = 200
const PATH = '/api/logs'
/** Counts over a whole window cost more than a page of lines, and are asked for no oftener than this. */
const LEAST_COUNT_MS = 10_000

/** Which lines: those of a search, perhaps of one trace or span, in the window of the page or in one of their own. */
export interface LogConditions {
  q: string
  traceId?: string | undefined
  spanId?: string | undefined
  /** Instead of the window and place of the page. */
  window?: { start: string; end: string } | undefined
}

/** As parameters of everything under `/api/logs`; null while the search cannot be read. */
function useConditions({ q, traceId, spanId, window }: LogConditions): Query | null {
  const scope = useScope()
  if (!readLogQuery(q).ok) return null
  return { ...(window ?? scope), q: q.trim(), traceId, spanId }
}

function useCountInterval(): number | null {
  const { view } = useView()
  const live = liveIntervalMs(view)
  return live === null ? null : Math.max(live, LEAST_COUNT_MS)
}

/** Lines page by page. */
export function useLogs(conditions: LogConditions, order: 'desc' | 'asc' = 'desc'): Pages<LogsAnswer> {
  const { view } = useView()
  const known = useConditions(conditions)
  const intervalMs = conditions.window === undefined && order === 'desc' ? liveIntervalMs(view) : null
  return usePages(PATH, logsAnswer, { query: { ...known, limit: PAGE_SIZE, order }, intervalMs, enabled: known !== null })
}

export function useLogHistogram(conditions: LogConditions) {
  const known = useConditions(conditions)
  return useAnswer('/api/logs/histogram', logHistogramAnswer, { query: known ?? {}, enabled: known !== null, intervalMs: useCountInterval() })
}

/** Names of fields that begin so, seen in the window. */
export function useLogFields(prefix: string, enabled: boolean) {
  const scope = useScope()
  return useAnswer('/api/logs/fields', logFieldsAnswer, { query: { ...scope, prefix }, intervalMs: null, enabled })
}

export function useLogValues(field: string, prefix: string) {
  const scope = useScope()
  return useAnswer('/api/logs/values', logValuesAnswer, { query: { ...scope, field, prefix }, intervalMs: null, enabled: field !== '' })
}

/** The lines around one line, of the same file or resource. */
export function useLogContext(id: string, around: number) {
  return useAnswer(`/api/logs/${encodeURIComponent(id)}/context`, logContextAnswer, {
    query: { before: around, after: around },
    intervalMs: null,
    enabled: id !== '',
  })
}
