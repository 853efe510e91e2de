import { type Accumulator, accumulatorBytes, addCount, addDuration, cellOf, clearAccumulator, createAccumulator } from '../topology/accumulator.ts'
import { createTupleIndex, idAhead, tupleBytes, tupleId, type TupleIndex, clearTuples, isKept } from '../topology/tuple-index.ts'

/** Signed sums since they were last taken, by what, entry, release, latency band, item and minute, each with the slowest that was seen. */
export interface PathRollup {
  /** (entry place, minute, 0): few, and all cells of a trace share one. */
  starts: TupleIndex
  /** Cells of (start, item, band and what). */
  cells: Accumulator
  /** Cell → own time of the exemplar (−1 = none), duration of its trace, then four words of the trace id, two of the span id, error. */
  slowestNs: Float64Array
  traceNs: Float64Array
  words: Int32Array
  /** What was read ahead, so that the engine does not leave the reads out. */
  readAhead: number
}

/** Counters of a cell. */
export const PathCounter = { traces: 0, count: 1, timeNs: 2, errors: 3, retries: 4, savingNs: 5 } as const
/**
 * Behind the counters of a cell, in the same line of the cache: the first bucket of its histogram + 2 (0 = none) and its count. Most cells
 * have no other; those of the others are in the histogram table.
 */
export const FIRST_BUCKET = 6
export const FIRST_COUNT = 7
const COUNTERS = 8
export const EXEMPLAR_WORDS = 7

export function createPathRollup(): PathRollup {
  return {
    ...{ starts: createTupleIndex(), cells: createAccumulator(COUNTERS, 1) },
    ...{ slowestNs: new Float64Array(64), traceNs: new Float64Array(64), words: new Int32Array(64 * EXEMPLAR_WORDS), readAhead: 0 },
  }
}

/** Bands are at least −1: room below for it, and `what` in the lowest bits. */
export function packBand(band: number, what: number): number {
  return ((band + 1) << 3) | what
}

export function bandOf(packed: number): number {
  return (packed >> 3) - 1
}

export function whatOf(packed: number): number {
  return packed & 7
}

/** Of an entry and a minute; cells of a trace share it. */
export function startOf(rollup: PathRollup, entry: number, minute: number): number {
  return tupleId(rollup.starts, entry, minute, 0)
}

/** Reads the cells of the first `size` items ahead: one after the other each would be waited for. */
export function readCellsAhead(rollup: PathRollup, key: { start: number; packed: number }, items: Int32Array, size: number): void {
  const { cells, counters, width } = rollup.cells
  let read = 0
  for (let i = 0; i < size; i++) {
    const cell = idAhead(cells, key.start, items[i]!, key.packed)
    if (cell >= 0) read += cells.keys[cell * 3]! + counters[cell * width]!
  }
  rollup.readAhead = read
}

export function pathCell(rollup: PathRollup, key: { start: number; item: number; packed: number }): number {
  const { cells } = rollup
  const before = cells.cells.size
  const cell = cellOf(cells, key.start, key.item, key.packed)
  if (cell < before) return cell
  if (cell >= rollup.slowestNs.length) grow(rollup)
  rollup.slowestNs[cell] = -1
  return cell
}

export function addPath(rollup: PathRollup, cell: number, counter: number, amount: number): void {
  addCount(rollup.cells, cell, counter, amount)
}

export function measurePath(rollup: PathRollup, cell: number, bucket: number, sign: number): void {
  const { counters, width } = rollup.cells
  const at = cell * width
  const first = counters[at + FIRST_BUCKET]!
  if (first !== 0 && first !== bucket + 2) return addDuration(rollup.cells, cell, bucket, sign)
  counters[at + FIRST_BUCKET] = bucket + 2
  counters[at + FIRST_COUNT] = counters[at + FIRST_COUNT]! + sign
}

export function clearPathRollup(rollup: PathRollup): void {
  const kept = isKept(rollup.slowestNs.length, rollup.cells.cells.size)
  clearTuples(rollup.starts)
  clearAccumulator(rollup.cells)
  if (!kept) Object.assign(rollup, createPathRollup())
}

export function pathRollupBytes(rollup: PathRollup): number {
  return tupleBytes(rollup.starts) + accumulatorBytes(rollup.cells) + rollup.slowestNs.byteLength * 2 + rollup.words.byteLength
}

/** A cell's share of all columns and hash tables. */
const CELL_BYTES = 160

/** Bytes of what is counted, roughly; 0 for nothing. */
export function usedBytes({ cells }: PathRollup): number {
  return cells.cells.size * CELL_BYTES
}

function grow(rollup: PathRollup): void {
  const cells = rollup.slowestNs.length * 2
  const slowestNs = new Float64Array(cells)
  slowestNs.set(rollup.slowestNs)
  const traceNs = new Float64Array(cells)
  traceNs.set(rollup.traceNs)
  const words = new Int32Array(cells * EXEMPLAR_WORDS)
  words.set(rollup.words)
  Object.assign(rollup, { slowestNs, traceNs, words })
}
