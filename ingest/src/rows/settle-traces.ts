import type { SpanBatch } from '../decode/span-batch.ts'
import { viewOf } from '../decode/byte-interner.ts'
import { inPieces } from '../decode/pieces.ts'
import { ID_WORDS } from '../facts/read-facts.ts'

/** Rows of a trace above which the engine's own sort is used. */
const MAX_INSERTIONS = 64

/** What of a RowOrder is there, or filled, once its rows are sorted by the first bytes of their trace ids. */
interface SortedRows {
  length: number
  rows: Int32Array
  bucket: Int32Array
  tenant: Int32Array
  runs: number
  runStart: Int32Array
}

/** Rows that agree in group and prefix get their exact order; then runs of one trace are found. */
export function settleTraces(batch: SpanBatch, order: SortedRows, prefix: Uint32Array): void {
  const state: Settling = { batch, view: viewOf(batch.bytes), order, prefix, settled: 0 }
  order.runs = 0
  inPieces(order.length, settleRows, state)
  order.runStart[order.runs] = order.length
}

interface Settling {
  batch: SpanBatch
  view: DataView
  order: SortedRows
  prefix: Uint32Array
  /** Up to which position. */
  settled: number
}

function settleRows(state: Settling, _from: number, end: number): void {
  const { batch, order, prefix } = state
  const { rows, bucket, tenant, length } = order
  while (state.settled < end) {
    const from = state.settled
    const wanted = prefix[rows[from] as number]
    let to = from + 1
    while (to < length && prefix[rows[to] as number] === wanted && bucket[to] === bucket[from] && tenant[to] === tenant[from]) to++
    if (isOneTrace(batch.ids, order, { from, to })) {
      order.runStart[order.runs++] = from
      sortByStart(batch.startUs, rows, from, to)
    } else settleCollision(batch, state.view, order, { from, to })
    state.settled = to
  }
}

/** Almost always: two traces of a block seldom begin with the same four bytes. */
function isOneTrace(ids: Int32Array, order: SortedRows, { from, to }: { from: number; to: number }): boolean {
  const first = (order.rows[from] as number) * ID_WORDS
  for (let at = from + 1; at < to; at++) {
    const other = (order.rows[at] as number) * ID_WORDS
    if (ids[first + 3] !== ids[other + 3] || ids[first + 2] !== ids[other + 2] || ids[first + 1] !== ids[other + 1] || ids[first] !== ids[other]) return false
  }
  return true
}

/** By start, rows of the same start in log order; they come in log order. A trace of a usual size is sorted by insertion. */
function sortByStart(startUs: Float64Array, rows: Int32Array, from: number, to: number): void {
  if (to - from > MAX_INSERTIONS) {
    rows.subarray(from, to).sort((a, b) => (startUs[a] as number) - (startUs[b] as number) || a - b)
    return
  }
  for (let i = from + 1; i < to; i++) {
    const row = rows[i] as number
    const start = startUs[row] as number
    let at = i
    for (; at > from && (startUs[rows[at - 1] as number] as number) > start; at--) rows[at] = rows[at - 1] as number
    rows[at] = row
  }
}

function settleCollision(batch: SpanBatch, view: DataView, order: SortedRows, { from, to }: { from: number; to: number }): void {
  const { rows } = order
  rows.subarray(from, to).sort((a, b) => compareTraces(batch, view, a, b) || (batch.startUs[a] as number) - (batch.startUs[b] as number) || a - b)
  for (let at = from; at < to; at++) {
    if (at === from || compareTraces(batch, view, rows[at - 1] as number, rows[at] as number) !== 0) order.runStart[order.runs++] = at
  }
}

function compareTraces(batch: SpanBatch, view: DataView, a: number, b: number): number {
  const left = batch.traceId[a] as number
  const right = batch.traceId[b] as number
  for (let i = 0; i < 16; i += 4) {
    const difference = view.getUint32(left + i) - view.getUint32(right + i)
    if (difference !== 0) return difference
  }
  return 0
}
