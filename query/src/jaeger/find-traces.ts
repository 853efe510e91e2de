import type { TraceRow } from '@skein/store/contract-traces'
import type { RouteDeps } from '../app-types.ts'
import { conditionsOf } from './conditions.ts'
import type { JaegerSearch } from './parameters.ts'
import type { WantedTrace } from './read-traces.ts'

/** What Jaeger's own interface lets people ask for. */
const MAX_TRACES = 1500

/** The traces that a search finds, the newest first. */
export async function findTraces({ store }: RouteDeps, tenant: string, search: JaegerSearch): Promise<TraceRow[]> {
  const conditions = conditionsOf(search)
  if (conditions === null || search.startMs >= search.endMs) return []
  const limit = Math.min(search.limit, MAX_TRACES)
  return store.traces.search({ tenant, startMs: search.startMs, endMs: search.endMs, ...conditions, sort: 'newest', limit })
}

/** Those of the ids when there are any, else those that are found. */
export async function wantedTraces(deps: RouteDeps, tenant: string, search: JaegerSearch): Promise<WantedTrace[]> {
  if (search.traceIds.length > 0) return [...new Set(search.traceIds)].slice(0, MAX_TRACES).map((traceId) => ({ traceId, aroundMs: undefined }))
  const rows = await findTraces(deps, tenant, search)
  return rows.map(({ traceId, startNs }) => ({ traceId, aroundMs: Number(BigInt(startNs) / 1_000_000n) }))
}
