import { type EdgeKind, EVIDENCE, type Evidence, type NodeKey, type NodeKind, type NoteCode } from '@skein/schemas/topology'
import type { Buckets } from './histogram-table.ts'
import { readNative } from './native-for-tests.ts'
import { batchOf, MINUTE_MS, type TestSpan } from './spans-for-tests.ts'
import { createTopology, type Topology } from './topology.ts'

interface Row {
  tenant: string
  /** Minutes since 1970. */
  minute: number
}

export interface EdgeRow extends Row {
  edgeId: string
  kind: EdgeKind
  source: NodeKey
  target: NodeKey
  operation: string
  calls: number
  callsSeen: number
  errors: number
  evidence: Record<Evidence, number>
  client: Buckets
  server: Buckets
  network: Buckets
  queueWait: Buckets
  firstSeenMs: number
  lastSeenMs: number
}

interface ServedRow extends Row {
  service: NodeKey
  calls: number
  errors: number
  duration: Buckets
}

/** What a topology gives out, read back from its blocks. */
export interface TakenRows {
  edges: EdgeRow[]
  red: (ServedRow & { operation: string; kind: number })[]
  instances: (ServedRow & { resource: { instance: string; version: string }; proxy: string; addresses: string[] })[]
  notes: (Row & { code: NoteCode; subject: string; count: number })[]
  exemplars: (Row & {
    edgeId: string
    sourceOperation: string
    traceId: string
    spanId: string
    durationNs: number
    transitNs: number
    error: boolean
    startMs: number
  })[]
  ends: (Row & { edgeId: string; side: 'source' | 'target'; instance: string; calls: number; errors: number; duration: Buckets })[]
  viewers: (Row & { stepSeconds: number; edgeId: string; viewers: string[] })[]
}

type Field = <T>(column: string) => T

export function takeRows(topology: Topology): TakenRows {
  const blocks = new Map(topology.take().blocks.map(({ table, block }) => [table as string, readNative(block)]))
  const read = <T>(table: string, row: (field: Field) => T): (T & Row)[] => {
    const columns = blocks.get(table) ?? {}
    return (columns['tenant'] ?? []).map((tenant, i) => {
      const field: Field = <V>(column: string) => columns[column]![i] as V
      return { tenant: tenant as string, minute: field<number>('minute') / 60, ...row(field) }
    })
  }
  return {
    edges: read('edges', edgeRow),
    red: read('red', (field) => ({ ...served(field), operation: field<string>('operation'), kind: field<number>('kind') })),
    instances: read('instances', (field) => ({
      ...served(field),
      resource: { instance: field<string>('instance'), version: field<string>('version') },
      proxy: field<string>('proxy'),
      addresses: field<string[]>('addresses'),
    })),
    notes: read('notes', (field) => ({ code: field<NoteCode>('code'), subject: field<string>('subject'), count: field<number>('count') })),
    exemplars: read('exemplars', (field) => ({
      edgeId: field<string>('edge_id'),
      sourceOperation: field<string>('source_operation'),
      traceId: field<string>('trace_id'),
      spanId: field<string>('span_id'),
      durationNs: Number.parseInt(field<string>('duration'), 16),
      transitNs: Number.parseInt(field<string>('transit'), 16),
      error: field<number>('error') === 1,
      startMs: field<number>('ts'),
    })),
    ends: read('edge_instances', (field) => ({
      edgeId: field<string>('edge_id'),
      side: field<'source' | 'target'>('side'),
      instance: field<string>('instance'),
      calls: field<number>('calls'),
      errors: field<number>('errors'),
      duration: field<Buckets>('duration'),
    })),
    viewers: read('edge_viewers', (field) => ({ stepSeconds: field<number>('step'), edgeId: field<string>('edge_id'), viewers: field<string[]>('viewers') })),
  }
}

function edgeRow(field: Field): Omit<EdgeRow, keyof Row> {
  const evidence = EVIDENCE.map((name) => [name, field<number>(name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))])
  const nodeOf = (side: string): NodeKey => ({
    environment: field<string>(`${side}_environment`),
    cluster: field<string>(`${side}_cluster`),
    namespace: field<string>(`${side}_namespace`),
    kind: field<NodeKind>(`${side}_kind`),
    name: field<string>(`${side}_name`),
  })
  return {
    edgeId: field<string>('edge_id'),
    kind: field<EdgeKind>('kind'),
    source: nodeOf('source'),
    target: nodeOf('target'),
    operation: field<string>('operation'),
    calls: field<number>('calls'),
    callsSeen: field<number>('calls_seen'),
    errors: field<number>('errors'),
    evidence: Object.fromEntries(evidence) as Record<Evidence, number>,
    client: field<Buckets>('client'),
    server: field<Buckets>('server'),
    network: field<Buckets>('network'),
    queueWait: field<Buckets>('queue_wait'),
    firstSeenMs: field<number>('first_seen'),
    lastSeenMs: field<number>('last_seen'),
  }
}

function served(field: Field): Omit<ServedRow, keyof Row> {
  const place = { environment: field<string>('environment'), cluster: field<string>('cluster'), namespace: field<string>('namespace') }
  const service: NodeKey = { ...place, kind: 'service', name: field<string>('service') }
  return { service, calls: field<number>('calls'), errors: field<number>('errors'), duration: field<Buckets>('duration') }
}

/** Kinds as OTLP numbers them. */
export const [INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER] = [1, 2, 3, 4, 5] as const

export function newTopology(options: { maxSpansPerPartition?: number } = {}): Topology {
  return createTopology({ pairWindowMs: 5 * MINUTE_MS, maxSpansPerPartition: 1000, ...options })
}

/** What is counted when these spans arrive at once. */
export function rowsOf(...spans: TestSpan[]): TakenRows {
  const topology = newTopology()
  topology.add(batchOf(spans), { emit: true })
  return takeRows(topology)
}

/** Each edge that has anything to count as `source > target kind`, with what is not 0. */
export function edgesOf(rows: TakenRows): Record<string, Record<string, number>> {
  const edges = rows.edges.map(({ source, target, kind, calls, errors, evidence }) => {
    const counts = Object.entries({ calls, errors, ...evidence }).filter(([, count]) => count !== 0)
    return [`${source.name} > ${target.name} ${kind}`, counts] as const
  })
  return Object.fromEntries(edges.filter(([, counts]) => counts.length > 0).map(([name, counts]) => [name, Object.fromEntries(counts)]))
}

export function notesOf(rows: TakenRows): Record<string, number> {
  return Object.fromEntries(rows.notes.map(({ code, subject, count }) => [`${code} ${subject}`, count]))
}

/** `source > target` of each edge → how many viewers it had. */
export function viewersOf(rows: TakenRows): Record<string, number> {
  const names = new Map(rows.edges.map((row) => [row.edgeId, `${row.source.name} > ${row.target.name}`]))
  return Object.fromEntries(
    rows.viewers.filter(({ stepSeconds }) => stepSeconds === 60).map(({ edgeId, viewers }) => [names.get(edgeId) ?? edgeId, viewers.length]),
  )
}

/** An order for rows whose own order says nothing. */
export function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}
