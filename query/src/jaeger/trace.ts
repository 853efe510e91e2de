import type { JaegerSpan, JaegerTag, JaegerTrace } from '@skein/schemas/api/jaeger'
import type { AttributeValue, TraceSpan } from '@skein/schemas/api/traces'
import { traceSpanOf } from '../otlp/span.ts'
import type { WholeTrace } from './read-traces.ts'

const SERVICE_NAME = 'service.name'

/**
 * Stored spans as Jaeger shows them, by the mapping of the OpenTelemetry specification (trace/sdk_exporters/jaeger.md): resources are
 * processes, the parent is CHILD_OF, links are FOLLOWS_FROM, events are logs, kind and status are tags. Times are cut to µs.
 */
export function jaegerTraceOf({ traceId, spans: rows, resources, warnings }: WholeTrace): JaegerTrace {
  const processes = new Map<string, { id: string; process: JaegerTrace['processes'][string] }>()
  const processOf = (span: TraceSpan): string => {
    const known = processes.get(span.resource)
    if (known !== undefined) return known.id
    const id = `p${processes.size + 1}`
    const tags = Object.entries(resources.get(span.resource) ?? {}).flatMap(([key, value]) => (key === SERVICE_NAME ? [] : [tagOf(key, value)]))
    processes.set(span.resource, { id, process: { serviceName: span.service, tags } })
    return id
  }
  const spans = rows.map((row) => {
    const span = traceSpanOf(row)
    return jaegerSpanOf(traceId, span, processOf(span))
  })
  return {
    traceID: traceId,
    spans,
    processes: Object.fromEntries([...processes.values()].map(({ id, process }) => [id, process])),
    warnings: warnings.length === 0 ? null : [...warnings],
  }
}

function jaegerSpanOf(traceId: string, span: TraceSpan, processID: string): JaegerSpan {
  const parent = span.parentSpanId === '' ? [] : [{ refType: 'CHILD_OF' as const, traceID: traceId, spanID: span.parentSpanId }]
  const links = span.links.map((link) => ({ refType: 'FOLLOWS_FROM' as const, traceID: link.traceId, spanID: link.spanId }))
  return {
    traceID: traceId,
    spanID: span.spanId,
    operationName: span.name,
    references: [...parent, ...links],
    startTime: microseconds(span.startTimeUnixNano),
    duration: Math.max(0, Number((BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1000n)),
    tags: tagsOf(span),
    logs: span.events.map(({ timeUnixNano, name, attributes }) => ({ timestamp: microseconds(timeUnixNano), fields: fieldsOf(name, attributes) })),
    processID,
    warnings: null,
  }
}

function microseconds(unixNano: string): number {
  return Number(BigInt(unixNano) / 1000n)
}

function tagsOf(span: TraceSpan): JaegerTag[] {
  const { code, message } = span.status
  return [
    ...scopeTags(span.scope),
    ...Object.entries(span.attributes).map(([key, value]) => tagOf(key, value)),
    ...(span.kind === 'unspecified' ? [] : [tagOf('span.kind', span.kind)]),
    ...(code === 'unset' ? [] : [tagOf('otel.status_code', code.toUpperCase())]),
    ...(code === 'error' ? [tagOf('error', true)] : []),
    ...(message === '' ? [] : [tagOf('otel.status_description', message)]),
  ]
}

function scopeTags(scope: string): JaegerTag[] {
  return scope === '' ? [] : [tagOf('otel.scope.name', scope)]
}

/** An attribute called `event` stands before the event's name. */
function fieldsOf(name: string, attributes: TraceSpan['attributes']): JaegerTag[] {
  const named = name === '' || Object.hasOwn(attributes, 'event') ? [] : [tagOf('event', name)]
  return [...named, ...Object.entries(attributes).map(([key, value]) => tagOf(key, value))]
}

/** Lists and maps are JSON texts. */
function tagOf(key: string, value: AttributeValue): JaegerTag {
  switch (typeof value) {
    case 'string':
      return { key, type: 'string', value }
    case 'boolean':
      return { key, type: 'bool', value }
    case 'number':
      return { key, type: Number.isInteger(value) ? 'int64' : 'float64', value }
    default:
      return { key, type: 'string', value: value === null ? '' : JSON.stringify(value) }
  }
}
