import type { RecordScanner } from './record-kind.ts'
import { Warning } from './scan-limits.ts'
import type { WireCursor } from './wire-cursor.ts'
import { enterBytes } from './wire-cursor.ts'

const NS_PER_MS = 1e6
const U32 = 4294967296

/** What `readId` returns when there is no id, or only zeros, and when it is of another length. */
const NO_ID = -1
export const BAD_ID = -2

/** Offset of an id of the right length that is not all zero, else a negative number. */
export function readId(cursor: WireCursor, tag: number, end: number, length: number): number {
  const idEnd = enterBytes(cursor, tag, end)
  const at = cursor.at
  cursor.at = idEnd
  if (idEnd === at) return NO_ID
  if (idEnd - at !== length) return BAD_ID
  for (let i = at; i < idEnd; i++) if (cursor.bytes[i] !== 0) return at
  return NO_ID
}

/** A fixed64 of Unix ns as Unix ms. */
export function readMs(bytes: Uint8Array, at: number): number {
  const low = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
  const high = (bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24)) >>> 0
  return (high * U32 + low) / NS_PER_MS
}

/** The warning for a time outside of what is believable. */
export function lateness(timeMs: number, scanner: RecordScanner): number {
  return timeMs < scanner.pastMs ? Warning.past : timeMs > scanner.futureMs ? Warning.future : 0
}
