import type { SpanBatch } from '../decode/span-batch.ts'
import { ID_WORDS } from '../facts/read-facts.ts'
import type { SpanKey } from './span-columns.ts'

/** Ids as little-endian words of their bytes. */
export function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
}

export function readSpanKey(key: SpanKey, batch: SpanBatch, row: number): void {
  const { ids } = batch
  const at = row * ID_WORDS
  key.trace0 = ids[at]!
  key.trace1 = ids[at + 1]!
  key.trace2 = ids[at + 2]!
  key.trace3 = ids[at + 3]!
  key.id0 = ids[at + 4]!
  key.id1 = ids[at + 5]!
}

const TRACE_ID = (1 << 3) | 2
const SPAN_ID = (2 << 3) | 2
const WIRE_BYTES = 2
const WIRE_VARINT = 0
const WIRE_FIXED32 = 5

/** The ids of an OTLP Span.Link message; false when it has not both at their length, or is no such message. */
export function readLinkTarget(key: SpanKey, bytes: Uint8Array, start: number, end: number): boolean {
  let found = 0
  for (let at = start; at < end; ) {
    const tag = bytes[at++]!
    const wire = tag & 7
    if (wire === WIRE_BYTES) {
      const length = lengthAt(bytes, at, end)
      if (length < 0) return false
      at += lengthBytes(bytes, at)
      if (at + length > end) return false
      if (tag === TRACE_ID && length === 16) {
        readTrace(key, bytes, at)
        found |= 1
      } else if (tag === SPAN_ID && length === 8) {
        key.id0 = wordAt(bytes, at)
        key.id1 = wordAt(bytes, at + 4)
        found |= 2
      }
      at += length
    } else if (wire === WIRE_VARINT) at += lengthBytes(bytes, at)
    else at += wire === WIRE_FIXED32 ? 4 : 8
  }
  return found === 3
}

function readTrace(key: SpanKey, bytes: Uint8Array, at: number): void {
  key.trace0 = wordAt(bytes, at)
  key.trace1 = wordAt(bytes, at + 4)
  key.trace2 = wordAt(bytes, at + 8)
  key.trace3 = wordAt(bytes, at + 12)
}

function lengthAt(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start, shift = 0; at < end && shift < 28; at++, shift += 7) {
    value |= (bytes[at]! & 0x7f) << shift
    if (bytes[at]! < 0x80) return value
  }
  return -1
}

function lengthBytes(bytes: Uint8Array, start: number): number {
  let at = start
  while (bytes[at]! >= 0x80) at++
  return at + 1 - start
}
