import fc from 'fast-check'
import type { EdgeRow, TakenRows } from './rows-for-tests.ts'
import type { ReferenceSpan, Sums } from './reference-for-tests.ts'
import { MINUTE_MS, START_MS, type TestSpan } from './spans-for-tests.ts'

export const WINDOW_MS = 5 * MINUTE_MS
export const RUNS = 400

type Attributes = Record<string, string | number | boolean>
type Named = Pick<ReferenceSpan, 'kind' | 'role' | 'operation' | 'peer' | 'edgeKind'> & { attributes: Attributes; fails?: boolean }

const plain = { role: 'other', operation: '', peer: '' } as const
const client = { kind: 3, role: 'client', operation: '' } as const
const kafka = { 'messaging.system': 'kafka', 'messaging.destination.name': 'plays' }
const message = { peer: 'queue/kafka/plays' }
const sent = { ...message, role: 'producer', edgeKind: 'publish' } as const
const taken = { ...message, role: 'consumer', edgeKind: 'consume' } as const

/** What a span may be, with what its attributes mean. */
const PROFILES: readonly Named[] = [
  { ...plain, kind: 1, edgeKind: 'call', attributes: {} },
  { ...plain, kind: 2, edgeKind: 'http', attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200 } },
  { ...plain, kind: 2, edgeKind: 'http', attributes: { 'http.status_code': 503 }, fails: true },
  { ...plain, kind: 2, edgeKind: 'rpc', attributes: { 'rpc.system': 'grpc', 'rpc.grpc.status_code': 14 }, fails: true },
  { ...plain, kind: 2, edgeKind: 'call', attributes: {} },
  { ...client, edgeKind: 'http', peer: 'external/api.example.com', attributes: { 'url.full': 'https://me@API.example.com:8443/x?y' } },
  { ...client, edgeKind: 'rpc', peer: 'external/Billing', attributes: { 'rpc.system.name': 'grpc', 'peer.service': 'Billing', 'server.address': 'x' } },
  { ...client, edgeKind: 'call', peer: '', attributes: {} },
  { ...client, edgeKind: 'db', peer: 'database/postgresql/tv', attributes: { 'db.system.name': 'postgresql', 'db.namespace': 'tv' } },
  { ...client, edgeKind: 'cache', peer: 'cache/redis', attributes: { 'db.system': 'redis', 'server.address': '10.1.2.3' } },
  { ...client, ...sent, attributes: { ...kafka, 'messaging.operation.type': 'send' } },
  { ...client, ...taken, operation: 'receive', attributes: { ...kafka, 'messaging.operation.type': 'receive' } },
  { ...sent, kind: 4, operation: '', attributes: kafka },
  { ...sent, kind: 4, operation: 'create', attributes: { ...kafka, 'messaging.operation.type': 'create' } },
  {
    ...sent,
    kind: 4,
    operation: '',
    peer: 'queue/rabbitmq/(temporary)',
    attributes: { 'messaging.system': 'rabbitmq', 'messaging.destination.temporary': true },
  },
  { ...taken, kind: 5, operation: '', attributes: { ...kafka, 'messaging.operation.type': 'process' } },
  { ...taken, kind: 5, operation: 'receive', attributes: { ...kafka, 'messaging.operation': 'receive' } },
  { ...taken, kind: 5, operation: '', peer: '', attributes: {} },
]

export interface Drawn {
  profile: number
  service: number
  /** Position of the parent in the trace: itself and later ones too; beyond the trace = unknown, −1 = root. */
  parent: number
  status: number
  startMs: number
  durationMs: number
  links: [trace: number, span: number][]
  /** Where in the window it and its repeats arrive. */
  arrivals: number[]
}

const MAX_SPANS = 7
const drawnSpan: fc.Arbitrary<Drawn> = fc.record({
  profile: fc.nat(PROFILES.length - 1),
  service: fc.nat(2),
  parent: fc.integer({ min: -1, max: MAX_SPANS }),
  status: fc.constantFrom(0, 0, 0, 2),
  startMs: fc.constantFrom(0, 1, 2, 5, 59_999, 60_000, 61_000),
  durationMs: fc.constantFrom(0, 1, 3, 4.5, 10, 5000),
  links: fc.array(fc.tuple(fc.nat(3), fc.nat(MAX_SPANS)), { maxLength: 2 }),
  arrivals: fc.array(fc.nat(999), { minLength: 1, maxLength: 3 }),
})
export const drawnTraces = fc.array(fc.array(drawnSpan, { minLength: 1, maxLength: MAX_SPANS }), { minLength: 1, maxLength: 4 })

export interface Arrival {
  logTimeMs: number
  span: TestSpan
}

function idOf(trace: number, span: number): string {
  return `${trace + 1}0${span + 1}`
}

function traceIdOf(trace: number): string {
  return `${trace + 1}`
}

function partitionOf(trace: number): number {
  return trace % 2
}

