import type { TraceSpan } from '@skein/schemas/api/traces'
import { SPAN_KINDS, STATUS_CODES } from '@skein/schemas/otlp-wire'
import type { SpanRow } from '@skein/store/contract-traces'
import { jsonAttributes } from './attributes.ts'
import { decodeEvents, decodeLinks } from './span-parts.ts'

export function traceSpanOf(row: SpanRow): TraceSpan {
  return {
    spanId: row.spanId,
    parentSpanId: row.parentSpanId,
    name: row.name,
    kind: SPAN_KINDS[row.kind] ?? 'unspecified',
    service: row.service,
    startTimeUnixNano: row.startNs,
    endTimeUnixNano: (BigInt(row.startNs) + BigInt(row.durationNs)).toString(),
    status: { code: STATUS_CODES[row.status] ?? 'unset', message: row.message },
    attributes: jsonAttributes(row.attributes),
    resource: row.resource,
    scope: row.scope,
    events: row.events.byteLength === 0 ? [] : decodeEvents(row.events),
    links: row.links.byteLength === 0 ? [] : decodeLinks(row.links),
  }
}
