import type { RecordScan } from './record-scan.ts'
import type { ValueStack } from './scan-attributes.ts'
import type { ScanLimits } from './scan-limits.ts'
import type { WireCursor } from './wire-cursor.ts'

export interface RecordScanner extends ScanLimits {
  stack: ValueStack
  /** Bounds of a believable time, Unix ms. */
  pastMs: number
  futureMs: number
}

/** What the walk of a record found. */
export interface RecordIds {
  /** Offsets of usable ids, else negative, as `readId` says. */
  traceId: number
  spanId: number
  /** The record cannot be taken for its ids. */
  refused: boolean
}

export interface RecordWalk {
  scan: RecordScan
  cursor: WireCursor
  scanner: RecordScanner
  ids: RecordIds
}

/** What is particular to one signal in the walk over an export request. */
export interface RecordKind {
  /** Walks a record's content up to `end`, fills `ids`, notes links, and returns the warnings it deserves. Throws `MalformedError`. */
  scan(walk: RecordWalk, end: number): number
  /** What tells requests apart: the ids of their accepted records, which all have some, or all their bytes. */
  identity: 'ids' | 'bytes'
}
