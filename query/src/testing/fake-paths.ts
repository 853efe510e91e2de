import { histogramBucket, histogramOf } from '@skein/schemas/histogram'
import { PATH_BAND_SHIFT } from '@skein/schemas/path'
import type { NodeKey, NodeKind } from '@skein/schemas/topology'
import type { PathItemRow, PathQuestions } from '@skein/store/contract-paths'
import type { PathContributor, PathEntry, PathExemplar } from '@skein/store/path-text'

/** Nothing was seen. */
export const NO_PATHS: PathQuestions = {
  entries: async () => [],
  mentions: async () => [],
  times: async () => ({ rows: [], whole: true }),
  traces: async () => [],
  items: async () => [],
  partDurations: async () => [],
  notes: async () => [],
}

export function pathsAway(away: () => Promise<never>): PathQuestions {
  return { entries: away, mentions: away, times: away, traces: away, items: away, partDurations: away, notes: away }
}

const MS = 1e6
const node = (kind: NodeKind, name: string): NodeKey => ({ environment: 'production', cluster: kind === 'service' ? 'north-1' : '', namespace: '', kind, name })
const GATEWAY = node('service', 'api-gateway')
const PLAYBACK = node('service', 'playback')
const DRM = node('service', 'drm')
const START: PathEntry = { environment: 'production', cluster: 'north-1', namespace: '', service: 'api-gateway', operation: 'POST /playback/start' }
const LIST: PathEntry = { ...START, operation: 'GET /epg' }

/** Duration of the whole trace in ms → traces; 4.12.3 opens a connection a call. */
const TRACES: readonly (readonly [ms: number, count: number])[] = [
  [120, 400],
  [200, 900],
  [320, 1800],
  [500, 2600],
  [700, 1500],
  [950, 800],
  [1400, 420],
  [1900, 200],
  [2600, 70],
  [3400, 30],
]

interface Spent {
  of: PathContributor
  /** Its part of a trace of that many ms. */
  ms: (traceMs: number) => number
}

const part = (of: Pick<PathContributor, 'part' | 'node' | 'operation'> & { to?: NodeKey; version?: string }): PathContributor => ({
  part: of.part,
  node: of.node,
  operation: of.operation,
  version: of.version ?? '',
  edge: of.to === undefined ? null : { kind: of.to.kind === 'database' ? 'db' : 'http', other: of.to, inwards: false },
})

const SPENT: readonly Spent[] = [
  { of: part({ part: 'network', node: PLAYBACK, operation: 'POST /license', to: DRM, version: '4.12.3' }), ms: (ms) => ms * 0.6 },
  { of: part({ part: 'clientWait', node: node('service', 'account'), operation: 'SELECT', to: node('database', 'pg-account') }), ms: (ms) => ms * 0.1 },
  { of: part({ part: 'service', node: DRM, operation: 'POST /license' }), ms: () => 24 },
  { of: part({ part: 'service', node: PLAYBACK, operation: 'POST /v2/start', version: '4.12.3' }), ms: (ms) => ms * 0.3 - 46 },
  { of: part({ part: 'service', node: GATEWAY, operation: START.operation }), ms: () => 22 },
]

function exemplar(traceMs: number, ms: number): PathExemplar {
  const id = Math.round(traceMs).toString(16)
  return { selfNs: ms * MS, traceNs: traceMs * MS, traceId: id.padStart(32, 'b'), spanId: id.padStart(16, 'a'), error: false }
}

function bandOf(ms: number): number {
  return histogramBucket(ms * MS) >> PATH_BAND_SHIFT
}

/** An entry whose slow traces wait for one connection, and a fast one. */
export function fakePaths(): PathQuestions {
  const all = TRACES.reduce((sum, [, count]) => sum + count, 0)
  const duration = histogramOf(TRACES.map(([ms, count]) => [histogramBucket(ms * MS), count]))
  const timeNs = TRACES.reduce((sum, [ms, count]) => sum + ms * count * MS, 0)
  const isStart = (entry: PathEntry): boolean => entry.operation === START.operation
  return {
    ...NO_PATHS,
    entries: async () => [
      { entry: START, errors: 12, traces: all, timeNs },
      { entry: LIST, errors: 0, traces: 900, timeNs: 900 * 40 * MS },
    ],
    mentions: async () => SPENT.map(({ of, ms }) => ({ entry: START, contributor: of, timeNs: ms(700) * all * MS })),
    traces: async (_, entries) =>
      entries.map((entry) =>
        isStart(entry)
          ? { entry, release: '7.1.0', traces: all, timeNs, duration }
          : { entry, release: '', traces: 900, timeNs: 900 * 40 * MS, duration: histogramOf([[histogramBucket(40 * MS), 900]]) },
      ),
    items: async (_, entry) => (isStart(entry) ? fakeItems() : []),
    partDurations: async () =>
      SPENT.map(({ of, ms }) => ({ contributor: of, duration: histogramOf(TRACES.map(([traceMs, count]) => [histogramBucket(ms(traceMs) * MS), count])) })),
    notes: async () => [{ code: 'late_corrections', count: 21 }],
  }
}

function fakeItems(): PathItemRow[] {
  const numbers = (traceMs: number, ms: number, traces: number) => ({
    ...{ band: bandOf(traceMs), traces, count: traces, timeNs: ms * traces * MS, errors: 0, retries: 0, savingNs: 0, exemplar: exemplar(traceMs, ms) },
  })
  const steps = [GATEWAY, PLAYBACK, DRM].map((each) => ({ node: each, operation: 'POST' }))
  const sight = { kind: 'n_plus_one' as const, node: node('service', 'account'), version: '', operation: 'SELECT', target: node('database', 'pg-account') }
  return TRACES.flatMap(([traceMs, traces]): PathItemRow[] => [
    ...SPENT.map(({ of, ms }): PathItemRow => ({ what: 'part', ...numbers(traceMs, ms(traceMs), traces), of })),
    { what: 'shape', ...numbers(traceMs, traceMs, traces), of: steps },
    ...(traceMs > 1000
      ? [{ what: 'finding' as const, ...numbers(traceMs, traceMs * 0.1, traces), count: traces * 9, savingNs: traceMs * 0.08 * traces * MS, of: sight }]
      : []),
  ])
}
