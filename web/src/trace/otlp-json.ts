import type { AttributeValue, TraceAnswer, TraceSpan } from '@skein/schemas/api/traces'
import { SpanKindNumber, STATUS_CODES } from '@skein/schemas/otlp-wire'

/** A trace as OTLP/JSON, as any collector takes it: resources and scopes as they were, numbers without a fraction as integers, bytes as base64 texts. */
export function otlpJson({ traceId, spans, resources }: Pick<TraceAnswer, 'traceId' | 'spans' | 'resources'>): object {
  const byResource = Map.groupBy(spans, (span) => span.resource)
  return {
    resourceSpans: [...byResource].map(([resource, ofResource]) => ({
      resource: { attributes: keyValues(resources[resource] ?? {}) },
      scopeSpans: [...Map.groupBy(ofResource, (span) => span.scope)].map(([scope, ofScope]) => ({
        scope: { name: scope },
        spans: ofScope.map((span) => otlpSpan(traceId, span)),
      })),
    })),
  }
}

function otlpSpan(traceId: string, span: TraceSpan): object {
  const { spanId, parentSpanId, name, kind, startTimeUnixNano, endTimeUnixNano, attributes, events, links, status } = span
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind: SpanKindNumber[kind],
    startTimeUnixNano,
    endTimeUnixNano,
    attributes: keyValues(attributes),
    events: events.map((event) => ({ ...event, attributes: keyValues(event.attributes) })),
    links: links.map((link) => ({ ...link, attributes: keyValues(link.attributes) })),
    status: { code: STATUS_CODES.indexOf(status.code), message: status.message },
  }
}

function keyValues(attributes: Readonly<Record<string, AttributeValue>>): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: AttributeValue): object {
  if (value === null) return {}
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: keyValues(value) } }
}
