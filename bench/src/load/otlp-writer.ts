import {
  AnyValue,
  ExportTraceServiceRequest,
  InstrumentationScope,
  KeyValue,
  Resource,
  ResourceSpans,
  ScopeSpans,
  Span,
  SpanEvent,
  SpanLink,
  Status,
} from '@skein/schemas/otlp-wire'

export type AttributeValue = string | number | boolean
export type Attributes = Readonly<Record<string, AttributeValue>>

export interface LoadEvent {
  timeUs: number
  name: string
  attributes: Attributes
}

export interface LoadLink {
  traceId: Uint8Array
  spanId: Uint8Array
}

export interface LoadSpan {
  traceId: Uint8Array
  spanId: Uint8Array
  /** Absent for a root. */
  parentId: Uint8Array | undefined
  name: string
  kind: number
  startUs: number
  endUs: number
  attributes: Attributes
  events: readonly LoadEvent[]
  links?: readonly LoadLink[]
  error: string | undefined
}

/** Joined byte pieces of a message. */
type Pieces = Uint8Array[]

export function encodeAttributes(attributes: Attributes, field: number): Uint8Array {
  const out: Pieces = []
  for (const [key, value] of Object.entries(attributes)) {
    out.push(message(field, [message(KeyValue.key, [Buffer.from(key)]), message(KeyValue.value, [encodeValue(value)])]))
  }
  return Buffer.concat(out)
}

/** Attributes of a resource as a Resource message. */
export function encodeResource(attributes: Attributes): Uint8Array {
  return encodeAttributes(attributes, Resource.attributes)
}

export function encodeSpan(span: LoadSpan): Uint8Array {
  const out: Pieces = [
    message(Span.traceId, [span.traceId]),
    message(Span.spanId, [span.spanId]),
    ...(span.parentId === undefined ? [] : [message(Span.parentSpanId, [span.parentId])]),
    message(Span.name, [Buffer.from(span.name)]),
    varintField(Span.kind, span.kind),
    timeField(Span.startTimeUnixNano, span.startUs),
    timeField(Span.endTimeUnixNano, span.endUs),
    encodeAttributes(span.attributes, Span.attributes),
  ]
  for (const event of span.events) {
    out.push(
      message(Span.events, [
        timeField(SpanEvent.timeUnixNano, event.timeUs),
        message(SpanEvent.name, [Buffer.from(event.name)]),
        encodeAttributes(event.attributes, SpanEvent.attributes),
      ]),
    )
  }
  for (const { traceId, spanId } of span.links ?? []) out.push(message(Span.links, [message(SpanLink.traceId, [traceId]), message(SpanLink.spanId, [spanId])]))
  const status = span.error === undefined ? [] : [message(Status.message, [Buffer.from(span.error)]), varintField(Status.code, 2)]
  out.push(message(Span.status, status), FLAGS)
  return Buffer.concat(out)
}

/** flags = 257 (sampled, parent known to be local): a fixed32. */
const FLAGS = Buffer.from([0x85, 0x01, 0x01, 0x01, 0x00, 0x00])

export interface ScopeOfLoad {
  name: string
  version: string
}

/** One ResourceSpans field of a request. */
export function encodeResourceSpans(resource: Uint8Array, scope: ScopeOfLoad, spans: readonly Uint8Array[]): Uint8Array {
  const scopeBytes = message(ScopeSpans.scope, [
    message(InstrumentationScope.name, [Buffer.from(scope.name)]),
    message(InstrumentationScope.version, [Buffer.from(scope.version)]),
  ])
  const scopeSpans = message(ResourceSpans.scopeSpans, [scopeBytes, ...spans.map((span) => message(ScopeSpans.spans, [span]))])
  return message(ExportTraceServiceRequest.resourceSpans, [message(ResourceSpans.resource, [resource]), scopeSpans])
}

function encodeValue(value: AttributeValue): Uint8Array {
  if (typeof value === 'string') return message(AnyValue.stringValue, [Buffer.from(value)])
  if (typeof value === 'boolean') return varintField(AnyValue.boolValue, value ? 1 : 0)
  return Number.isInteger(value) ? varintField(AnyValue.intValue, value) : doubleField(AnyValue.doubleValue, value)
}

function message(field: number, pieces: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const piece of pieces) length += piece.length
  return Buffer.concat([Buffer.from([...varint((field << 3) | 2), ...varint(length)]), ...pieces])
}

function varintField(field: number, value: number): Uint8Array {
  return Buffer.from([...varint(field << 3), ...varint(value)])
}

function timeField(field: number, timeUs: number): Uint8Array {
  const out = Buffer.alloc(9)
  out[0] = (field << 3) | 1
  out.writeBigUInt64LE(BigInt(Math.round(timeUs)) * 1000n, 1)
  return out
}

function doubleField(field: number, value: number): Uint8Array {
  const out = Buffer.alloc(9)
  out[0] = (field << 3) | 1
  out.writeDoubleLE(value, 1)
  return out
}

/** Of a number from 0 to 2^53. */
function varint(value: number): number[] {
  const out: number[] = []
  let rest = value
  while (rest > 0x7f) {
    out.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  out.push(rest)
  return out
}
