import type { SpanBatch } from '../decode/span-batch.ts'
import { ID_WORDS, PARENT_WORD } from '../facts/read-facts.ts'
import type { RowOrder } from './row-order.ts'

/**
 * Columns `parent_lo` and `parent_hi`: the first and last four bytes of the parent's id, each as a little-endian number. The last four
 * are left out (0) when the parent stands in the same run of the block and no other span there begins with the same four bytes;
 * most of them do not compress, and the reader finds the parent by its first four.
 */
export function parentIds(batch: SpanBatch, order: RowOrder, columns: ParentColumns): void {
  const { low, high } = columns
  for (let i = 0; i < order.length; i++) {
    const at = (order.rows[i] as number) * ID_WORDS + PARENT_WORD
    low[i] = batch.ids[at] as number
    high[i] = batch.ids[at + 1] as number
  }
  for (let run = 0; run < order.runs; run++) {
    const from = order.runStart[run] as number
    const to = order.runStart[run + 1] as number
    if (to - from > LOOKUP_RUN) shortenByLookup(columns, from, to)
    else shortenByScan(columns, from, to)
  }
}

/** By position. */
export interface ParentColumns {
  low: Uint32Array
  high: Uint32Array
  /** Both halves of each span's own id. */
  spanIds: Uint32Array
}

/** A run longer than this is looked up rather than scanned. */
const LOOKUP_RUN = 32

function shortenByScan({ low, high, spanIds }: ParentColumns, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    const wanted = low[i] as number
    if (wanted === 0) continue
    let found = -1
    let same = 0
    for (let at = from; at < to; at++) {
      if (spanIds[at * 2] !== wanted) continue
      same++
      found = at
    }
    if (same === 1 && spanIds[found * 2 + 1] === high[i]) high[i] = 0
  }
}

function shortenByLookup({ low, high, spanIds }: ParentColumns, from: number, to: number): void {
  /** First four bytes → position of the one id that begins with them, −1 when several do. */
  const spans = new Map<number, number>()
  for (let at = from; at < to; at++) {
    const prefix = spanIds[at * 2] as number
    spans.set(prefix, spans.has(prefix) ? -1 : at)
  }
  for (let i = from; i < to; i++) {
    const at = low[i] === 0 ? undefined : spans.get(low[i] as number)
    if (at !== undefined && at >= 0 && spanIds[at * 2 + 1] === high[i]) high[i] = 0
  }
}
