import type { OtlpAnyValue, OtlpKeyValue, OtlpResourceSpans, OtlpSpan } from '@skein/schemas/api/jaeger-v3'
import type { AttributeValue, TraceSpan } from '@skein/schemas/api/traces'
import { SPAN_KINDS, STATUS_CODES } from '@skein/schemas/otlp-wire'
import { traceSpanOf } from '../otlp/span.ts'
import type { WholeTrace } from './read-traces.ts'

/** Where Jaeger's readers look for warnings, in the attributes of a span. */
const WARNINGS = '@jaeger@warnings'

/** Stored spans in OTLP/JSON, by resource and scope; what is to be told of a trace stands with its first span. */
export function resourceSpansOf({ traceId, spans: rows, resources, warnings }: WholeTrace): OtlpResourceSpans[] {
  const spans = rows.map(traceSpanOf)
  return [...Map.groupBy(spans, ({ resource }) => resource)].map(([resource, ofResource]) => ({
    resource: { attributes: keyValuesOf(resources.get(resource) ?? { 'service.name': ofResource[0]?.service ?? '' }) },
    scopeSpans: [...Map.groupBy(ofResource, ({ scope }) => scope)].map(([name, ofScope]) => ({
      scope: { name },
      spans: ofScope.map((span) => otlpSpanOf(traceId, span, span === spans[0] ? warnings : [])),
    })),
  }))
}

function otlpSpanOf(traceId: string, span: TraceSpan, warnings: readonly string[]): OtlpSpan {
  const { spanId, parentSpanId, name, startTimeUnixNano, endTimeUnixNano } = span
  const told: Record<string, AttributeValue> = warnings.length === 0 ? {} : { [WARNINGS]: [...warnings] }
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind: SPAN_KINDS.indexOf(span.kind),
    startTimeUnixNano,
    endTimeUnixNano,
    attributes: [...keyValuesOf(span.attributes), ...keyValuesOf(told)],
    events: span.events.map((event) => ({ ...event, attributes: keyValuesOf(event.attributes) })),
    links: span.links.map((link) => ({ ...link, attributes: keyValuesOf(link.attributes) })),
    status: { code: STATUS_CODES.indexOf(span.status.code), message: span.status.message },
  }
}

function keyValuesOf(attributes: Readonly<Record<string, AttributeValue>>): OtlpKeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValueOf(value) }))
}

function anyValueOf(value: AttributeValue): OtlpAnyValue {
  if (value === null) return {}
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValueOf) } }
  switch (typeof value) {
    case 'string':
      return { stringValue: value }
    case 'boolean':
      return { boolValue: value }
    case 'number':
      return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
    default:
      return { kvlistValue: { values: keyValuesOf(value) } }
  }
}
