import { type Accumulator, accumulatorBytes, addCount, addDuration, cellOf, clearAccumulator, createAccumulator } from './accumulator.ts'
import { addSeenCall, createExemplarTable, type ExemplarTable, exemplarTableBytes, resetExemplars, type SeenCall } from './exemplar-table.ts'

/** The deltas since `take`: nothing is added while `emitting` is false. */
export interface Rollup {
  emitting: boolean
  edges: Accumulator
  exemplars: ExemplarTable
  red: Accumulator
  instances: Accumulator
  notes: Accumulator
}

/** Counters of an edge cell; the evidences stand in the order of EVIDENCE. */
export const EdgeCounter = { calls: 0, errors: 1, evidence: 2 } as const
const EVIDENCES = 7
/** Exemplars that take more are not kept for the next deltas. */
const KEPT_BYTES = 1 << 20
/** Histograms of an edge cell. */
export const EdgeHistogram = { client: 0, server: 1, network: 2, queueWait: 3 } as const
export const EDGE_HISTOGRAMS = 4
/** Counters of RED and instance cells. */
export const CallCounter = { calls: 0, errors: 1 } as const

export function createRollup(): Rollup {
  return {
    emitting: true,
    edges: createAccumulator(EdgeCounter.evidence + EVIDENCES, EDGE_HISTOGRAMS),
    exemplars: createExemplarTable(),
    red: createAccumulator(2, 1),
    instances: createAccumulator(2, 1),
    notes: createAccumulator(1, 0),
  }
}

export function edgeCell(rollup: Rollup, edge: number, minute: number): number {
  const { cells } = rollup.edges
  const before = cells.size
  const cell = cellOf(rollup.edges, edge, minute)
  if (cells.size > before) resetExemplars(rollup.exemplars, cell)
  return cell
}

/** One call more (`sign` 1) or taken back (−1), with its one evidence. */
export function countCall(rollup: Rollup, cell: number, sign: number, evidence: number): void {
  addCount(rollup.edges, cell, EdgeCounter.calls, sign)
  addCount(rollup.edges, cell, EdgeCounter.evidence + evidence, sign)
}

/** `histogram` is one of `edgeHistogram`. */
export function measureEdge(rollup: Rollup, histogram: number, bucket: number, sign: number): void {
  addDuration(rollup.edges, histogram, bucket, sign)
}

export function edgeHistogram(cell: number, which: number): number {
  return cell * EDGE_HISTOGRAMS + which
}

export function seeCall(rollup: Rollup, edge: number, minute: number, call: SeenCall): void {
  if (rollup.emitting) addSeenCall(rollup.exemplars, edgeCell(rollup, edge, minute), call)
}

/** A call of a service, in `red` or `instances`. */
export function countServed(accumulator: Accumulator, cell: number, bucket: number, error: boolean): void {
  addCount(accumulator, cell, CallCounter.calls, 1)
  if (error) addCount(accumulator, cell, CallCounter.errors, 1)
  addDuration(accumulator, cell, bucket, 1)
}

export function countNote(rollup: Rollup, note: number, minute: number, count: number): void {
  if (rollup.emitting) addCount(rollup.notes, cellOf(rollup.notes, note, minute), 0, count)
}

export function clearRollup(rollup: Rollup): void {
  for (const accumulator of [rollup.edges, rollup.red, rollup.instances, rollup.notes]) clearAccumulator(accumulator)
  if (exemplarTableBytes(rollup.exemplars) > KEPT_BYTES) rollup.exemplars = createExemplarTable()
}

export function rollupBytes(rollup: Rollup): number {
  const accumulators = [rollup.edges, rollup.red, rollup.instances, rollup.notes]
  return accumulators.reduce((sum, accumulator) => sum + accumulatorBytes(accumulator), exemplarTableBytes(rollup.exemplars))
}
