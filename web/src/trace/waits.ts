import type { RowWait, SpanRow } from './span-row.ts'

/** Clocks of two hosts are good to about a microsecond at best; less is no skew. */
export const SKEW_NS = 1000

/** Says of each row what it waited for, and whether it began after its parent's end. Rows are in depth-first order. */
export function placeWaits(rows: readonly SpanRow[]): void {
  const children = countChildren(rows)
  rows.forEach((row, index) => {
    const parent = rows[row.parent]
    row.late = parent !== undefined && parent.span !== null && row.startNs > endOf(parent)
    if (row.span?.kind === 'client') row.wait = clientWait(row, rows[children.server[index] ?? -1], children.all[index] ?? 0)
    else if (row.span?.kind === 'consumer') row.wait = queueWait(row, parent)
  })
}

const endOf = (row: SpanRow): number => row.startNs + row.durationNs

interface Children {
  all: Int32Array
  /** Row of the one server child, −1 for none, −2 for several. */
  server: Int32Array
}

function countChildren(rows: readonly SpanRow[]): Children {
  const children: Children = { all: new Int32Array(rows.length), server: new Int32Array(rows.length).fill(-1) }
  rows.forEach((row, index) => {
    if (row.parent < 0) return
    children.all[row.parent] = (children.all[row.parent] ?? 0) + 1
    if (row.span?.kind === 'server') children.server[row.parent] = children.server[row.parent] === -1 ? index : -2
  })
  return children
}

/** Network is known with exactly one server child that took no longer than the call. */
function clientWait(client: SpanRow, server: SpanRow | undefined, children: number): RowWait | null {
  if (children === 0) return client.durationNs > 0 ? { kind: 'client', beforeNs: 0, afterNs: client.durationNs, skewed: false } : null
  const networkNs = server === undefined ? 0 : client.durationNs - server.durationNs
  if (server === undefined || networkNs <= 0) return null
  const beforeNs = server.startNs - client.startNs
  const skewed = beforeNs < -SKEW_NS || beforeNs > networkNs + SKEW_NS
  const placedNs = skewed ? networkNs / 2 : Math.min(networkNs, Math.max(0, beforeNs))
  return { kind: 'network', beforeNs: placedNs, afterNs: networkNs - placedNs, skewed }
}

function queueWait(consumer: SpanRow, producer: SpanRow | undefined): RowWait | null {
  if (producer?.span?.kind !== 'producer' && producer?.span?.kind !== 'client') return null
  const waitedNs = consumer.startNs - endOf(producer)
  return waitedNs > 0 ? { kind: 'queue', beforeNs: waitedNs, afterNs: 0, skewed: false } : null
}
