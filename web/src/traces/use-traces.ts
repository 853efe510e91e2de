'use client'
import { type TracesAnswer, tracesAnswer } from '@skein/schemas/api/traces'
import { type Pages, usePages } from '../api/use-pages.ts'
import { liveIntervalMs, useScope, useView } from '../url/view-state.ts'
import { queryOf, type TracesState } from './url.ts'

const PAGE_SIZE = 200

/** Traces page by page. */
export function useTraces(state: TracesState): Pages<TracesAnswer> {
  const { view } = useView()
  const scope = useScope()
  return usePages('/api/traces', tracesAnswer, {
    query: { ...scope, limit: PAGE_SIZE, sort: state.sort, ...queryOf(state) },
    intervalMs: liveIntervalMs(view),
  })
}
