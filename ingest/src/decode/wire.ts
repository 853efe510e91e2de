import { WireType } from '@skein/schemas/otlp-wire'

/** The bytes are not a protobuf message. */
export class WireError extends Error {
  override readonly name = 'WireError'
}

/**
 * Reads protobuf with a bound and without recursion. `at` is the position after the last read. Nothing is read past `end` unnoticed:
 * a length or varint that leaves its message throws `WireError`.
 */
export interface Cursor {
  bytes: Uint8Array
  at: number
}

/** A varint of up to 32 bits is exact; the higher ones of a longer varint (negative or huge numbers) are dropped. */
export function readVarint32(cursor: Cursor, end: number): number {
  const { bytes } = cursor
  let at = cursor.at
  let value = 0
  for (let shift = 0; shift < 70; shift += 7) {
    if (at >= end) throw new WireError('varint leaves its message')
    const byte = bytes[at++] ?? 0
    if (shift < 32) value |= (byte & 0x7f) << shift
    if (byte < 0x80) {
      cursor.at = at
      return value >>> 0
    }
  }
  throw new WireError('varint of more than ten bytes')
}

/** Reads a length and checks that as many bytes follow inside the message. */
export function readLength(cursor: Cursor, end: number): number {
  const length = readVarint32(cursor, end)
  if (length > end - cursor.at) throw new WireError('length leaves its message')
  return length
}

/** Skips the value of a field whose tag was read. Groups (long deprecated) are skipped whole, 100 deep at most. */
export function skipField(cursor: Cursor, tag: number, end: number): void {
  let depth = 0
  let open = tag
  for (;;) {
    depth += skipValue(cursor, open & 7, end)
    if (depth < 0 || depth > 100) throw new WireError('group ends that did not start, or too deep')
    if (depth === 0) return
    open = readVarint32(cursor, end)
  }
}

/** Returns by how much the depth of groups changes. */
function skipValue(cursor: Cursor, wireType: number, end: number): number {
  switch (wireType) {
    case WireType.varint:
      readVarint32(cursor, end)
      return 0
    case WireType.bytes:
      return advance(cursor, readLength(cursor, end), end)
    case WireType.fixed64:
      return advance(cursor, 8, end)
    case WireType.fixed32:
      return advance(cursor, 4, end)
    case 3:
      return 1
    case 4:
      return -1
    default:
      throw new WireError(`wire type ${wireType}`)
  }
}

function advance(cursor: Cursor, length: number, end: number): number {
  if (length > end - cursor.at) throw new WireError('value leaves its message')
  cursor.at += length
  return 0
}

export interface Fields {
  from: number
  end: number
  /** The number of a length-delimited field. */
  field: number
}

/** Calls back with the range of every field of a number inside a message; the callback may move the cursor. */
export function forEachField(cursor: Cursor, fields: Fields, visit: (from: number, end: number) => void): void {
  const wanted = (fields.field << 3) | WireType.bytes
  const { end } = fields
  cursor.at = fields.from
  while (cursor.at < end) {
    const tag = readVarint32(cursor, end)
    if (tag !== wanted) {
      skipField(cursor, tag, end)
      continue
    }
    const fieldEnd = readLength(cursor, end) + cursor.at
    visit(cursor.at, fieldEnd)
    cursor.at = fieldEnd
  }
}
