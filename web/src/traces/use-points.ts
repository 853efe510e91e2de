'use client'
import { MAX_TRACE_POINTS, tracePointsAnswer } from '@skein/schemas/api/traces'
import { useAnswer } from '../api/use-answer.ts'
import { liveIntervalMs, useScope, useView } from '../url/view-state.ts'
import { queryOf, type TracesState } from './url.ts'

/** A picture of a whole window changes slowly, and is asked for no oftener than this. */
const LEAST_INTERVAL_MS = 15_000

/** The traces of a search as dots: all of them, or an even sample. */
export function usePoints(state: TracesState) {
  const { view } = useView()
  const scope = useScope()
  const live = liveIntervalMs(view)
  return useAnswer('/api/traces/points', tracePointsAnswer, {
    query: { ...scope, limit: MAX_TRACE_POINTS, ...queryOf(state) },
    intervalMs: live === null ? null : Math.max(live, LEAST_INTERVAL_MS),
  })
}
