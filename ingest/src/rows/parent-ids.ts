import type { SpanBatch } from '../decode/span-batch.ts'
import { viewOf } from '../decode/byte-interner.ts'
import type { RowOrder } from './row-order.ts'

/**
 * Columns `parent_lo` and `parent_hi`: the first and last four bytes of the parent's id, each as a little-endian number. The last four
 * are left out (0) when the parent stands in the same run of the block and no other span there begins with the same four bytes;
 * most of them do not compress, and the reader finds the parent by its first four.
 */
export function parentIds(batch: SpanBatch, order: RowOrder, columns: { low: Uint32Array; high: Uint32Array }): void {
  const view = viewOf(batch.bytes)
  const { low, high } = columns
  for (let i = 0; i < order.length; i++) {
    const parent = batch.parentId[order.rows[i] as number] as number
    low[i] = parent < 0 ? 0 : view.getUint32(parent, true)
    high[i] = parent < 0 ? 0 : view.getUint32(parent + 4, true)
  }
  for (let run = 0; run < order.runs; run++) {
    const from = order.runStart[run] as number
    const to = order.runStart[run + 1] as number
    if (to - from > LOOKUP_RUN) shortenByLookup(batch, view, { order, columns, from, to })
    else shortenByScan(batch, view, { order, columns, from, to })
  }
}

/** A run longer than this is looked up rather than scanned. */
const LOOKUP_RUN = 32

interface Run {
  order: RowOrder
  columns: { low: Uint32Array; high: Uint32Array }
  from: number
  to: number
}

function shortenByScan(batch: SpanBatch, view: DataView, run: Run): void {
  const { low, high } = run.columns
  const { rows } = run.order
  for (let i = run.from; i < run.to; i++) {
    const wanted = low[i] as number
    if (wanted === 0) continue
    let found = -1
    let same = 0
    for (let at = run.from; at < run.to; at++) {
      const span = batch.spanId[rows[at] as number] as number
      if (view.getUint32(span, true) !== wanted) continue
      same++
      found = span
    }
    if (same === 1 && view.getUint32(found + 4, true) === high[i]) high[i] = 0
  }
}

function shortenByLookup(batch: SpanBatch, view: DataView, run: Run): void {
  const { low, high } = run.columns
  const { rows } = run.order
  /** First four bytes → offset of the one id that begins with them, −1 when several do. */
  const spans = new Map<number, number>()
  for (let at = run.from; at < run.to; at++) {
    const span = batch.spanId[rows[at] as number] as number
    const prefix = view.getUint32(span, true)
    spans.set(prefix, spans.has(prefix) ? -1 : span)
  }
  for (let i = run.from; i < run.to; i++) {
    const span = low[i] === 0 ? undefined : spans.get(low[i] as number)
    if (span !== undefined && span >= 0 && view.getUint32(span + 4, true) === high[i]) high[i] = 0
  }
}
