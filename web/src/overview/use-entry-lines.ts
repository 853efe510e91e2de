'use client'
import { seriesAnswer } from '@skein/schemas/api/services'
import { useMemo } from 'react'
import { answeredAtMs } from '../api/answered-at.ts'
import { useAnswer } from '../api/use-answer.ts'
import { browserNowMs } from '../frame/browser-clock.ts'
import { redSeries } from '../service/red-series.ts'
import { useScope } from '../url/view-state.ts'
import type { EntryFigures } from './findings.ts'

const INTERVAL_MS = 30_000

export interface EntryLines {
  rate: readonly (number | null)[] | null
  errors: readonly (number | null)[] | null
  p95: readonly (number | null)[] | null
}

/** The shape of the entry figures over the window. Rate and errors belong to all entries, so one entry's line stands for them only when it is the only one. */
export function useEntryLines(slowest: EntryFigures['slowest'], only: boolean): EntryLines {
  const { start, end } = useScope()
  const query = { start, end, environment: slowest?.environment, cluster: slowest?.cluster, namespace: slowest?.namespace }
  const series = useAnswer(`/api/services/${encodeURIComponent(slowest?.name ?? '')}/series`, seriesAnswer, {
    query,
    intervalMs: INTERVAL_MS,
    enabled: slowest !== null,
  })
  const nowMs = answeredAtMs(series, browserNowMs())
  return useMemo(() => {
    if (series.data === undefined) return { rate: null, errors: null, p95: null }
    const { rate, errors, p95 } = redSeries(series.data, nowMs)
    return { rate: only ? rate : null, errors: only ? errors : null, p95 }
  }, [series.data, nowMs, only])
}
