import { Span, Status, WireType } from '@skein/schemas/otlp-wire'
import { reserveDetails, reserveRows } from './batch-arrays.ts'
import { decodeAttribute } from './decode-attribute.ts'
import type { DecodeState } from './decode-state.ts'
import { type Cursor, readLength, readVarint32, skipField, WireError } from './wire.ts'

const TRACE_ID = (Span.traceId << 3) | WireType.bytes
const SPAN_ID = (Span.spanId << 3) | WireType.bytes
const TRACE_STATE = (Span.traceState << 3) | WireType.bytes
const PARENT_ID = (Span.parentSpanId << 3) | WireType.bytes
const NAME = (Span.name << 3) | WireType.bytes
const KIND = (Span.kind << 3) | WireType.varint
const START = (Span.startTimeUnixNano << 3) | WireType.fixed64
const END = (Span.endTimeUnixNano << 3) | WireType.fixed64
const ATTRIBUTE = (Span.attributes << 3) | WireType.bytes
const EVENT = (Span.events << 3) | WireType.bytes
const LINK = (Span.links << 3) | WireType.bytes
const STATUS = (Span.status << 3) | WireType.bytes

const MS_PER_DAY = 86_400_000
const MS_PER_MINUTE = 60_000
/** Longer ones would not fit 64 bits together with a start. */
const MAX_DURATION_NS = 2 ** 63
const STARTED_OUTSIDE = 1
const ENDED_BEFORE_START = 2

/**
 * Adds the span in `[from, end)` as a row. Throws `WireError` for bytes that are no span and for ids of a wrong length.
 * A span of n bytes has at most n/2 attributes, events or links, so one check of the room is enough.
 */
export function decodeSpan(state: DecodeState, from: number, end: number): void {
  const { batch, bytes, cursor } = state
  const row = batch.length
  reserveRows(batch, row + 1)
  const most = (end - from) >> 1
  reserveDetails(batch, state.attributeCount + most, { events: (state.eventCount + most) * 2, links: (state.linkCount + most) * 2 })
  startRow(state, row)
  let startAt = -1
  let endAt = -1
  cursor.at = from
  while (cursor.at < end) {
    let tag = bytes[cursor.at] as number
    if (tag < 0x80) cursor.at++
    else tag = readVarint32(cursor, end)
    switch (tag) {
      case TRACE_ID:
        batch.traceId[row] = readId(cursor, 16, end)
        break
      case SPAN_ID:
        batch.spanId[row] = readId(cursor, 8, end)
        break
      case PARENT_ID:
        batch.parentId[row] = readParent(cursor, end)
        break
      case START:
        startAt = readFixed64(cursor, end)
        break
      case END:
        endAt = readFixed64(cursor, end)
        break
      case KIND:
        batch.kind[row] = readEnum(cursor, end, 5)
        break
      case ATTRIBUTE:
        decodeAttribute(state, row, end)
        break
      case NAME: {
        const length = readLength(cursor, end)
        batch.nameStart[row] = cursor.at
        cursor.at += length
        batch.nameEnd[row] = cursor.at
        break
      }
      default:
        decodeSeldom(state, { row, tag, end })
    }
  }
  if (cursor.at !== end) throw new WireError('span leaves its message')
  finishRow(state, row, startAt, endAt)
}

function startRow(state: DecodeState, row: number): void {
  const { batch } = state
  batch.envelope[row] = state.envelope
  batch.resource[row] = state.resource
  batch.scope[row] = state.scope
  batch.traceId[row] = -1
  batch.spanId[row] = -1
  batch.parentId[row] = -1
  batch.nameStart[row] = -1
  batch.nameEnd[row] = -1
  batch.traceStateStart[row] = -1
  batch.traceStateEnd[row] = -1
  batch.kind[row] = 0
  batch.status[row] = 0
  batch.messageStart[row] = -1
  batch.messageEnd[row] = -1
  batch.attributeFrom[row] = state.attributeCount
  batch.eventFrom[row] = state.eventCount
  batch.linkFrom[row] = state.linkCount
  state.previousKey = 0
}

