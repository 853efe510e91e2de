import { decodeAttribute, decodeRest } from '../attribute-text.ts'
import type { SpanRow, TraceQuestions } from '../contract-traces.ts'
import type { Engine } from '../engine.ts'
import { asBytes, asNumber, asText, asTexts } from '../sql/column.ts'
import { every, hexId, sql, text, uint32 } from '../sql/fragment.ts'
import { compile, type RowOf } from '../sql/select.ts'
import type { Fragment } from '../sql/terms.ts'
import { resolveParents } from './parent-ids.ts'

export interface TraceLookUp {
  tenant: string
  /** 32 hex digits. */
  traceId: string
  limit: number
  aroundMs: number | undefined
}

const BUCKET_SECONDS = 300
/** Buckets before and after the one of `aroundMs` that are looked into first. */
const AROUND_BUCKETS = 2

export const SPAN_COLUMNS = {
  spanId: asText(sql`lower(hex(span_id))`),
  parentLow: asText(sql`lower(hex(reinterpretAsFixedString(parent_lo)))`),
  parentHigh: asText(sql`lower(hex(reinterpretAsFixedString(parent_hi)))`),
  name: asText(sql`name`),
  kind: asNumber(sql`kind`),
  status: asNumber(sql`status`),
  message: asText(sql`message`),
  service: asText(sql`service`),
  scope: asText(sql`scope`),
  startNs: asText(sql`toString(toUnixTimestamp64Nano(ts))`),
  durationNs: asText(sql`toString(duration)`),
  resource: asText(hexId(sql`resource_fp`)),
  events: asBytes(sql`base64Encode(events)`),
  links: asBytes(sql`base64Encode(links)`),
  items: asTexts(sql`items`),
  rest: asText(sql`rest`),
} as const

type Answer = Awaited<ReturnType<TraceQuestions['spans']>>

/** Spans of a trace, each once. When the time is known the neighbouring buckets are asked first; a trace that is longer or elsewhere is asked for without. */
export async function traceSpans(engine: Engine, lookUp: TraceLookUp): Promise<Answer> {
  if (!/^[0-9a-fA-F]{32}$/.test(lookUp.traceId)) return { spans: [], truncated: false }
  if (lookUp.aroundMs !== undefined) {
    const near = await engine.ask(spansQuery(lookUp, bucketsAround(lookUp.aroundMs)))
    if (near.length > 0 && staysInside(near, lookUp.aroundMs)) return answer(near, lookUp.limit)
  }
  return answer(await engine.ask(spansQuery(lookUp, [])), lookUp.limit)
}

/** One row more than the limit, to see whether there are more. */
export function spansQuery(lookUp: TraceLookUp, where: readonly Fragment[]) {
  return compile({
    scope: lookUp,
    from: 'spans',
    columns: SPAN_COLUMNS,
    where: [...where, sql`trace_id = toFixedString(unhex(${text(lookUp.traceId)}), 16)`],
    orderBy: sql`ts, span_id`,
    limitBy: { rows: 1, by: sql`span_id` },
    limit: lookUp.limit + 1,
  })
}

export function bucketsAround(aroundMs: number): Fragment[] {
  const [first, last] = bucketRange(aroundMs)
  return [every([sql`bucket >= toDateTime(${uint32(first)})`, sql`bucket <= toDateTime(${uint32(last)})`])]
}

function bucketRange(aroundMs: number): [first: number, last: number] {
  const bucket = Math.floor(aroundMs / 1000 / BUCKET_SECONDS) * BUCKET_SECONDS
  return [Math.max(0, bucket - AROUND_BUCKETS * BUCKET_SECONDS), Math.max(0, bucket + AROUND_BUCKETS * BUCKET_SECONDS)]
}

type Found = RowOf<typeof SPAN_COLUMNS>

/** No span touches the first or last bucket asked for, so it is unlikely that there are others outside. */
function staysInside(rows: readonly Found[], aroundMs: number): boolean {
  const [first, last] = bucketRange(aroundMs)
  return rows.every((row) => {
    const startSeconds = Number(row.startNs.slice(0, -9))
    const endSeconds = startSeconds + Number(row.durationNs) / 1e9
    return startSeconds >= first + BUCKET_SECONDS && endSeconds < last
  })
}

function answer(rows: readonly Found[], limit: number): Answer {
  return { spans: spanRows(rows.slice(0, limit)), truncated: rows.length > limit }
}

/** The spans of one trace. */
export function spanRows(rows: readonly Found[]): SpanRow[] {
  const parents = resolveParents(rows)
  return rows.map((row, at) => spanRow(row, parents[at] ?? ''))
}

function spanRow(row: Found, parentSpanId: string): SpanRow {
  const { spanId, name, kind, status, message, service, scope, startNs, durationNs, resource, events, links } = row
  const attributes = [...row.items, ...decodeRest(row.rest)].map(decodeAttribute)
  return { spanId, parentSpanId, name, kind, status, message, service, scope, startNs, durationNs, resource, attributes, events, links }
}
