import type { StoredSpan } from '../contract-traces.ts'
import type { StoredSpanLookUp } from '../contract-edges.ts'
import type { Engine } from '../engine.ts'
import { asNumber, asText } from '../sql/column.ts'
import { int64, list, sql, text, uint32 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { SPAN_COLUMNS, spanRows } from './trace-spans.ts'

const BUCKET_SECONDS = 300
/** Traces in one question. */
const TRACES_A_QUESTION = 500
/** When a span, or a link of one, had arrived for certain: `late` seconds after its start, 0 meaning within a minute. */
export const ARRIVED_BY = sql`toUnixTimestamp64Milli(ts) + greatest(toInt64(late), 60) * 1000`

/** What the answer holds depends on the log alone: spans that arrived later, and retention, aside. */
export async function storedSpans(engine: Engine, lookUp: StoredSpanLookUp): Promise<StoredSpan[]> {
  const found: StoredSpan[] = []
  const ids = lookUp.traceIds.filter((id) => /^[0-9a-f]{32}$/.test(id))
  for (let from = 0; from < ids.length; from += TRACES_A_QUESTION) {
    const rows = await engine.ask(storedSpansQuery({ ...lookUp, traceIds: ids.slice(from, from + TRACES_A_QUESTION) }))
    for (const [traceId, spans] of Map.groupBy(rows, (row) => row.traceId))
      spanRows(spans).forEach((span, i) => found.push({ ...span, traceId, arrivedByMs: spans[i]?.arrivedByMs ?? 0, weight: spans[i]?.weight ?? 0 }))
  }
  return found
}

export function storedSpansQuery(lookUp: StoredSpanLookUp) {
  const firstBucket = Math.floor(lookUp.fromMs / 1000 / BUCKET_SECONDS) * BUCKET_SECONDS
  return compile({
    scope: lookUp,
    from: 'spans',
    columns: { traceId: asText(sql`lower(hex(trace_id))`), arrivedByMs: asNumber(ARRIVED_BY), weight: asNumber(sql`weight`), ...SPAN_COLUMNS },
    where: [
      sql`bucket >= toDateTime(${uint32(Math.max(0, firstBucket))})`,
      sql`bucket <= toDateTime(${uint32(Math.max(0, Math.ceil(lookUp.toMs / 1000)))})`,
      sql`trace_id IN (${list(lookUp.traceIds.map((id) => sql`toFixedString(unhex(${text(id)}), 16)`))})`,
      sql`${ARRIVED_BY} < ${int64(Math.floor(lookUp.beforeMs))}`,
      ...(lookUp.linkedOnly === true ? [sql`links != ''`] : []),
    ],
    orderBy: sql`trace_id, ts, span_id`,
    limitBy: { rows: lookUp.spansPerTrace, by: sql`trace_id` },
  })
}
