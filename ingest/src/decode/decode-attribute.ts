import { AnyValue, KeyValue, WireType } from '@skein/schemas/otlp-wire'
import { coverKeys } from './attribute-keys.ts'
import { ATTRIBUTE_NUMBERS } from './batch-arrays.ts'
import type { AttributeState, Tuple } from './decode-state.ts'
import { type Cursor, readLength, readVarint32, skipField } from './wire.ts'

const KEY = (KeyValue.key << 3) | WireType.bytes
const VALUE = (KeyValue.value << 3) | WireType.bytes

/** The usual attribute is a short key and one value, each filling its message; anything else goes the slow way. */
export function decodeAttribute(state: AttributeState, row: number, spanEnd: number): void {
  const { cursor, bytes } = state
  const end = readLength(cursor, spanEnd) + cursor.at
  const at = cursor.at
  const keyLength = bytes[at + 1] as number
  const keyEnd = at + 2 + keyLength
  const valueAt = keyEnd + 2
  if (bytes[at] === KEY && keyLength < 0x80 && valueAt < end && bytes[keyEnd] === VALUE && valueAt + (bytes[keyEnd + 1] as number) === end) {
    const start = valueStart(bytes, valueAt, end)
    if (start >= 0) {
      const { tuple } = state
      tuple.keyStart = at + 2
      tuple.keyEnd = keyEnd
      tuple.field = (bytes[valueAt] as number) >> 3
      tuple.start = start
      tuple.end = end
      pushAttribute(state, row, tuple)
      cursor.at = end
      return
    }
  }
  decodeAnyAttribute(state, row, end)
  cursor.at = end
}

/** Where the value of an AnyValue begins that is one field filling `[at, end)`, its length below 128; −1 for any other. */
function valueStart(bytes: Uint8Array, at: number, end: number): number {
  const tag = bytes[at] as number
  const start = at + 1
  if (tag === INT || tag === BOOL) return isVarint(bytes, start, end) ? start : -1
  if (tag === DOUBLE) return end - start === 8 ? start : -1
  if (tag !== STRING && tag !== LIST && tag !== MAP && tag !== BYTES) return -1
  return start < end && start + 1 + (bytes[start] as number) === end ? start + 1 : -1
}

const BOOL = (AnyValue.boolValue << 3) | WireType.varint
const INT = (AnyValue.intValue << 3) | WireType.varint
const DOUBLE = (AnyValue.doubleValue << 3) | WireType.fixed64
const STRING = (AnyValue.stringValue << 3) | WireType.bytes
const LIST = (AnyValue.arrayValue << 3) | WireType.bytes
const MAP = (AnyValue.kvlistValue << 3) | WireType.bytes
const BYTES = (AnyValue.bytesValue << 3) | WireType.bytes

/** Whether `[start, end)` is exactly one varint. */
function isVarint(bytes: Uint8Array, start: number, end: number): boolean {
  if (end <= start || end - start > 10) return false
  let at = start
  while (at < end - 1 && (bytes[at] as number) >= 0x80) at++
  return at === end - 1 && (bytes[at] as number) < 0x80
}

function decodeAnyAttribute(state: AttributeState, row: number, end: number): void {
  const { cursor } = state
  const tuple: Tuple = { keyStart: cursor.at, keyEnd: cursor.at, field: 0, start: cursor.at, end: cursor.at }
  while (cursor.at < end) {
    const tag = readVarint32(cursor, end)
    if (tag === KEY) {
      const length = readLength(cursor, end)
      tuple.keyStart = cursor.at
      cursor.at += length
      tuple.keyEnd = cursor.at
    } else if (tag === VALUE) {
      const valueEnd = readLength(cursor, end) + cursor.at
      decodeValue(cursor, valueEnd, tuple)
      cursor.at = valueEnd
    } else skipField(cursor, tag, end)
  }
  pushAttribute(state, row, tuple)
}

/** The last field of the value counts, as in any oneof. */
export function decodeValue(cursor: Cursor, end: number, tuple: Tuple): void {
  while (cursor.at < end) {
    const tag = readVarint32(cursor, end)
    const field = tag >>> 3
    const known = tag === BOOL || tag === INT || tag === DOUBLE || ((tag & 7) === WireType.bytes && VALUE_FIELDS.has(field))
    let start = cursor.at
    if ((tag & 7) === WireType.bytes) {
      const length = readLength(cursor, end)
      start = cursor.at
      cursor.at += length
    } else skipField(cursor, tag, end)
    if (!known) continue
    tuple.field = field
    tuple.start = start
    tuple.end = cursor.at
  }
}

const VALUE_FIELDS: ReadonlySet<number> = new Set([AnyValue.stringValue, AnyValue.arrayValue, AnyValue.kvlistValue, AnyValue.bytesValue])

function pushAttribute(state: AttributeState, row: number, tuple: Tuple): void {
  const { batch, keys, limits } = state
  const index = state.attributeCount
  if (index - (batch.attributeFrom[row] as number) >= limits.attributes) return
  if (tuple.keyEnd - tuple.keyStart > limits.keyBytes) tuple.keyEnd = cutText(state.bytes, tuple.keyStart, limits.keyBytes)
  if (tuple.end - tuple.start > limits.valueBytes && !cutValue(state, tuple)) return
  state.attributeCount = index + 1
  const at = index * ATTRIBUTE_NUMBERS
  const { attributes } = batch
  attributes[at] = tuple.keyStart
  attributes[at + 1] = tuple.keyEnd
  attributes[at + 2] = tuple.field
  attributes[at + 3] = tuple.start
  attributes[at + 4] = tuple.end
  let key = keys.next[state.previousKey] as number
  if (!keys.interner.is(key, state.view, tuple.keyStart, tuple.keyEnd)) {
    key = keys.interner.intern(state.bytes, state.view, tuple.keyStart, tuple.keyEnd)
    if (key >= keys.slot.length) coverKeys(keys)
    keys.next[state.previousKey] = key
  }
  state.previousKey = key
  batch.attributeKey[index] = key
  const slot = keys.slot[key] as number
  if (slot !== 0) fillSlot(state, { at: row * keys.meanings.slotCount + slot - 1, key, index })
}

function fillSlot(state: AttributeState, slot: { at: number; key: number; index: number }): void {
  const { batch, keys } = state
  const other = (batch.slots[slot.at] as number) - 1
  if (other >= 0 && (keys.rank[batch.attributeKey[other] as number] as number) <= (keys.rank[slot.key] as number)) return
  batch.slots[slot.at] = slot.index + 1
}

/** Texts and bytes are cut, a list that is too long is left out: half of one is no value. */
function cutValue(state: AttributeState, tuple: Tuple): boolean {
  if (tuple.field === AnyValue.stringValue) tuple.end = cutText(state.bytes, tuple.start, state.limits.valueBytes)
  else if (tuple.field === AnyValue.bytesValue) tuple.end = tuple.start + state.limits.valueBytes
  else return false
  return true
}

/** The end of at most `length` bytes of UTF-8 that does not cut a character in two. */
export function cutText(bytes: Uint8Array, start: number, length: number): number {
  let end = start + length
  while (end > start && ((bytes[end] as number) & 0xc0) === 0x80) end--
  return end
}