function finishRow(state: DecodeState, row: number, startAt: number, endAt: number): void {
  const { batch, view, limits } = state
  const { start } = batch
  if (batch.traceId[row] === -1 || batch.spanId[row] === -1) throw new WireError('span without trace id or span id')
  batch.attributeTo[row] = state.attributeCount
  batch.eventTo[row] = state.eventCount
  batch.linkTo[row] = state.linkCount
  const startLow = startAt < 0 ? 0 : view.getUint32(startAt, true)
  const startHigh = startAt < 0 ? 0 : view.getUint32(startAt + 4, true)
  const endLow = endAt < 0 ? 0 : view.getUint32(endAt, true)
  const endHigh = endAt < 0 ? 0 : view.getUint32(endAt + 4, true)
  const durationNs = (endHigh - startHigh) * 0x1_0000_0000 + (endLow - startLow)
  let flags = 0
  let startUs = startHigh * 4_294_967.296 + startLow / 1000
  start[row * 2] = startLow
  start[row * 2 + 1] = startHigh
  const sinceMs = startUs / 1000 - state.receivedAtMs
  if (sinceMs < -limits.pastDays * MS_PER_DAY || sinceMs > limits.futureMinutes * MS_PER_MINUTE) {
    flags = STARTED_OUTSIDE
    startUs = state.receivedAtMs * 1000
    start[row * 2] = state.receivedLow
    start[row * 2 + 1] = state.receivedHigh
  }
  if (durationNs < 0) flags |= ENDED_BEFORE_START
  batch.flags[row] = flags
  batch.startUs[row] = startUs
  batch.durationNs[row] = durationNs < 0 ? 0 : Math.min(durationNs, MAX_DURATION_NS)
  batch.length = row + 1
}

/** Fields few spans have, and fields that are not known. */
function decodeSeldom(state: DecodeState, field: { row: number; tag: number; end: number }): void {
  const { batch, cursor, limits } = state
  const { row, tag, end } = field
  if (tag === STATUS) {
    const statusEnd = readLength(cursor, end) + cursor.at
    decodeStatus(state, row, statusEnd)
    cursor.at = statusEnd
  } else if (tag === EVENT || tag === LINK) {
    const length = readLength(cursor, end)
    if (tag === EVENT) {
      if (state.eventCount - (batch.eventFrom[row] ?? 0) < limits.events) pushRange(batch.events, state.eventCount++, cursor.at, length)
    } else if (state.linkCount - (batch.linkFrom[row] ?? 0) < limits.links) pushRange(batch.links, state.linkCount++, cursor.at, length)
    cursor.at += length
  } else if (tag === TRACE_STATE) {
    const length = readLength(cursor, end)
    batch.traceStateStart[row] = cursor.at
    cursor.at += length
    batch.traceStateEnd[row] = cursor.at
  } else skipField(cursor, tag, end)
}

function pushRange(ranges: Int32Array, index: number, start: number, length: number): void {
  ranges[index * 2] = start
  ranges[index * 2 + 1] = start + length
}

function decodeStatus(state: DecodeState, row: number, end: number): void {
  const { batch, cursor } = state
  while (cursor.at < end) {
    const tag = readVarint32(cursor, end)
    if (tag === ((Status.code << 3) | WireType.varint)) batch.status[row] = readEnum(cursor, end, 2)
    else if (tag === ((Status.message << 3) | WireType.bytes)) {
      const length = readLength(cursor, end)
      batch.messageStart[row] = cursor.at
      cursor.at += length
      batch.messageEnd[row] = cursor.at
    } else skipField(cursor, tag, end)
  }
}

function readId(cursor: Cursor, length: number, end: number): number {
  if (readLength(cursor, end) !== length) throw new WireError(`id is not ${length} bytes long`)
  const at = cursor.at
  cursor.at += length
  return at
}

/** A root has an empty parent id, or one of zeros. */
function readParent(cursor: Cursor, end: number): number {
  const { bytes } = cursor
  const length = readLength(cursor, end)
  if (length !== 0 && length !== 8) throw new WireError('parent id is not 8 bytes long')
  const at = cursor.at
  cursor.at += length
  for (let i = at; i < cursor.at; i++) if (bytes[i] !== 0) return at
  return -1
}

function readFixed64(cursor: Cursor, end: number): number {
  const at = cursor.at
  if (end - at < 8) throw new WireError('value leaves its message')
  cursor.at = at + 8
  return at
}

/** An enumeration's number; one that is not known is the first. */
function readEnum(cursor: Cursor, end: number, last: number): number {
  const value = readVarint32(cursor, end)
  return value > last ? 0 : value
}
