import type { TraceFacetsAnswer } from '@skein/schemas/api/trace-attributes'
import type { TraceSummary } from '@skein/schemas/api/traces'

export interface FacetValue {
  value: string
  count: number
}

export interface Facets {
  services: FacetValue[]
  entries: (FacetValue & { service: string; operation: string })[]
  failed: number
  /** Traces that services and errors were counted in; of how many that match, when that is a sample of them. */
  of: number
  total: number | null
  /** Traces that entries were counted in: those loaded. */
  loaded: number
}

const MOST = 12

/** What the loaded traces hold, the most frequent first. */
export function facetsOf(traces: readonly TraceSummary[]): Facets {
  const services = new Map<string, number>()
  const entries = new Map<string, Facets['entries'][number]>()
  for (const { entry, services: of } of traces) {
    for (const service of of) services.set(service, (services.get(service) ?? 0) + 1)
    if (entry === null) continue
    const value = `${entry.service} ${entry.operation}`
    const known = entries.get(value) ?? { value, count: 0, service: entry.service, operation: entry.operation }
    entries.set(value, { ...known, count: known.count + 1 })
  }
  const byCount = (a: FacetValue, b: FacetValue): number => b.count - a.count || (a.value < b.value ? -1 : 1)
  return {
    services: [...services]
      .map(([value, count]) => ({ value, count }))
      .sort(byCount)
      .slice(0, MOST),
    entries: [...entries.values()].sort(byCount).slice(0, MOST),
    failed: traces.filter(({ errors }) => errors > 0).length,
    of: traces.length,
    total: null,
    loaded: traces.length,
  }
}

/** The same with services and errors of all traces that match, as the server counts them; entries are of the loaded ones. */
export function withCounted(facets: Facets, { traces, total, services, statuses }: TraceFacetsAnswer): Facets {
  return {
    ...facets,
    services: services.slice(0, MOST).map(({ value, traces: count }) => ({ value, count })),
    failed: statuses.find(({ value }) => value === 'error')?.traces ?? 0,
    of: traces,
    total,
  }
}
