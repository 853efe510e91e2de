'use client'
import { traceFacetsAnswer } from '@skein/schemas/api/trace-attributes'
import { useMemo } from 'react'
import type { TraceSummary } from '@skein/schemas/api/traces'
import { useAnswer } from '../api/use-answer.ts'
import { liveIntervalMs, useScope, useView } from '../url/view-state.ts'
import { type Facets, facetsOf, withCounted } from './facets.ts'
import { queryOf, type TracesState } from './url.ts'

/** All matching traces are counted no oftener than this. */
const LEAST_INTERVAL_MS = 15_000

/** What the traces of a search hold: of the loaded ones where these are all, else as the server counts all that match; nothing is asked for what nobody sees. */
export function useFacets(traces: readonly TraceSummary[], { more, shown }: { more: boolean; shown: boolean }, state: TracesState): Facets {
  const { view } = useView()
  const scope = useScope()
  const live = liveIntervalMs(view)
  const counted = useAnswer('/api/traces/facets', traceFacetsAnswer, {
    query: { ...scope, ...queryOf(state) },
    intervalMs: live === null ? null : Math.max(live, LEAST_INTERVAL_MS),
    enabled: more && shown,
  })
  return useMemo(() => {
    const loaded = facetsOf(traces)
    return more && counted.data !== undefined ? withCounted(loaded, counted.data) : loaded
  }, [traces, more, counted.data])
}
