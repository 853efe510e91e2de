import type { TenantWindow } from '../contract-terms.ts'
import type { ServiceInTrace } from '../contract-traces.ts'
import type { Engine } from '../engine.ts'
import { asNumber, asText } from '../sql/column.ts'
import { list, sql, text } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Column, Fragment, Select } from '../sql/terms.ts'
import { bucketsOf, wholeRange } from './trace-fold.ts'

/** Traces in one question. */
const TRACES_A_QUESTION = 500
const ALL_HALVES = sql`4294967295`
const SPAN = sql`reinterpretAsUInt64(span_id)`
const PARENT = sql`bitOr(toUInt64(parent_lo), bitShiftLeft(toUInt64(parent_hi), 32))`

export async function servicesInTraces(engine: Engine, window: TenantWindow, traceIds: readonly string[]): Promise<ServiceInTrace[]> {
  const ids = traceIds.filter((id) => /^[0-9a-f]{32}$/.test(id))
  const found: ServiceInTrace[] = []
  for (let from = 0; from < ids.length; from += TRACES_A_QUESTION) {
    found.push(...(await engine.ask(servicesInTracesQuery(window, ids.slice(from, from + TRACES_A_QUESTION)))))
  }
  return found
}

export function servicesInTracesQuery(window: TenantWindow, traceIds: readonly string[]) {
  const where = [...bucketsOf(wholeRange(window)), sql`trace_id IN (${list(traceIds.map((id) => sql`toFixedString(unhex(${text(id)}), 16)`))})`]
  return compile({
    scope: window,
    from: 'spans',
    columns: {
      traceId: asText(sql`lower(hex(trace_id))`),
      service: asText(sql`service`),
      spans: asNumber(sql`uniqExact(span_id)`),
      errors: asNumber(sql`uniqExactIf(span_id, status = 2)`),
      orphans: asNumber(sql`uniqExactIf(span_id, ${isOrphan(window, where)})`),
    },
    where,
    groupBy: sql`trace_id, service`,
    orderBy: sql`trace_id, service`,
  })
}

/** Only the first half of a parent's id may have been kept (`parent-ids.ts`). */
function isOrphan(scope: TenantWindow, where: Fragment[]): Fragment {
  const spans = (id: Fragment): Select => {
    const columns: { trace: Column<string>; span: Column<string> } = { trace: asText(sql`trace_id`), span: asText(id) }
    return { scope, from: 'spans', columns, where }
  }
  return sql`if(parent_hi != 0, (trace_id, ${PARENT}) NOT IN ${spans(SPAN)}, parent_lo != 0 AND (trace_id, ${PARENT}) NOT IN ${spans(sql`bitAnd(${SPAN}, ${ALL_HALVES})`)})`
}
