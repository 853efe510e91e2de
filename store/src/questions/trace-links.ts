import type { LinkingSpan } from '../contract-traces.ts'
import type { TenantWindow } from '../contract-terms.ts'
import type { Engine } from '../engine.ts'
import { asBytes, asText } from '../sql/column.ts'
import { sql, text, uint32 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'

export interface LinkLookUp {
  window: TenantWindow
  /** 32 hex digits. */
  traceId: string
  limit: number
}

/** Links are kept as bytes, so the id is looked for in them; most spans have none and cost nothing. */
export async function linkingSpans(engine: Engine, lookUp: LinkLookUp): Promise<LinkingSpan[]> {
  if (!/^[0-9a-fA-F]{32}$/.test(lookUp.traceId) || lookUp.limit < 1) return []
  return engine.ask(linkingQuery(lookUp))
}

export function linkingQuery({ window, traceId, limit }: LinkLookUp) {
  return compile({
    scope: window,
    from: 'spans',
    columns: {
      traceId: asText(sql`lower(hex(trace_id))`),
      spanId: asText(sql`lower(hex(span_id))`),
      name: asText(sql`name`),
      service: asText(sql`service`),
      startNs: asText(sql`toString(toUnixTimestamp64Nano(ts))`),
      links: asBytes(sql`base64Encode(links)`),
    },
    where: [
      sql`bucket >= toDateTime(${uint32(Math.max(0, Math.floor(window.startMs / 1000)))})`,
      sql`bucket < toDateTime(${uint32(Math.max(0, Math.ceil(window.endMs / 1000)))})`,
      sql`links != ''`,
      sql`position(links, unhex(${text(traceId)})) > 0`,
      sql`trace_id != toFixedString(unhex(${text(traceId)}), 16)`,
    ],
    orderBy: sql`ts, span_id`,
    limitBy: { rows: 1, by: sql`trace_id, span_id` },
    limit,
  })
}
