import type { NativeBlock } from '@skein/store/native/block'
import { firstOf, type HistogramTable, settleHistograms } from './histogram-table.ts'

export interface HistogramRows {
  table: HistogramTable
  /** What rows are of, in their order. */
  of: readonly number[]
  histogramOf: (each: number) => number
}

/** A column of histograms. */
export function histogramBlock(block: NativeBlock, column: string, { table, of, histogramOf }: HistogramRows): void {
  settleHistograms(table)
  const ends = new Uint32Array(of.length)
  const keys: number[] = []
  const counts: number[] = []
  for (let row = 0; row < of.length; row++) {
    const histogram = histogramOf(of[row]!)
    const end = firstOf(table, histogram + 1)
    for (let at = firstOf(table, histogram); at < end; at++) {
      keys.push(table.bucket[at]!)
      counts.push(table.count[at]!)
    }
    ends[row] = keys.length
  }
  block.maps(column, ends, Int16Array.from(keys), counts)
}
