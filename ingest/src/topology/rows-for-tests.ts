import type { DeltaRows } from './delta-rows.ts'
import { batchOf, MINUTE_MS, type TestSpan } from './spans-for-tests.ts'
import { createTopology, type Topology } from './topology.ts'

/** Kinds as OTLP numbers them. */
export const [INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER] = [1, 2, 3, 4, 5] as const

export function newTopology(options: { maxSpansPerPartition?: number } = {}): Topology {
  return createTopology({ pairWindowMs: 5 * MINUTE_MS, maxSpansPerPartition: 1000, ...options })
}

/** What is counted when these spans arrive at once. */
export function rowsOf(...spans: TestSpan[]): DeltaRows {
  const topology = newTopology()
  topology.add(batchOf(spans), { emit: true })
  return topology.takeRows()
}

/** Each edge that has anything to count as `source > target kind`, with what is not 0. */
export function edgesOf(rows: DeltaRows): Record<string, Record<string, number>> {
  const edges = rows.edges.map(({ source, target, kind, calls, errors, evidence }) => {
    const counts = Object.entries({ calls, errors, ...evidence }).filter(([, count]) => count !== 0)
    return [`${source.name} > ${target.name} ${kind}`, counts] as const
  })
  return Object.fromEntries(edges.filter(([, counts]) => counts.length > 0).map(([name, counts]) => [name, Object.fromEntries(counts)]))
}

export function notesOf(rows: DeltaRows): Record<string, number> {
  return Object.fromEntries(rows.notes.map(({ code, subject, count }) => [`${code} ${subject}`, count]))
}

/** `source > target` of each edge → how many viewers it had. */
export function viewersOf(rows: DeltaRows): Record<string, number> {
  const names = new Map(rows.edges.map((row) => [row.edgeId, `${row.source.name} > ${row.target.name}`]))
  return Object.fromEntries(
    rows.viewers.filter(({ stepSeconds }) => stepSeconds === 60).map(({ edgeId, viewers }) => [names.get(edgeId) ?? edgeId, viewers.length / 8]),
  )
}

/** An order for rows whose own order says nothing. */
export function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}
