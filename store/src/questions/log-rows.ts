import { logLineId } from '@skein/schemas/log'
import { decodeAttribute, decodeRest } from '../attribute-text.ts'
import type { LogRow } from '../contract-logs.ts'
import { asNumber, asText, asTexts } from '../sql/column.ts'
import { hexId, sql, uint32, uint64 } from '../sql/fragment.ts'
import type { RowOf } from '../sql/select.ts'
import type { Fragment } from '../sql/terms.ts'

export const LOG_COLUMNS = {
  timeNs: asText(sql`toString(toUnixTimestamp64Nano(ts))`),
  seq: asText(sql`toString(seq)`),
  severity: asNumber(sql`severity`),
  severityText: asText(sql`severity_text`),
  service: asText(sql`service`),
  scope: asText(sql`scope`),
  resource: asText(hexId(sql`resource_fp`)),
  traceId: asText(sql`if(trace_id = toFixedString('', 16), '', lower(hex(trace_id)))`),
  spanId: asText(sql`if(span_id = toFixedString('', 8), '', lower(hex(span_id)))`),
  pattern: asText(sql`if(pattern = 0, '', ${hexId(sql`pattern`)})`),
  body: asText(sql`body`),
  bodyKind: asNumber(sql`body_kind`),
  items: asTexts(sql`items`),
  rest: asText(sql`rest`),
} as const

export function logRow({ seq, items, rest, ...row }: RowOf<typeof LOG_COLUMNS>): LogRow {
  return {
    ...row,
    id: logLineId(BigInt(row.timeNs), BigInt(seq)),
    attributes: [...items, ...decodeRest(rest)].map(decodeAttribute),
  }
}

export const BUCKET_NS = 300_000_000_000n

/** Times in Unix ns: `from ≤ ts < to`. */
export interface NsRange {
  from: bigint
  to: bigint
}

export function nsRange({ startMs, endMs }: { startMs: number; endMs: number }): NsRange {
  return { from: BigInt(Math.max(0, Math.floor(startMs))) * 1_000_000n, to: BigInt(Math.max(0, Math.ceil(endMs))) * 1_000_000n }
}

/** A time of column `ts`. */
export function atNs(ns: bigint): Fragment {
  return sql`fromUnixTimestamp64Nano(toInt64(${uint64(ns.toString())}))`
}

/**
 * The buckets narrow the parts and granules, the times themselves the rows. A range that ends where buckets do needs no times, and to hold those against
 * each granule costs more than to find a rare word in all of them.
 */
export function inRange({ from, to }: NsRange): Fragment[] {
  const bucket = (ns: bigint): number => Number((ns / BUCKET_NS) * 300n)
  return [
    sql`bucket >= toDateTime(${uint32(bucket(from))})`,
    sql`bucket <= toDateTime(${uint32(bucket(to > 0n ? to - 1n : 0n))})`,
    ...(from % BUCKET_NS === 0n ? [] : [sql`ts >= ${atNs(from)}`]),
    ...(to % BUCKET_NS === 0n ? [] : [sql`ts < ${atNs(to)}`]),
  ]
}
