import { AnyValue, ExportTraceServiceRequest, KeyValue, Resource, ResourceSpans, ScopeSpans, Span, Status, WireType } from '@skein/schemas/otlp-wire'
import { ATTRIBUTE_SLOTS, ResourceAttribute } from '@skein/schemas/semantic-conventions'
import { lengthPrefixed } from '@skein/schemas/wire-fields'
import type { StoredSpan } from '@skein/store/contract-traces'
import type { StoredValue } from '@skein/store/contract-terms'

/** Stored spans as the OTLP request that they once came in, with what pairing reads of them: so one decoder gives them their meaning. */
export function encodeStored(spans: readonly StoredSpan[], resources: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return Buffer.concat(
    spans.map((span) => {
      const resource = resources.get(span.resource) ?? message(Resource.attributes, attribute(ResourceAttribute.serviceName, span.service))
      const scoped = message(ScopeSpans.spans, encodeSpan(span))
      return message(ExportTraceServiceRequest.resourceSpans, message(ResourceSpans.resource, resource), message(ResourceSpans.scopeSpans, scoped))
    }),
  )
}

const MEANINGFUL: ReadonlySet<string> = new Set(ATTRIBUTE_SLOTS.map(([name]) => name))

function encodeSpan(span: StoredSpan): Uint8Array {
  const start = BigInt(span.startNs)
  return Buffer.concat([
    message(Span.traceId, Buffer.from(span.traceId, 'hex')),
    message(Span.spanId, Buffer.from(span.spanId, 'hex')),
    ...(span.parentSpanId === '' ? [] : [message(Span.parentSpanId, Buffer.from(span.parentSpanId, 'hex'))]),
    message(Span.name, Buffer.from(span.name)),
    number(Span.kind, span.kind),
    fixed64(Span.startTimeUnixNano, start),
    fixed64(Span.endTimeUnixNano, start + BigInt(span.durationNs)),
    ...span.attributes.filter(([key]) => MEANINGFUL.has(key)).map(([key, value]) => message(Span.attributes, attribute(key, value))),
    ...[...lengthPrefixed(span.links)].map((link) => message(Span.links, link)),
    message(Span.status, number(Status.code, span.status)),
  ])
}

/** KeyValue of a text, number or truth; of anything else, which means nothing, an empty value. */
function attribute(key: string, value: StoredValue): Uint8Array {
  return Buffer.concat([message(KeyValue.key, Buffer.from(key)), message(KeyValue.value, valueOf(value))])
}

function valueOf(value: StoredValue): Uint8Array {
  if (typeof value === 'string') return message(AnyValue.stringValue, Buffer.from(value))
  if (typeof value === 'boolean') return number(AnyValue.boolValue, value ? 1 : 0)
  if (typeof value !== 'number') return EMPTY
  if (Number.isSafeInteger(value) && value >= 0) return number(AnyValue.intValue, value)
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return Buffer.concat([varint((AnyValue.doubleValue << 3) | WireType.fixed64), bytes])
}

const EMPTY = new Uint8Array(0)

function message(field: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([varint((field << 3) | WireType.bytes), varint(length), ...parts])
}

function number(field: number, value: number): Uint8Array {
  return Buffer.concat([varint((field << 3) | WireType.varint), varint(value)])
}

function fixed64(field: number, value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value))
  return Buffer.concat([varint((field << 3) | WireType.fixed64), bytes])
}

/** Of a whole number from 0. */
function varint(value: number): Uint8Array {
  const bytes: number[] = []
  for (let rest = value; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | (rest >= 128 ? 0x80 : 0))
  return Uint8Array.from(bytes)
}
