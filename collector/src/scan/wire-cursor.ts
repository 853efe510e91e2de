import { WireType } from '@skein/schemas/otlp-wire'
import { MalformedError } from './malformed.ts'

/** A place in protobuf bytes. One object serves a whole scan, so that V8 keeps one shape for it. */
export interface WireCursor {
  bytes: Uint8Array
  at: number
}

/** Reads a varint as an unsigned number. Bits over 53 are lost: only tags, lengths and enums are read this way. */
export function readVarint(cursor: WireCursor, end: number): number {
  const bytes = cursor.bytes
  let at = cursor.at
  if (at >= end) throw new MalformedError('message ends inside a number', `byte ${at}`)
  let byte = bytes[at++]!
  let value = byte & 0x7f
  let scale = 128
  let count = 1
  while (byte > 127) {
    if (at >= end || count === 10) throw new MalformedError('number is cut off or longer than 10 bytes', `byte ${at}`)
    byte = bytes[at++]!
    value += (byte & 0x7f) * scale
    scale *= 128
    count++
  }
  cursor.at = at
  return value
}

/** Reads a field's tag: field number × 8 + wire type. */
export function readTag(cursor: WireCursor, end: number): number {
  const byte = cursor.bytes[cursor.at]!
  if (byte < 128 && byte > 7 && cursor.at < end) {
    cursor.at++
    return byte
  }
  const at = cursor.at
  const tag = readVarint(cursor, end)
  if (tag < 8 || tag > 0xffffffff) throw new MalformedError('field number is out of range', `byte ${at}`)
  return tag
}

/** Reads a length and returns where the content ends; the cursor stands on its first byte. */
export function readLength(cursor: WireCursor, end: number): number {
  const at = cursor.at
  const byte = cursor.bytes[at]!
  let contentEnd: number
  if (at < end && byte < 128) {
    cursor.at = at + 1
    contentEnd = at + 1 + byte
  } else {
    const length = readVarint(cursor, end)
    contentEnd = cursor.at + length
  }
  if (contentEnd > end) throw new MalformedError('length reaches past the end of its message', `byte ${at}`)
  return contentEnd
}

/** Skips the value of a field. Groups (wire types 3 and 4) are refused: OTLP never had any. */
export function skipValue(cursor: WireCursor, tag: number, end: number): void {
  const wireType = tag & 7
  if (wireType === WireType.bytes) cursor.at = readLength(cursor, end)
  else if (wireType === WireType.varint) readVarint(cursor, end)
  else if (wireType === WireType.fixed64 || wireType === WireType.fixed32) {
    cursor.at += wireType === WireType.fixed64 ? 8 : 4
    if (cursor.at > end) throw new MalformedError('message ends inside a fixed-width value', `byte ${cursor.at}`)
  } else throw new MalformedError(`wire type ${wireType} is not part of OTLP`, `byte ${cursor.at}`)
}

/** Expects wire type bytes for a known field and returns where its content ends. */
export function enterBytes(cursor: WireCursor, tag: number, end: number): number {
  if ((tag & 7) !== WireType.bytes) throw new MalformedError(`field ${tag >>> 3} has wire type ${tag & 7}, not bytes`, `byte ${cursor.at}`)
  return readLength(cursor, end)
}

/** For any other known scalar: its wire type must be the declared one. */
export function skipScalar(cursor: WireCursor, tag: number, wireType: number, end: number): void {
  if ((tag & 7) !== wireType) throw new MalformedError(`field ${tag >>> 3} has wire type ${tag & 7}, not ${wireType}`, `byte ${cursor.at}`)
  skipValue(cursor, tag, end)
}
