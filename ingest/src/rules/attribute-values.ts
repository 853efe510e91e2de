import type { FieldValue } from '@skein/schemas/filter/tree'
import { AnyValue, ArrayValue, KeyValue, KeyValueList, Resource, WireType } from '@skein/schemas/otlp-wire'
import type { LineValue } from '@skein/schemas/rules/rule-line'
import type { BatchResource } from '../decode/span-batch.ts'
import { ATTRIBUTE_NUMBERS } from '../decode/batch-arrays.ts'
import { type Cursor, readLength, readVarint32, skipField, WireError } from '../decode/wire.ts'
import type { LogBatch } from '../logs/log-batch.ts'
import { jsonValue } from '../rows/attribute-value.ts'

/** Attributes of a row by name, the last of a name counting, as rules see them. A value that is no message is empty. */
export function attributesOf({ attributes, attributeFrom, attributeTo, bytes }: LogBatch, row: number): Map<string, LineValue> {
  const values = new Map<string, LineValue>()
  const to = attributeTo[row]!
  for (let tuple = attributeFrom[row]!; tuple < to; tuple++) {
    const at = tuple * ATTRIBUTE_NUMBERS
    const name = bytes.toString('utf8', attributes[at], attributes[at + 1])
    values.set(name, valueOf(bytes, { field: attributes[at + 2]!, start: attributes[at + 3]!, end: attributes[at + 4]! }))
  }
  return values
}

interface WireValue {
  field: number
  start: number
  end: number
}

function valueOf(bytes: Buffer, value: WireValue): LineValue {
  try {
    return jsonValue(bytes, value)
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
}

/** Texts, numbers and truths that a resource has, by name. */
export function resourceValues({ bytes }: BatchResource): ReadonlyMap<string, FieldValue> {
  const values = new Map<string, FieldValue>()
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const cursor = { bytes: all, at: 0 }
  forEachField(cursor, all.length, (field, start, end) => {
    if (field === Resource.attributes) addPair(values, { bytes: all, at: start }, end)
  })
  return values
}

function addPair(values: Map<string, FieldValue>, cursor: Cursor & { bytes: Buffer }, end: number): void {
  let name = ''
  let value: LineValue = null
  forEachField(cursor, end, (field, start, fieldEnd) => {
    if (field === KeyValue.key) name = cursor.bytes.toString('utf8', start, fieldEnd)
    else if (field === KeyValue.value) value = anyValue(cursor.bytes, start, fieldEnd)
  })
  if (value !== null && typeof value !== 'object') values.set(name, value)
}

function anyValue(bytes: Buffer, from: number, to: number): LineValue {
  let value: LineValue = null
  const cursor = { bytes, at: from }
  while (cursor.at < to) {
    const tag = readVarint32(cursor, to)
    const field = tag >>> 3
    if ((tag & 7) === WireType.bytes) {
      const length = readLength(cursor, to)
      value = valueOf(bytes, { field, start: cursor.at, end: cursor.at + length })
      cursor.at += length
    } else {
      const start = cursor.at
      skipField(cursor, tag, to)
      value = valueOf(bytes, { field, start, end: cursor.at })
    }
  }
  return value
}

/** Fields of bytes; others are passed over. */
function forEachField(cursor: Cursor, end: number, visit: (field: number, start: number, end: number) => void): void {
  while (cursor.at < end) {
    const tag = readVarint32(cursor, end)
    if ((tag & 7) !== WireType.bytes) {
      skipField(cursor, tag, end)
      continue
    }
    const length = readLength(cursor, end)
    visit(tag >>> 3, cursor.at, cursor.at + length)
    cursor.at += length
  }
}

/** A list or an object as the bytes of an `ArrayValue` or `KeyValueList`, and the field of AnyValue it goes into. */
export function encodeNested(value: LineValue[] | { [name: string]: LineValue }): { field: number; bytes: Uint8Array } {
  if (Array.isArray(value)) return { field: AnyValue.arrayValue, bytes: Buffer.concat(value.map((each) => message(ArrayValue.values, encodeAny(each)))) }
  const pairs = Object.entries(value).map(([name, inner]) =>
    message(KeyValueList.values, Buffer.concat([message(KeyValue.key, Buffer.from(name)), message(KeyValue.value, encodeAny(inner))])),
  )
  return { field: AnyValue.kvlistValue, bytes: Buffer.concat(pairs) }
}

function encodeAny(value: LineValue): Uint8Array {
  if (value === null) return new Uint8Array(0)
  if (typeof value === 'string') return message(AnyValue.stringValue, Buffer.from(value))
  if (typeof value === 'boolean') return Buffer.from([(AnyValue.boolValue << 3) | WireType.varint, value ? 1 : 0])
  if (typeof value === 'number') {
    const double = Buffer.alloc(9)
    double[0] = (AnyValue.doubleValue << 3) | WireType.fixed64
    double.writeDoubleLE(value, 1)
    return Number.isSafeInteger(value)
      ? Buffer.concat([Buffer.from([(AnyValue.intValue << 3) | WireType.varint]), varint(BigInt.asUintN(64, BigInt(value)))])
      : double
  }
  const { field, bytes } = encodeNested(value)
  return message(field, bytes)
}

function message(field: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from([(field << 3) | WireType.bytes]), varint(BigInt(bytes.length)), bytes])
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = value
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Uint8Array.from([...bytes, Number(rest)])
}
