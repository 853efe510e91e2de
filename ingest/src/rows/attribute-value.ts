import { encodeAttribute } from '@skein/store/attribute-text'
import type { StoredValue } from '@skein/store/contract-terms'
import { AnyValue, ArrayValue, KeyValue, KeyValueList, WireType } from '@skein/schemas/otlp-wire'
import { type Cursor, readLength, readVarint32, skipField } from '../decode/wire.ts'

/** Deeper values of a list or map are empty: the collector refuses what is deeper than this plus its limit. */
const MAX_DEPTH = 64

/** The stored text of an attribute whose value is neither a text nor a number. `field` is the AnyValue field, 0 = empty. Throws `WireError` for a value that is no message. */
export function attributeText(key: string, bytes: Buffer, value: { field: number; start: number; end: number }): string {
  const { field, start, end } = value
  if (field === AnyValue.bytesValue) return encodeAttribute(key, bytesOf(bytes, start, end))
  return encodeAttribute(key, storedValue(bytes, value, 0))
}

/** A value as JSON has it. Throws `WireError` for a value that is no message. */
export function jsonValue(bytes: Buffer, value: { field: number; start: number; end: number }): StoredValue {
  return storedValue(bytes, value, 0)
}

/** A value as a text of its own: a string as it is, bytes as base64, anything else as its JSON. Throws `WireError` for a value that is no message. */
export function valueText(bytes: Buffer, value: { field: number; start: number; end: number }): string {
  const { field, start, end } = value
  if (field === AnyValue.stringValue) return bytes.toString('utf8', start, end)
  if (field === AnyValue.bytesValue) return bytes.toString('base64', start, end)
  if (field === AnyValue.intValue || field === AnyValue.doubleValue) return numberText(bytes, value)
  return JSON.stringify(storedValue(bytes, value, 0))
}

/** Digits of an int or double value, as `attribute-text` has them. */
export function numberText(bytes: Buffer, value: { field: number; start: number; end: number }): string {
  const { field, start, end } = value
  return String(field === AnyValue.doubleValue ? bytes.readDoubleLE(start) : integerOf(bytes, start, end))
}

/** A varint of up to this many bytes is an exact number. */
const EXACT_BYTES = 7

/** A number where it is exact, else a bigint. */
function integerOf(bytes: Buffer, start: number, end: number): number | bigint {
  if (end - start <= EXACT_BYTES) {
    let small = 0
    for (let at = end - 1; at >= start; at--) small = small * 0x80 + ((bytes[at] as number) & 0x7f)
    return small
  }
  let value = 0n
  for (let at = start, shift = 0n; at < end; at++, shift += 7n) value |= BigInt((bytes[at] ?? 0) & 0x7f) << shift
  const signed = BigInt.asIntN(64, value)
  return signed >= Number.MIN_SAFE_INTEGER && signed <= Number.MAX_SAFE_INTEGER ? Number(signed) : signed
}

function bytesOf(bytes: Buffer, start: number, end: number): StoredValue {
  return { $bytes: bytes.toString('base64', start, end) }
}

function storedValue(bytes: Buffer, value: { field: number; start: number; end: number }, depth: number): StoredValue {
  const { field, start, end } = value
  if (depth > MAX_DEPTH) return null
  switch (field) {
    case AnyValue.stringValue:
      return bytes.toString('utf8', start, end)
    case AnyValue.boolValue:
      return integerOf(bytes, start, end) !== 0
    case AnyValue.intValue: {
      const integer = integerOf(bytes, start, end)
      return typeof integer === 'bigint' ? integer.toString() : integer
    }
    case AnyValue.doubleValue: {
      const double = bytes.readDoubleLE(start)
      return Number.isFinite(double) ? double : String(double)
    }
    case AnyValue.arrayValue:
      return listOf({ bytes, at: start }, end, depth + 1)
    case AnyValue.kvlistValue:
      return mapOf({ bytes, at: start }, end, depth + 1)
    case AnyValue.bytesValue:
      return bytesOf(bytes, start, end)
    default:
      return null
  }
}

type BufferCursor = Cursor & { bytes: Buffer }

function listOf(cursor: BufferCursor, end: number, depth: number): StoredValue[] {
  const list: StoredValue[] = []
  forEachMessage(cursor, end, ArrayValue.values, (elementEnd) => {
    list.push(anyValue(cursor, elementEnd, depth))
  })
  return list
}

/** The last pair of a key counts. No prototype: a key may be any text. */
function mapOf(cursor: BufferCursor, end: number, depth: number): { [key: string]: StoredValue } {
  const map = new Map<string, StoredValue>()
  forEachMessage(cursor, end, KeyValueList.values, (pairEnd) => {
    let key = ''
    let value: StoredValue = null
    while (cursor.at < pairEnd) {
      const tag = readVarint32(cursor, pairEnd)
      if (tag === ((KeyValue.key << 3) | WireType.bytes)) {
        const length = readLength(cursor, pairEnd)
        key = cursor.bytes.toString('utf8', cursor.at, cursor.at + length)
        cursor.at += length
      } else if (tag === ((KeyValue.value << 3) | WireType.bytes)) {
        const valueEnd = readLength(cursor, pairEnd) + cursor.at
        value = anyValue(cursor, valueEnd, depth)
        cursor.at = valueEnd
      } else skipField(cursor, tag, pairEnd)
    }
    map.set(key, value)
  })
  return Object.fromEntries(map)
}

/** The value of the last known field of an AnyValue message. */
function anyValue(cursor: BufferCursor, end: number, depth: number): StoredValue {
  let value: StoredValue = null
  while (cursor.at < end) {
    const tag = readVarint32(cursor, end)
    let start = cursor.at
    if ((tag & 7) === WireType.bytes) {
      const length = readLength(cursor, end)
      start = cursor.at
      cursor.at += length
    } else skipField(cursor, tag, end)
    const next = cursor.at
    if (VALUE_TAGS.has(tag)) value = storedValue(cursor.bytes, { field: tag >>> 3, start, end: next }, depth)
  }
  return value
}

const VALUE_TAGS: ReadonlySet<number> = new Set([
  (AnyValue.stringValue << 3) | WireType.bytes,
  (AnyValue.boolValue << 3) | WireType.varint,
  (AnyValue.intValue << 3) | WireType.varint,
  (AnyValue.doubleValue << 3) | WireType.fixed64,
  (AnyValue.arrayValue << 3) | WireType.bytes,
  (AnyValue.kvlistValue << 3) | WireType.bytes,
  (AnyValue.bytesValue << 3) | WireType.bytes,
])

function forEachMessage(cursor: Cursor, end: number, field: number, visit: (end: number) => void): void {
  while (cursor.at < end) {
    const tag = readVarint32(cursor, end)
    if (tag !== ((field << 3) | WireType.bytes)) {
      skipField(cursor, tag, end)
      continue
    }
    const fieldEnd = readLength(cursor, end) + cursor.at
    visit(fieldEnd)
    cursor.at = fieldEnd
  }
}
