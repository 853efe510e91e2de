import type { NativeBlock } from '@skein/store/native/block'
import type { HistogramTable } from './histogram-table.ts'

export interface HistogramRows {
  table: HistogramTable
  /** What rows are of, in their order. */
  of: readonly number[]
  histogramOf: (each: number) => number
}

/** A column of histograms: buckets whose counts are not 0. */
export function histogramBlock(block: NativeBlock, column: string, { table, of, histogramOf }: HistogramRows): void {
  const { heads, next } = table
  const ends = new Uint32Array(of.length)
  const keys: number[] = []
  const counts: number[] = []
  for (let row = 0; row < of.length; row++) {
    const histogram = histogramOf(of[row]!)
    for (let entry = histogram < heads.length ? heads[histogram]! - 1 : -1; entry >= 0; entry = next[entry]!) {
      if (table.count[entry] === 0) continue
      keys.push(table.bucket[entry]!)
      counts.push(table.count[entry]!)
    }
    ends[row] = keys.length
  }
  block.maps(column, ends, Int16Array.from(keys), counts)
}
