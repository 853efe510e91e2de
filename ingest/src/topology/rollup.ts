import { type Accumulator, accumulatorBytes, addCount, addDuration, cellOf, clearAccumulator, createAccumulator } from './accumulator.ts'
import { addTriple, clearTriples, createTriples, type Triples } from './triples.ts'
import { addSeenCall, addTransit, createExemplarTable, type ExemplarTable, exemplarTableBytes, resetExemplars, type SeenCall } from './exemplar-table.ts'

/** The deltas since `take`: nothing is added while `emitting` is false. */
export interface Rollup {
  emitting: boolean
  edges: Accumulator
  /** The cell of an edge that was asked for last, edge −1 = none: a call asks for its own three times. */
  last: { edge: number; minute: number; cell: number }
  /** Parts are `endPart`. */
  ends: Accumulator
  /** (cell of an edge, two halves of a viewer's hash), for each call anew. */
  viewers: Triples
  exemplars: ExemplarTable
  red: Accumulator
  instances: Accumulator
  notes: Accumulator
}

/** Counters of an edge cell; the evidences stand in the order of EVIDENCE. */
export const EdgeCounter = { calls: 0, callsSeen: 1, errors: 2, evidence: 3 } as const
const EVIDENCES = 7
/** Exemplars that take more are not kept for the next deltas. */
const KEPT_BYTES = 1 << 20
/** Histograms of an edge cell. */
export const EdgeHistogram = { client: 0, server: 1, network: 2, queueWait: 3 } as const
export const EDGE_HISTOGRAMS = 4
/** Which side of an edge an instance stands on. */
export const End = { source: 0, target: 1 } as const
/** An end's durations are kept at this much lower a scale: 8 buckets in one, ±9 %. */
const END_SCALE_SHIFT = 3
/** Counters of RED, instance and end cells. */
export const CallCounter = { calls: 0, errors: 1 } as const

export function createRollup(): Rollup {
  return {
    emitting: true,
    edges: createAccumulator(EdgeCounter.evidence + EVIDENCES, EDGE_HISTOGRAMS),
    last: { edge: -1, minute: 0, cell: 0 },
    ends: createAccumulator(2, 1),
    viewers: createTriples(),
    exemplars: createExemplarTable(),
    red: createAccumulator(2, 1),
    instances: createAccumulator(2, 1),
    notes: createAccumulator(1, 0),
  }
}

export function edgeCell(rollup: Rollup, edge: number, minute: number): number {
  const { last } = rollup
  if (last.edge === edge && last.minute === minute) return last.cell
  const { cells } = rollup.edges
  const before = cells.size
  const cell = cellOf(rollup.edges, edge, minute)
  if (cells.size > before) resetExemplars(rollup.exemplars, cell)
  last.edge = edge
  last.minute = minute
  last.cell = cell
  return cell
}

/** One call more that stands for `weight` calls, or taken back (below 0), with its one evidence. */
export function countCall(rollup: Rollup, cell: number, weight: number, evidence: number): void {
  addCount(rollup.edges, cell, EdgeCounter.calls, weight)
  addCount(rollup.edges, cell, EdgeCounter.callsSeen, weight > 0 ? 1 : -1)
  addCount(rollup.edges, cell, EdgeCounter.evidence + evidence, weight)
}

/** The part of a cell of `ends`. */
export function endPart(instance: number, end: number): number {
  return instance * 2 + end
}

export function countEndCall(rollup: Rollup, cell: number, weight: number, error: boolean): void {
  addCount(rollup.ends, cell, CallCounter.calls, weight)
  if (error) addCount(rollup.ends, cell, CallCounter.errors, weight)
}

export function measureEnd(rollup: Rollup, cell: number, bucket: number, weight: number): void {
  addDuration(rollup.ends, cell, bucket >> END_SCALE_SHIFT, weight)
}

export function countViewer(rollup: Rollup, call: { edge: number; minute: number }, viewer0: number, viewer1: number): void {
  if (rollup.emitting) addTriple(rollup.viewers, edgeCell(rollup, call.edge, call.minute), viewer0, viewer1)
}

/** `histogram` is one of `edgeHistogram`. */
export function measureEdge(rollup: Rollup, histogram: number, bucket: number, sign: number): void {
  addDuration(rollup.edges, histogram, bucket, sign)
}

export function edgeHistogram(cell: number, which: number): number {
  return cell * EDGE_HISTOGRAMS + which
}

/** While it emits. */
export function seeCall(rollup: Rollup, edge: number, minute: number, call: SeenCall): void {
  addSeenCall(rollup.exemplars, edgeCell(rollup, edge, minute), call)
}

/** While it emits. */
export function seeTransit(rollup: Rollup, edge: number, minute: number, call: SeenCall): void {
  addTransit(rollup.exemplars, edgeCell(rollup, edge, minute), call)
}

/** A call of a service, in `red` or `instances`. */
export function countServed(accumulator: Accumulator, cell: number, served: { bucket: number; error: boolean; weight: number }): void {
  addCount(accumulator, cell, CallCounter.calls, served.weight)
  if (served.error) addCount(accumulator, cell, CallCounter.errors, served.weight)
  addDuration(accumulator, cell, served.bucket, served.weight)
}

export function countNote(rollup: Rollup, note: number, minute: number, count: number): void {
  if (rollup.emitting) addCount(rollup.notes, cellOf(rollup.notes, note, minute), 0, count)
}

export function clearRollup(rollup: Rollup): void {
  for (const accumulator of accumulatorsOf(rollup)) clearAccumulator(accumulator)
  rollup.last.edge = -1
  clearTriples(rollup.viewers)
  if (exemplarTableBytes(rollup.exemplars) > KEPT_BYTES) rollup.exemplars = createExemplarTable()
}

export function rollupBytes(rollup: Rollup): number {
  const others = exemplarTableBytes(rollup.exemplars) + rollup.viewers.words.byteLength
  return accumulatorsOf(rollup).reduce((sum, accumulator) => sum + accumulatorBytes(accumulator), others)
}

function accumulatorsOf(rollup: Rollup): Accumulator[] {
  return [rollup.edges, rollup.ends, rollup.red, rollup.instances, rollup.notes]
}
