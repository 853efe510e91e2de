import type { NativeBlock } from '@skein/store/native/block'
import { EXEMPLAR_BYTES, writeExemplar } from '@skein/store/path-text'
import { inPieces } from '../decode/pieces.ts'
import { firstOf } from '../topology/histogram-table.ts'
import { EXEMPLAR_WORDS, FIRST_BUCKET, FIRST_COUNT, PathCounter, type PathRollup } from './path-rollup.ts'

/** Cells of a rollup that became rows, in that order. Its histograms are settled. */
export interface Source {
  rollup: PathRollup
  cells: Int32Array
}

/** The columns of `path_time` that are numbers of its cells. */
export function writeNumbers(block: NativeBlock, sources: readonly Source[], rows: number): void {
  for (const [column, which] of COUNTERS) block.integers(column, counters(sources, which, rows))
  durations(block, sources, rows)
  exemplars(block, sources, rows)
}

const COUNTERS = [
  ['traces', PathCounter.traces],
  ['count', PathCounter.count],
  ['time', PathCounter.timeNs],
  ['errors', PathCounter.errors],
  ['retries', PathCounter.retries],
  ['saving', PathCounter.savingNs],
] as const

interface Counting extends Source {
  which: number
  values: Float64Array
  /** Row of the first cell. */
  first: number
}

function counters(sources: readonly Source[], which: number, rows: number): Float64Array {
  const values = new Float64Array(rows)
  let first = 0
  for (const source of sources) {
    inPieces<Counting>(source.cells.length, count, { ...source, which, values, first })
    first += source.cells.length
  }
  return values
}

function count({ rollup, cells, which, values, first }: Counting, from: number, to: number): void {
  const { counters: counted, width } = rollup.cells
  for (let at = from; at < to; at++) values[first + at] = counted[cells[at]! * width + which]!
}

interface Measuring {
  source: Source
  ends: Uint32Array
  keys: Int16Array
  counts: Float64Array
  row: number
  end: number
}

function durations(block: NativeBlock, sources: readonly Source[], rows: number): void {
  const most = sources.reduce((sum, { rollup, cells }) => sum + rollup.cells.histograms.size + cells.length, 0)
  const measuring: Omit<Measuring, 'source'> = { ends: new Uint32Array(rows), keys: new Int16Array(most), counts: new Float64Array(most), row: 0, end: 0 }
  for (const source of sources) inPieces<Measuring>(source.cells.length, measure, Object.assign(measuring, { source }))
  block.maps('duration', measuring.ends, measuring.keys.subarray(0, measuring.end), measuring.counts.subarray(0, measuring.end))
}

function measure(measuring: Measuring, from: number, to: number): void {
  const { source, keys, counts, ends } = measuring
  const { histograms, counters: counted, width } = source.rollup.cells
  for (let at = from; at < to; at++) {
    const cell = source.cells[at]!
    const first = counted[cell * width + FIRST_COUNT]!
    if (first !== 0) {
      keys[measuring.end] = counted[cell * width + FIRST_BUCKET]! - 2
      counts[measuring.end++] = first
    }
    const behind = firstOf(histograms, cell + 1)
    for (let entry = firstOf(histograms, cell); entry < behind; entry++) {
      keys[measuring.end] = histograms.bucket[entry]!
      counts[measuring.end++] = histograms.count[entry]!
    }
    ends[measuring.row++] = measuring.end
  }
}

interface Showing {
  source: Source
  bytes: Buffer
  starts: Int32Array
  ends: Int32Array
  row: number
  end: number
}

function exemplars(block: NativeBlock, sources: readonly Source[], rows: number): void {
  const ranges = { bytes: Buffer.alloc(rows * EXEMPLAR_BYTES), starts: new Int32Array(rows), ends: new Int32Array(rows) }
  const showing: Omit<Showing, 'source'> = { ...ranges, row: 0, end: 0 }
  for (const source of sources) inPieces<Showing>(source.cells.length, show, Object.assign(showing, { source }))
  block.ranges('slowest', ranges)
}

function show(showing: Showing, from: number, to: number): void {
  const { source, bytes, starts, ends } = showing
  const { slowestNs, traceNs, words } = source.rollup
  for (let at = from; at < to; at++) {
    const cell = source.cells[at]!
    starts[showing.row] = showing.end
    const selfNs = slowestNs[cell]!
    if (selfNs >= 0) showing.end = writeExemplar(bytes, showing.end, { selfNs, traceNs: traceNs[cell]!, words, first: cell * EXEMPLAR_WORDS })
    ends[showing.row++] = showing.end
  }
}
