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

const TAG_STRING = (AnyValue.stringValue << 3) | WireType.bytes
const TAG_BOOL = (AnyValue.boolValue << 3) | WireType.varint
const TAG_INT = (AnyValue.intValue << 3) | WireType.varint
const TAG_DOUBLE = (AnyValue.doubleValue << 3) | WireType.fixed64

/** Walks one `KeyValue`, of which the cursor stands on the tag already read; returns the warnings it deserves. */
export function scanAttribute(cursor: WireCursor, tag: number, end: number, limits: ScanLimits & { stack: ValueStack }): number {
  const pairEnd = enterBytes(cursor, tag, end)
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
