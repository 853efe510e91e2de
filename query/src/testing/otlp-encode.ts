import { AnyValue, ArrayValue, KeyValue, KeyValueList, Resource, SpanEvent, SpanLink, WireType } from '@skein/schemas/otlp-wire'

/** OTLP protobuf for fixtures: the few messages that the store keeps as bytes. */
export type Encodable = string | number | bigint | boolean | Uint8Array | null | Encodable[] | { [key: string]: Encodable }

function varint(value: bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}

function bytesField(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint(BigInt((field << 3) | WireType.bytes)), varint(BigInt(bytes.byteLength)), bytes])
}

function fixed64Field(field: number, bits: bigint): Buffer {
  const fixed = Buffer.alloc(8)
  fixed.writeBigUInt64LE(BigInt.asUintN(64, bits))
  return Buffer.concat([varint(BigInt((field << 3) | WireType.fixed64)), fixed])
}

export function encodeAnyValue(value: Encodable): Buffer {
  if (value === null) return Buffer.alloc(0)
  if (typeof value === 'string') return bytesField(AnyValue.stringValue, Buffer.from(value))
  if (typeof value === 'boolean') return Buffer.concat([varint(BigInt((AnyValue.boolValue << 3) | WireType.varint)), varint(value ? 1n : 0n)])
  if (typeof value === 'bigint') return Buffer.concat([varint(BigInt((AnyValue.intValue << 3) | WireType.varint)), varint(value)])
  if (typeof value === 'number') return encodeNumber(value)
  if (value instanceof Uint8Array) return bytesField(AnyValue.bytesValue, value)
  if (Array.isArray(value)) {
    return bytesField(AnyValue.arrayValue, Buffer.concat(value.map((each) => bytesField(ArrayValue.values, encodeAnyValue(each)))))
  }
  return bytesField(AnyValue.kvlistValue, keyValues(KeyValueList.values, value))
}

function encodeNumber(value: number): Buffer {
  if (Number.isSafeInteger(value)) return encodeAnyValue(BigInt(value))
  const double = Buffer.alloc(8)
  double.writeDoubleLE(value)
  return fixed64Field(AnyValue.doubleValue, double.readBigUInt64LE())
}

function keyValues(field: number, attributes: Readonly<Record<string, Encodable>>): Buffer {
  return Buffer.concat(
    Object.entries(attributes).map(([key, value]) =>
      bytesField(field, Buffer.concat([bytesField(KeyValue.key, Buffer.from(key)), bytesField(KeyValue.value, encodeAnyValue(value))])),
    ),
  )
}

export function encodeResource(attributes: Readonly<Record<string, Encodable>>): Buffer {
  return keyValues(Resource.attributes, attributes)
}

/** With its length before it, as the store keeps it. */
export function encodeEvent(event: { timeUnixNano: bigint; name: string; attributes: Readonly<Record<string, Encodable>> }): Buffer {
  const message = Buffer.concat([
    fixed64Field(SpanEvent.timeUnixNano, event.timeUnixNano),
    bytesField(SpanEvent.name, Buffer.from(event.name)),
    keyValues(SpanEvent.attributes, event.attributes),
  ])
  return Buffer.concat([varint(BigInt(message.byteLength)), message])
}

/** With its length before it, as the store keeps it. */
export function encodeLink(link: { traceId: string; spanId: string; attributes: Readonly<Record<string, Encodable>> }): Buffer {
  const message = Buffer.concat([
    bytesField(SpanLink.traceId, Buffer.from(link.traceId, 'hex')),
    bytesField(SpanLink.spanId, Buffer.from(link.spanId, 'hex')),
    keyValues(SpanLink.attributes, link.attributes),
  ])
  return Buffer.concat([varint(BigInt(message.byteLength)), message])
}
