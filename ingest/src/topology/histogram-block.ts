import type { NativeBlock } from '@skein/store/native/block'
import { inPieces } from '../decode/pieces.ts'
import { firstOf, type HistogramTable, settleHistograms } from './histogram-table.ts'

export interface HistogramRows {
  table: HistogramTable
  /** What rows are of, in their order: each has `width` histograms, and `which` of them is meant. */
  of: readonly number[]
  width: number
  which: number
}

interface Writing extends HistogramRows {
  ends: Uint32Array
  keys: Int16Array
  counts: Float64Array
  end: number
}

/** A column of histograms. */
export function histogramBlock(block: NativeBlock, column: string, rows: HistogramRows): void {
  settleHistograms(rows.table)
  const most = rows.table.size
  const writing: Writing = { ...rows, ends: new Uint32Array(rows.of.length), keys: new Int16Array(most), counts: new Float64Array(most), end: 0 }
  inPieces(rows.of.length, write, writing)
  block.maps(column, writing.ends, writing.keys.subarray(0, writing.end), writing.counts.subarray(0, writing.end))
}

function write(writing: Writing, from: number, to: number): void {
  const { table, of, width, which, ends, keys, counts } = writing
  for (let row = from; row < to; row++) {
    const histogram = of[row]! * width + which
    const behind = firstOf(table, histogram + 1)
    for (let at = firstOf(table, histogram); at < behind; at++) {
      keys[writing.end] = table.bucket[at]!
      counts[writing.end++] = table.count[at]!
    }
    ends[row] = writing.end
  }
}
