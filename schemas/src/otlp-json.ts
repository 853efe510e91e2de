import type { OtlpAnyValue, OtlpKeyValue, OtlpResourceSpans, OtlpSpan } from './api/jaeger-v3.ts'
import type { AttributeValue, TraceAnswer, TraceSpan } from './api/traces.ts'
import { SPAN_KINDS, STATUS_CODES } from './otlp-wire.ts'

/**
 * A trace in OTLP/JSON, as any collector takes it: resources and scopes as they were, numbers without a fraction as integers, bytes as base64 texts.
 * A span whose resource is not known keeps the name of its service.
 */
export function otlpResourceSpans({ traceId, spans, resources }: Pick<TraceAnswer, 'traceId' | 'spans' | 'resources'>): OtlpResourceSpans[] {
  return [...Map.groupBy(spans, (span) => span.resource)].map(([resource, ofResource]) => ({
    resource: { attributes: keyValues(resources[resource] ?? { 'service.name': ofResource[0]?.service ?? '' }) },
    scopeSpans: [...Map.groupBy(ofResource, (span) => span.scope)].map(([name, ofScope]) => ({
      scope: { name },
      spans: ofScope.map((span) => otlpSpan(traceId, span)),
    })),
  }))
}

function otlpSpan(traceId: string, span: TraceSpan): OtlpSpan {
  const { spanId, parentSpanId, name, kind, startTimeUnixNano, endTimeUnixNano, attributes, events, links, status } = span
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind: SPAN_KINDS.indexOf(kind),
    startTimeUnixNano,
    endTimeUnixNano,
    attributes: keyValues(attributes),
    events: events.map((event) => ({ ...event, attributes: keyValues(event.attributes) })),
    links: links.map((link) => ({ ...link, attributes: keyValues(link.attributes) })),
    status: { code: STATUS_CODES.indexOf(status.code), message: status.message },
  }
}

function keyValues(attributes: Readonly<Record<string, AttributeValue>>): OtlpKeyValue[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: AttributeValue): OtlpAnyValue {
  if (value === null) return {}
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  // larger ones are no int64, or were written as doubles
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: keyValues(value) } }
}
