import type { Cohort, ScenarioNote } from '@skein/schemas/api/scenarios'
import type { RunRow } from '@skein/store/contract-scenarios'
import type { SpanRow } from '@skein/store/contract-traces'
import type { Store } from '@skein/store/contract'
import { decodeResource } from '../otlp/attributes.ts'
import type { Asked } from './question.ts'

const MAX_SPANS = 1000
const MAX_COHORTS = 12
/** A value that fewer runs have tells nothing. */
const MIN_RUNS = 3
const MAX_VALUE_CHARS = 100
/** Of each run itself, so that no two runs have the same. */
const OWN = /^(session\.id|user\.id|enduser\.id|thread\.id|.*\.(port|pid|id|timestamp)|url\.|http\.(url|target)|process\.|telemetry\.)/

interface DescribedRun {
  run: RunRow
  /** JSON of key and value of what the record that started it says. */
  facets: ReadonlySet<string>
}

/** What lost and failed runs have more often than the others: attributes and resource of the record that started each. */
export async function cohortsOf(store: Store, asked: Asked, sample: readonly RunRow[]): Promise<{ cohorts: Cohort[]; notes: ScenarioNote[] }> {
  const runs = sample.filter(({ outcome }) => outcome !== 'open')
  if (!runs.some(isLost)) return { cohorts: [], notes: [] }
  const described = await describeRuns(store, asked, runs)
  const note: ScenarioNote = {
    code: 'sampled_cohorts',
    message: `Cohorts are of the newest ${described.length} runs, some of each outcome`,
    count: described.length,
  }
  return { cohorts: ranked(described), notes: [note] }
}

export async function describeRuns(store: Store, asked: Asked, runs: readonly RunRow[]): Promise<DescribedRun[]> {
  const starts = runs.flatMap((run) => startOf(run) ?? [])
  const traceIds = [...new Set(starts.map(({ traceId }) => traceId))]
  const spanIds = [...new Set(starts.map(({ spanId }) => spanId))]
  const found = await store.scenarios.spans(asked, { traceIds, spanIds, limit: MAX_SPANS })
  const spans = new Map([...found].flatMap(([traceId, rows]) => rows.map((row) => [traceId + row.spanId, row] as const)))
  const resources = await store.traces.resources(asked.tenant, [...new Set([...spans.values()].map((span) => span.resource))])
  return runs.flatMap((run) => {
    const start = startOf(run)
    const span = start === null ? undefined : spans.get(start.traceId + start.spanId)
    return span === undefined ? [] : [{ run, facets: facetsOf(span, resources.get(span.resource)) }]
  })
}

const isLost = (run: RunRow): boolean => run.outcome === 'lost' || run.outcome === 'failed'

function startOf(run: RunRow) {
  const first = run.steps[0]
  return first?.reached ?? first?.erred ?? null
}

function facetsOf(span: SpanRow, resource: Uint8Array | undefined): Set<string> {
  const own = span.attributes.map(([key, value]) => [key, value] as const)
  const shared = resource === undefined ? [] : Object.entries(decodeResource(resource))
  return new Set(
    [...own, ...shared].flatMap(([key, value]) => {
      if (OWN.test(key) || typeof value === 'object') return []
      const text = String(value)
      return text.length > MAX_VALUE_CHARS ? [] : [JSON.stringify([key, text])]
    }),
  )
}

function ranked(described: readonly DescribedRun[]): Cohort[] {
  const counts = new Map<string, { runs: number; lost: number }>()
  for (const { run, facets } of described) {
    for (const facet of facets) {
      const count = counts.get(facet) ?? { runs: 0, lost: 0 }
      counts.set(facet, count)
      count.runs++
      if (isLost(run)) count.lost++
    }
  }
  const allLost = described.filter(({ run }) => isLost(run)).length
  const others = Math.max(1, described.length - allLost)
  return [...counts]
    .filter(([, { runs }]) => runs >= MIN_RUNS)
    .map(([facet, { runs, lost }]) => {
      const [key, value] = JSON.parse(facet) as [string, string]
      return { key, value, runs, successes: runs - lost, conversion: (runs - lost) / runs, lostShare: lost / allLost, otherShare: (runs - lost) / others }
    })
    .filter(({ lostShare, otherShare }) => lostShare > otherShare)
    .sort((a, b) => b.lostShare - b.otherShare - (a.lostShare - a.otherShare) || (a.key < b.key ? -1 : 1))
    .slice(0, MAX_COHORTS)
}