export function referenceOf(traces: Drawn[][]): ReferenceSpan[] {
  return traces.flatMap((spans, trace) =>
    spans.map((drawn, i) => {
      const { attributes: _, fails = false, ...named } = PROFILES[drawn.profile]!
      return {
        ...named,
        partition: partitionOf(trace),
        trace: traceIdOf(trace),
        id: idOf(trace, i),
        parent: drawn.parent < 0 ? undefined : idOf(trace, drawn.parent),
        name: `op${drawn.profile}`,
        service: `s${drawn.service}`,
        error: fails || drawn.status === 2,
        startMs: START_MS + drawn.startMs,
        durationMs: drawn.durationMs,
        links: drawn.links.map(([to, span]) => ({ trace: traceIdOf(to), id: idOf(to, span) })),
      }
    }),
  )
}

/** The log: every arrival of every span in its partition, with copies of linked ones where their targets are. */
export function logOf(traces: Drawn[][], arrivedAtMs: (trace: number, arrival: number) => number): Arrival[] {
  const log = traces.flatMap((spans, trace) =>
    spans.flatMap((drawn, i) => {
      const { attributes } = PROFILES[drawn.profile]!
      const span: TestSpan = {
        trace: traceIdOf(trace),
        id: idOf(trace, i),
        ...(drawn.parent < 0 ? {} : { parent: idOf(trace, drawn.parent) }),
        name: `op${drawn.profile}`,
        kind: PROFILES[drawn.profile]!.kind,
        status: drawn.status,
        startMs: START_MS + drawn.startMs,
        durationMs: drawn.durationMs,
        attributes,
        links: drawn.links.map(([to, target]) => ({ trace: traceIdOf(to), id: idOf(to, target) })),
        resource: { service: `s${drawn.service}` },
      }
      const home = partitionOf(trace)
      const copies = new Set(drawn.links.filter(([to]) => to < traces.length && partitionOf(to) !== home).map(([to]) => partitionOf(to)))
      return drawn.arrivals.flatMap((arrival) => {
        const logTimeMs = arrivedAtMs(trace, arrival)
        const at = (partition: number, linkedCopy: boolean): Arrival => ({ logTimeMs, span: { ...span, envelope: { partition, linkedCopy, logTimeMs } } })
        return arrival % 2 === 0
          ? [at(home, false), ...[...copies].map((partition) => at(partition, true))]
          : [...[...copies].map((partition) => at(partition, true)), at(home, false)]
      })
    }),
  )
  return log.toSorted((a, b) => a.logTimeMs - b.logTimeMs)
}

function add(sums: Sums, key: string, count: number): void {
  const sum = (sums.get(key) ?? 0) + count
  if (sum === 0) sums.delete(key)
  else sums.set(key, sum)
}

function edgeName(edge: EdgeRow): string {
  return `edge ${edge.source.kind}/${edge.source.name} ${edge.target.kind}/${edge.target.name} ${edge.kind} ${edge.operation}`
}

const EXACT_NOTES = new Set(['half_edges', 'unnamed_peers', 'skewed_hosts'])

export function sumRows(rows: TakenRows, sums: Sums = new Map()): Sums {
  for (const row of rows.edges) {
    const [name, at] = [edgeName(row), `@${row.minute}`]
    add(sums, `${name} calls ${at}`, row.calls)
    add(sums, `${name} errors ${at}`, row.errors)
    for (const [evidence, count] of Object.entries(row.evidence)) add(sums, `${name} ${evidence} ${at}`, count)
    for (const which of ['client', 'server', 'network', 'queueWait'] as const)
      for (const [bucket, count] of row[which]) add(sums, `${name} ${which} ${bucket} ${at}`, count)
  }
  for (const row of rows.red) {
    const [name, at] = [`red ${row.service.name} ${row.operation} ${row.kind}`, `@${row.minute}`]
    add(sums, `${name} calls ${at}`, row.calls)
    add(sums, `${name} errors ${at}`, row.errors)
    for (const [bucket, count] of row.duration) add(sums, `${name} duration ${bucket} ${at}`, count)
  }
  for (const row of rows.notes) if (EXACT_NOTES.has(row.code)) add(sums, `note ${row.code} ${row.subject} @${row.minute}`, row.count)
  return sums
}

export function sorted(sums: Sums): [string, number][] {
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1))
}

/** What the store keeps by minimum and maximum, and the notes that tell of the way and not of the end. */
export function sumSeen(rows: TakenRows, seen: Map<string, number>): void {
  for (const row of rows.edges) {
    if (row.firstSeenMs > row.lastSeenMs) continue
    const name = `${edgeName(row)} @${row.minute}`
    seen.set(`${name} first`, Math.min(seen.get(`${name} first`) ?? Number.POSITIVE_INFINITY, row.firstSeenMs))
    seen.set(`${name} last`, Math.max(seen.get(`${name} last`) ?? 0, row.lastSeenMs))
  }
  for (const row of rows.exemplars) {
    const name = `slowest ${row.edgeId} @${row.minute}`
    seen.set(name, Math.max(seen.get(name) ?? 0, row.durationNs))
  }
  for (const row of rows.notes) if (!EXACT_NOTES.has(row.code)) add(seen, `note ${row.code} ${row.subject} @${row.minute}`, row.count)
}

/** Of each partition what lies within twice the window of its own log time. */
export function readAgain(log: readonly Arrival[]): Arrival[] {
  const newest = new Map(log.map(({ span, logTimeMs }) => [span.envelope?.partition, logTimeMs]))
  return log.filter(({ span, logTimeMs }) => logTimeMs >= (newest.get(span.envelope?.partition) ?? 0) - 2 * WINDOW_MS)
}
