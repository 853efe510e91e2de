import type { AttributeKeys } from './attribute-keys.ts'
import type { AttributeRows } from './attribute-rows.ts'
import type { DecodedBatch } from './batch-arrays.ts'
import type { ReceivedTime } from './received-time.ts'
import type { Cursor } from './wire.ts'

export interface DecodeLimits {
  /** A start older than this against received-at becomes received-at. */
  pastDays: number
  futureMinutes: number
  /** What is beyond these is cut from a span; the collector that accepted it has said so. */
  attributes: number
  keyBytes: number
  valueBytes: number
  events: number
  links: number
}

/** Where a decode of attributes is. */
export interface AttributeState {
  /** `slots[row * slotCount + slot]` = tuple index + 1 of the attribute with that meaning. */
  batch: AttributeRows & { slots: Int32Array }
  bytes: Buffer
  view: DataView
  cursor: Cursor
  keys: AttributeKeys
  limits: Pick<DecodeLimits, 'attributes' | 'keyBytes' | 'valueBytes'>
  attributeCount: number
  /** Key of the attribute before, 0 before the first of a row. */
  previousKey: number
  /** Room for the attribute that is being read. */
  tuple: Tuple
}

/** Where key and value of an attribute stand; `field` of AnyValue, 0 = empty. */
export interface Tuple {
  keyStart: number
  keyEnd: number
  field: number
  start: number
  end: number
}

/** Where a decode is, and what its spans belong to. One object, one shape: the hot loop reads it. */
export interface DecodeState extends AttributeState, ReceivedTime {
  batch: DecodedBatch
  limits: DecodeLimits
  eventCount: number
  linkCount: number
  envelope: number
  scope: number
  resource: number
}
