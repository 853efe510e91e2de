import type { LinkOwner, LinkOwnerLookUp, LinkingSpan } from '../contract-traces.ts'
import type { Engine } from '../engine.ts'
import { asNumber, asText, asTexts } from '../sql/column.ts'
import { int64, list, sql, text } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { ARRIVED_BY } from './stored-spans.ts'

export interface LinkLookUp {
  tenant: string
  /** 32 hex digits. */
  traceId: string
  limit: number
}

const TRACE_ID = /^[0-9a-f]{32}$/
/** Traces in one question. */
const TRACES_A_QUESTION = 500

/** Links lie by the trace that they name, so that all days of them are as good as one. */
export async function linkingSpans(engine: Engine, lookUp: LinkLookUp): Promise<LinkingSpan[]> {
  const traceId = lookUp.traceId.toLowerCase()
  return TRACE_ID.test(traceId) && lookUp.limit > 0 ? engine.ask(linkingQuery({ ...lookUp, traceId })) : []
}

export function linkingQuery({ tenant, traceId, limit }: LinkLookUp) {
  return compile({
    scope: { tenant },
    from: 'span_links',
    columns: {
      traceId: asText(sql`lower(hex(trace_id))`),
      spanId: asText(sql`lower(hex(span_id))`),
      name: asText(sql`any(name)`),
      service: asText(sql`any(service)`),
      startNs: asText(sql`toString(toUnixTimestamp64Nano(min(ts)))`),
      to: asTexts(sql`arraySort(groupUniqArray(lower(hex(linked_span))))`),
    },
    where: [sql`linked_trace = toFixedString(unhex(${text(traceId)}), 16)`, sql`trace_id != toFixedString(unhex(${text(traceId)}), 16)`],
    groupBy: sql`trace_id, span_id`,
    orderBy: sql`min(ts), span_id`,
    limit,
  })
}

export async function linkOwners(engine: Engine, lookUp: LinkOwnerLookUp): Promise<LinkOwner[]> {
  const ids = lookUp.traceIds.filter((id) => TRACE_ID.test(id))
  const found: LinkOwner[] = []
  for (let from = 0; from < ids.length; from += TRACES_A_QUESTION)
    found.push(...(await engine.ask(linkOwnersQuery({ ...lookUp, traceIds: ids.slice(from, from + TRACES_A_QUESTION) }))))
  return found
}

export function linkOwnersQuery({ tenant, traceIds, beforeMs, ownersPerTrace }: LinkOwnerLookUp) {
  return compile({
    scope: { tenant },
    from: 'span_links',
    columns: {
      linkedTraceId: asText(sql`lower(hex(linked_trace))`),
      traceId: asText(sql`lower(hex(trace_id))`),
      startMs: asNumber(sql`toUnixTimestamp64Milli(min(ts))`),
    },
    where: [
      sql`linked_trace IN (${list(traceIds.map((id) => sql`toFixedString(unhex(${text(id)}), 16)`))})`,
      sql`${ARRIVED_BY} < ${int64(Math.floor(beforeMs))}`,
    ],
    groupBy: sql`linked_trace, trace_id, span_id`,
    orderBy: sql`linked_trace, min(ts), trace_id, span_id`,
    limitBy: { rows: ownersPerTrace, by: sql`linked_trace` },
  })
}
