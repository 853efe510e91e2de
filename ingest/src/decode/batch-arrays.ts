import { SLOT_COUNT } from '@skein/schemas/semantic-conventions'
import { growFloat64, growInt32, growUint32, growUint8 } from './growth.ts'
import type { AttributeRows } from './attribute-rows.ts'
import { ID_WORDS } from '../facts/read-facts.ts'
import { createSpanNames } from '../facts/span-names.ts'
import type { SpanBatch } from './span-batch.ts'

/** Numbers of one attribute in `SpanBatch.attributes`. */
export const ATTRIBUTE_NUMBERS = 5

/** What `decode` fills: a batch, and of each attribute the number of its name. */
export interface DecodedBatch extends SpanBatch, AttributeRows {}

export function createBatch(rows: number): DecodedBatch {
  const int32 = (length: number): Int32Array => new Int32Array(length)
  return {
    bytes: Buffer.alloc(0),
    length: 0,
    envelope: int32(rows),
    envelopes: [],
    resource: int32(rows),
    resources: [],
    scope: int32(rows),
    scopes: [],
    traceId: int32(rows),
    spanId: int32(rows),
    parentId: int32(rows),
    nameStart: int32(rows),
    nameEnd: int32(rows),
    traceStateStart: int32(rows),
    traceStateEnd: int32(rows),
    kind: new Uint8Array(rows),
    status: new Uint8Array(rows),
    messageStart: int32(rows),
    messageEnd: int32(rows),
    startUs: new Float64Array(rows),
    durationNs: new Float64Array(rows),
    attributeFrom: int32(rows),
    attributeTo: int32(rows),
    attributes: int32(rows * 8 * ATTRIBUTE_NUMBERS),
    attributeKey: int32(rows * 8),
    keyCount: 0,
    attributeCount: 0,
    slots: int32(rows * SLOT_COUNT),
    eventFrom: int32(rows),
    eventTo: int32(rows),
    events: int32(64),
    linkFrom: int32(rows),
    linkTo: int32(rows),
    links: int32(64),
    ids: int32(rows * ID_WORDS),
    start: new Uint32Array(rows * 2),
    facts: int32(rows),
    operation: int32(rows),
    peer: int32(rows),
    address: int32(rows),
    viewer: int32(rows * 2),
    names: createSpanNames(),
    flags: new Uint8Array(rows),
  }
}

/** Makes room for `rows` rows. */
export function reserveRows(batch: DecodedBatch, rows: number): void {
  if (rows <= batch.kind.length) return
  const size = Math.max(rows, batch.kind.length * 2)
  for (const name of ROW_INT32) batch[name] = growInt32(batch[name], size)
  for (const name of ROW_UINT8) batch[name] = growUint8(batch[name], size)
  for (const name of ROW_FLOAT64) batch[name] = growFloat64(batch[name], size)
  batch.slots = growInt32(batch.slots, size * SLOT_COUNT)
  batch.ids = growInt32(batch.ids, size * ID_WORDS)
  batch.start = growUint32(batch.start, size * 2)
  batch.viewer = growInt32(batch.viewer, size * 2)
}

const ROW_UINT8 = ['kind', 'status', 'flags'] as const
const ROW_FLOAT64 = ['startUs', 'durationNs'] as const
const ROW_INT32 = [
  'envelope',
  'resource',
  'scope',
  'traceId',
  'spanId',
  'parentId',
  'nameStart',
  'nameEnd',
  'traceStateStart',
  'traceStateEnd',
  'messageStart',
  'messageEnd',
  'attributeFrom',
  'attributeTo',
  'eventFrom',
  'eventTo',
  'linkFrom',
  'linkTo',
  'facts',
  'operation',
  'peer',
  'address',
] as const

/** Makes room for `attributes` attributes, and for `numbers` numbers of events and of links. */
export function reserveDetails(batch: DecodedBatch, attributes: number, numbers: { events: number; links: number }): void {
  if (attributes > batch.attributeKey.length) {
    batch.attributeKey = growInt32(batch.attributeKey, attributes)
    batch.attributes = growInt32(batch.attributes, batch.attributeKey.length * ATTRIBUTE_NUMBERS)
  }
  if (numbers.events > batch.events.length) batch.events = growInt32(batch.events, numbers.events)
  if (numbers.links > batch.links.length) batch.links = growInt32(batch.links, numbers.links)
}
