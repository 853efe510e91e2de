import { AnyValue, KeyValue, LogRecord, ResourceLogs } from '@skein/schemas/otlp-wire'

/** An attribute value of a resource or a record: what the wire calls string, bool, int (safe and ≥ 0) and double (every other number). */
export type AttributeValue = string | boolean | number
export type Attributes = Readonly<Record<string, AttributeValue>>

const LENGTH_DELIMITED = 2

/** One field whose value is bytes: tag, length, bytes. */
export function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + LENGTH_DELIMITED), varint(bytes.length), bytes])
}

/** A whole number ≥ 0 and safe. */
export function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80)
  bytes.push(rest)
  return Buffer.from(bytes)
}

/** `KeyValue` entries under the tag that a resource, scope or record gives its attributes. */
export function encodeAttributes(tag: number, attributes: Attributes): Buffer {
  return Buffer.concat(Object.entries(attributes).map(([key, value]) => field(tag, keyValue(key, value))))
}

/** Attributes of a log record, as `LogWriter` takes them. */
export function recordAttributes(attributes: Attributes): Buffer {
  return encodeAttributes(LogRecord.attributes, attributes)
}

/** The field `resource` of a `ResourceLogs`. */
export function encodeResource(attributes: Attributes): Buffer {
  return field(ResourceLogs.resource, encodeAttributes(1, attributes))
}

function keyValue(key: string, value: AttributeValue): Buffer {
  return Buffer.concat([field(KeyValue.key, Buffer.from(key.toWellFormed())), field(KeyValue.value, anyValue(value))])
}

function anyValue(value: AttributeValue): Buffer {
  if (typeof value === 'string') return field(AnyValue.stringValue, Buffer.from(value.toWellFormed()))
  if (typeof value === 'boolean') return Buffer.from([AnyValue.boolValue * 8, value ? 1 : 0])
  if (Number.isSafeInteger(value) && value >= 0) return Buffer.concat([varint(AnyValue.intValue * 8), varint(value)])
  const bytes = Buffer.alloc(9, AnyValue.doubleValue * 8 + 1)
  bytes.writeDoubleLE(value, 1)
  return bytes
}
