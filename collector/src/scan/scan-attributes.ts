import { AnyValue, ArrayValue, KeyValue, KeyValueList, WireType } from '@skein/schemas/otlp-wire'
import { MalformedError } from './malformed.ts'
import type { ScanLimits } from './scan-limits.ts'
import { Warning } from './scan-limits.ts'
import type { WireCursor } from './wire-cursor.ts'
import { enterBytes, readLength, readTag, readVarint, skipScalar, skipValue } from './wire-cursor.ts'

const Kind = { any: 0, array: 1, list: 2, pair: 3 } as const

/** Room for the values that lie around the one being read. */
export interface ValueStack {
  ends: Int32Array
  kinds: Uint8Array
}

/** A value inside a list inside a value takes three levels. */
export function createValueStack(depthHard: number): ValueStack {
  return { ends: new Int32Array(depthHard * 3 + 4), kinds: new Uint8Array(depthHard * 3 + 4) }
}

const TAG_KEY = (KeyValue.key << 3) | WireType.bytes
const TAG_VALUE = (KeyValue.value << 3) | WireType.bytes
const TAG_STRING = (AnyValue.stringValue << 3) | WireType.bytes
const TAG_BOOL = (AnyValue.boolValue << 3) | WireType.varint
const TAG_INT = (AnyValue.intValue << 3) | WireType.varint
const TAG_DOUBLE = (AnyValue.doubleValue << 3) | WireType.fixed64

/** Walks one `KeyValue`, of which the cursor stands on the tag already read; returns the warnings it deserves. */
export function scanAttribute(cursor: WireCursor, tag: number, end: number, limits: ScanLimits & { stack: ValueStack }): number {
  const pairEnd = enterBytes(cursor, tag, end)
  if (isPlain(cursor.bytes, cursor.at, pairEnd, limits)) {
    cursor.at = pairEnd
    return 0
  }
  let warnings = 0
  while (cursor.at < pairEnd) {
    const inner = readTag(cursor, pairEnd)
    const field = inner >>> 3
    if (field === KeyValue.key) {
      const keyEnd = enterBytes(cursor, inner, pairEnd)
      if (keyEnd - cursor.at > limits.keyBytes) warnings |= Warning.keyBytes
      cursor.at = keyEnd
    } else if (field === KeyValue.value) {
      const valueEnd = enterBytes(cursor, inner, pairEnd)
      if (valueEnd - cursor.at > limits.valueBytes) warnings |= Warning.valueBytes
      warnings |= scanValue(cursor, valueEnd, limits)
    } else skipValue(cursor, inner, pairEnd)
  }
  return warnings
}

/** Whether the pair is what nearly all are: a key within its limit, and a short scalar behind it within its own. What is not plain may still be right. */
function isPlain(bytes: Uint8Array, at: number, end: number, limits: ScanLimits): boolean {
  if (at + 2 > end || bytes[at] !== TAG_KEY) return false
  const keyLength = bytes[at + 1]!
  const value = at + 2 + keyLength
  if (keyLength > 127 || keyLength > limits.keyBytes || value + 4 > end || bytes[value] !== TAG_VALUE) return false
  const length = bytes[value + 1]!
  return length < 128 && length <= limits.valueBytes && value + 2 + length === end && isPlainScalar(bytes, value + 2, length)
}

/** At least two bytes from `at` on are of the pair. */
function isPlainScalar(bytes: Uint8Array, at: number, length: number): boolean {
  const tag = bytes[at]
  const first = bytes[at + 1]!
  if (tag === TAG_STRING) return first === length - 2
  if (tag === TAG_INT || tag === TAG_BOOL) return length === 2 ? first < 128 : length === 3 && first > 127 && bytes[at + 2]! < 128
  return tag === TAG_DOUBLE && length === 9
}

/** Walks an `AnyValue` up to `end`. Nearly all values are one scalar field; anything else takes the slow walk. */
export function scanValue(cursor: WireCursor, end: number, limits: ScanLimits & { stack: ValueStack }): number {
  const start = cursor.at
  if (start === end) return 0
  const tag = cursor.bytes[start]!
  cursor.at = start + 1
  if (tag === TAG_STRING) cursor.at = readLength(cursor, end)
  else if (tag === TAG_INT || tag === TAG_BOOL) readVarint(cursor, end)
  else if (tag === TAG_DOUBLE) cursor.at += 8
  else cursor.at = start
  if (cursor.at === end) return 0
  cursor.at = start
  return scanNested(cursor, end, limits)
}

function scanNested(cursor: WireCursor, end: number, limits: ScanLimits & { stack: ValueStack }): number {
  const { ends, kinds } = limits.stack
  let level = 0
  let depth = 1
  let warnings = 0
  ends[0] = end
  kinds[0] = Kind.any
  while (level >= 0) {
    const levelEnd = ends[level]!
    const kind = kinds[level]!
    if (cursor.at === levelEnd) {
      if (kind === Kind.any) depth--
      level--
      continue
    }
    const tag = readTag(cursor, levelEnd)
    const child = childKind(kind, tag >>> 3)
    if (child < 0) skipLeaf(cursor, kind, tag, levelEnd)
    else {
      const childEnd = enterBytes(cursor, tag, levelEnd)
      if (child === Kind.any && ++depth > limits.depthHard)
        throw new MalformedError(`value is nested deeper than ${limits.depthHard}`, 'AnyValue', 'intake_depth_hard')
      if (depth > limits.depth) warnings |= Warning.depth
      level++
      if (level >= ends.length) throw new MalformedError(`value is nested deeper than ${limits.depthHard}`, 'AnyValue', 'intake_depth_hard')
      ends[level] = childEnd
      kinds[level] = child
    }
  }
  return warnings
}

/** Kind of the message in a field, −1 when the field is not a message that can nest. */
function childKind(kind: number, field: number): number {
  if (kind === Kind.any) return field === AnyValue.arrayValue ? Kind.array : field === AnyValue.kvlistValue ? Kind.list : -1
  if (kind === Kind.array) return field === ArrayValue.values ? Kind.any : -1
  if (kind === Kind.list) return field === KeyValueList.values ? Kind.pair : -1
  return field === KeyValue.value ? Kind.any : -1
}

function skipLeaf(cursor: WireCursor, kind: number, tag: number, end: number): void {
  const field = tag >>> 3
  if (kind === Kind.pair && field === KeyValue.key) skipScalar(cursor, tag, WireType.bytes, end)
  else if (kind !== Kind.any) skipValue(cursor, tag, end)
  else if (field === AnyValue.stringValue || field === AnyValue.bytesValue) skipScalar(cursor, tag, WireType.bytes, end)
  else if (field === AnyValue.boolValue || field === AnyValue.intValue) skipScalar(cursor, tag, WireType.varint, end)
  else if (field === AnyValue.doubleValue) skipScalar(cursor, tag, WireType.fixed64, end)
  else skipValue(cursor, tag, end)
}
