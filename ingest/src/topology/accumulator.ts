import { addToHistogram, clearHistograms, createHistogramTable, type HistogramTable, histogramTableBytes } from './histogram-table.ts'
import { clearTuples, createTupleIndex, isKept, tupleBytes, tupleId, type TupleIndex } from './tuple-index.ts'

/** Signed counters and histograms of (id, minute, part) cells since they were last taken. */
export interface Accumulator {
  cells: TupleIndex
  /** `width` counters a cell. */
  width: number
  counters: Float64Array
  /** `histogramsPerCell` histograms a cell, numbered cell × histogramsPerCell + which. */
  histogramsPerCell: number
  histograms: HistogramTable
}

export function createAccumulator(width: number, histogramsPerCell: number): Accumulator {
  return { cells: createTupleIndex(), width, counters: new Float64Array(width * 64), histogramsPerCell, histograms: createHistogramTable() }
}

/** `part` tells cells of one id and minute apart. */
export function cellOf(accumulator: Accumulator, id: number, minute: number, part = 0): number {
  const { cells, width } = accumulator
  const before = cells.size
  const cell = tupleId(cells, id, minute, part)
  if (cell < before) return cell
  const end = (cell + 1) * width
  if (end > accumulator.counters.length) {
    const counters = new Float64Array(accumulator.counters.length * 2)
    counters.set(accumulator.counters)
    accumulator.counters = counters
  }
  accumulator.counters.fill(0, cell * width, end)
  return cell
}

export function addCount(accumulator: Accumulator, cell: number, counter: number, count: number): void {
  const at = cell * accumulator.width + counter
  accumulator.counters[at] = accumulator.counters[at]! + count
}

export function addDuration(accumulator: Accumulator, histogram: number, bucket: number, count: number): void {
  addToHistogram(accumulator.histograms, histogram, bucket, count)
}

export function clearAccumulator(accumulator: Accumulator): void {
  if (!isKept(accumulator.counters.length / accumulator.width, accumulator.cells.size)) accumulator.counters = new Float64Array(accumulator.width * 64)
  clearTuples(accumulator.cells)
  clearHistograms(accumulator.histograms)
}

export function accumulatorBytes(accumulator: Accumulator): number {
  return tupleBytes(accumulator.cells) + accumulator.counters.byteLength + histogramTableBytes(accumulator.histograms)
}
