import { isUtf8 } from 'node:buffer'
import { BodyKind } from '@skein/schemas/log'
import { AnyValue, LogRecord, WireType } from '@skein/schemas/otlp-wire'
import { MAX_SEVERITY } from '@skein/schemas/severity'
import { decodeAttribute, decodeValue } from '../decode/decode-attribute.ts'
import type { AttributeState, Tuple } from '../decode/decode-state.ts'
import { msOfWords } from '../decode/nanoseconds.ts'
import type { ReceivedTime } from '../decode/received-time.ts'
import type { WalkState } from '../decode/walk-request.ts'
import { type Cursor, readLength, readVarint32, skipField, WireError } from '../decode/wire.ts'
import { reserveAttributes, reserveLogRows } from './log-arrays.ts'
import { type LogBatch, LogFate } from './log-batch.ts'
import { readFileUid } from './log-uid.ts'
import { type SeverityTexts, textNumber } from './severity-texts.ts'

export interface LogLimits {
  attributes: number
  keyBytes: number
  valueBytes: number
  /** A longer line is cut; the collector that accepted it has said so. */
  logBodyBytes: number
  /** A time older than this against received-at becomes received-at. */
  pastDays: number
  futureMinutes: number
}

/** Where a decode is. One object, one shape: the hot loop reads it. */
export interface LogDecodeState extends AttributeState, ReceivedTime, WalkState {
  batch: LogBatch
  limits: LogLimits
  texts: SeverityTexts
  envelope: number
  /** Row with which the envelope begins. */
  firstRow: number
  /** Where the body of the record stands. */
  body: Tuple
  /** Bodies and names of events that are no plain text: they are put right when all payloads are read. Row, what, field, start, end. */
  unusual: number[]
}

/** What stands in `unusual`. */
export const Unusual = { body: 0, eventName: 1 } as const
export const UNUSUAL_NUMBERS = 5

const TIME = (LogRecord.timeUnixNano << 3) | WireType.fixed64
const OBSERVED = (LogRecord.observedTimeUnixNano << 3) | WireType.fixed64
const SEVERITY = (LogRecord.severityNumber << 3) | WireType.varint
const TEXT = (LogRecord.severityText << 3) | WireType.bytes
const BODY = (LogRecord.body << 3) | WireType.bytes
const ATTRIBUTE = (LogRecord.attributes << 3) | WireType.bytes
const FLAGS = (LogRecord.flags << 3) | WireType.fixed32
const TRACE_ID = (LogRecord.traceId << 3) | WireType.bytes
const SPAN_ID = (LogRecord.spanId << 3) | WireType.bytes
const EVENT_NAME = (LogRecord.eventName << 3) | WireType.bytes

const MS_PER_DAY = 86_400_000
const MS_PER_MINUTE = 60_000

/** Adds the record in `[from, end)` as a row. Throws `WireError` for bytes that are no record. */
export function decodeLog(state: LogDecodeState, from: number, end: number): void {
  const { batch, bytes, cursor } = state
  const row = batch.length
  reserveLogRows(batch, row + 1)
  reserveAttributes(batch, state.attributeCount + ((end - from) >> 1))
  startRow(state, row)
  let time = -1
  let observed = -1
  cursor.at = from
  while (cursor.at < end) {
    let tag = bytes[cursor.at] as number
    if (tag < 0x80) cursor.at++
    else tag = readVarint32(cursor, end)
    switch (tag) {
      case TIME:
        time = readTime(cursor, end)
        break
      case OBSERVED:
        observed = readTime(cursor, end)
        break
      case BODY:
        decodeBody(state, readLength(cursor, end) + cursor.at)
        break
      case ATTRIBUTE:
        decodeAttribute(state, row, end)
        break
      default:
        decodeOther(state, { row, tag, end })
    }
  }
  if (cursor.at !== end) throw new WireError('record leaves its message')
  finishRow(state, row, time >= 0 && !isZero(state.view, time) ? time : observed)
}

function startRow(state: LogDecodeState, row: number): void {
  const { batch, body } = state
  batch.envelope[row] = state.envelope
  batch.place[row] = row - state.firstRow
  batch.resource[row] = state.resource
  batch.service[row] = -1
  batch.scope[row] = state.scope
  batch.severity[row] = 0
  batch.severityText[row] = 0
  batch.traceId[row] = -1
  batch.spanId[row] = -1
  batch.flags[row] = 0
  batch.slots[row] = 0
  batch.fileOffset[row] = -1
  batch.pattern[row * 2] = 0
  batch.pattern[row * 2 + 1] = 0
  batch.fate[row] = LogFate.kept
  batch.attributeFrom[row] = state.attributeCount
  body.field = 0
  state.previousKey = 0
}

function readTime(cursor: Cursor, end: number): number {
  const at = cursor.at
  if (end - at < 8) throw new WireError('value leaves its message')
  cursor.at = at + 8
  return at
}

function isZero(view: DataView, at: number): boolean {
  return view.getUint32(at, true) === 0 && view.getUint32(at + 4, true) === 0
}

/** The usual body is one string that fills its message. */
function decodeBody(state: LogDecodeState, end: number): void {
  const { bytes, cursor, body } = state
  if (cursor.at < end && bytes[cursor.at] === STRING_TAG) {
    cursor.at++
    const length = readLength(cursor, end)
    body.field = AnyValue.stringValue
    body.start = cursor.at
    body.end = cursor.at + length
    cursor.at = body.end
    if (cursor.at === end) return
  }
  decodeValue(cursor, end, body)
  if (cursor.at !== end) throw new WireError('body leaves its message')
}

const STRING_TAG = (AnyValue.stringValue << 3) | WireType.bytes

function decodeOther(state: LogDecodeState, field: { row: number; tag: number; end: number }): void {
  const { batch, cursor } = state
  const { row, tag, end } = field
  if (tag === SEVERITY) {
    const severity = readVarint32(cursor, end)
    batch.severity[row] = severity > MAX_SEVERITY ? 0 : severity
  } else if (tag === TEXT) {
    const stop = readLength(cursor, end) + cursor.at
    batch.severityText[row] = textNumber(state.texts, state, cursor.at, stop)
    cursor.at = stop
  } else if (tag === TRACE_ID) batch.traceId[row] = readId(state, 16, end)
  else if (tag === SPAN_ID) batch.spanId[row] = readId(state, 8, end)
  else if (tag === FLAGS) {
    if (end - cursor.at < 4) throw new WireError('value leaves its message')
    batch.flags[row] = state.bytes[cursor.at] as number
    cursor.at += 4
  } else if (tag === EVENT_NAME) {
    const stop = readLength(cursor, end) + cursor.at
    if (stop > cursor.at) state.unusual.push(row, Unusual.eventName, AnyValue.stringValue, cursor.at, stop)
    cursor.at = stop
  } else skipField(cursor, tag, end)
}

/** A line with an id of another length, or of zeros, has none: that is no reason to lose it. */
function readId(state: LogDecodeState, bytes: number, end: number): number {
  const { cursor, view } = state
  const length = readLength(cursor, end)
  const at = cursor.at
  cursor.at += length
  if (length !== bytes) return -1
  return isZero(view, at) && (bytes === 8 || isZero(view, at + 8)) ? -1 : at
}

function finishRow(state: LogDecodeState, row: number, time: number): void {
  const { batch, view } = state
  setTime(state, row, time < 0 ? 0 : view.getUint32(time, true), time < 0 ? 0 : view.getUint32(time + 4, true))
  if (batch.severity[row] === 0) batch.severity[row] = state.texts.severities[batch.severityText[row] as number] as number
  takeBody(state, row)
  batch.attributeTo[row] = state.attributeCount
  if (batch.slots[row] !== 0) takeUid(state, row)
  batch.length = row + 1
}

/** A time that is missing, or is not believed, is when the record was received. */
function setTime(state: LogDecodeState, row: number, low: number, high: number): void {
  const { batch, limits } = state
  const sinceMs = msOfWords(low, high) - state.receivedAtMs
  const believed = sinceMs >= -limits.pastDays * MS_PER_DAY && sinceMs <= limits.futureMinutes * MS_PER_MINUTE
  batch.timeLow[row] = believed ? low : state.receivedLow
  batch.timeHigh[row] = believed ? high : state.receivedHigh
}

function takeBody(state: LogDecodeState, row: number): void {
  const { batch, body } = state
  const { field, start, end } = body
  batch.bodyKind[row] = BodyKind.text
  const plain = field === AnyValue.stringValue && end - start <= state.limits.logBodyBytes && isSafeText(state, start, end)
  batch.bodyStart[row] = plain ? start : 0
  batch.bodyEnd[row] = plain ? end : 0
  if (!plain && field !== 0) state.unusual.push(row, Unusual.body, field, start, end)
}

/** UTF-8 without NUL. Four bytes at a time are looked at: one of zero, or above ASCII, is looked at closely. */
function isSafeText(state: LogDecodeState, start: number, end: number): boolean {
  const { bytes, view } = state
  let at = start
  for (const last = end - 4; at <= last; at += 4) {
    const word = view.getInt32(at, true)
    if ((((word - 0x0101_0101) | word) & 0x8080_8080) !== 0) return isSafeSlowly(bytes, start, end)
  }
  for (; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === 0 || byte >= 0x80) return isSafeSlowly(bytes, start, end)
  }
  return true
}

function isSafeSlowly(bytes: Buffer, start: number, end: number): boolean {
  const text = bytes.subarray(start, end)
  return !text.includes(0) && isUtf8(text)
}

/** A uid of a tailed file is no attribute: what it says is kept beside. */
function takeUid(state: LogDecodeState, row: number): void {
  const { batch, bytes } = state
  const tuple = (batch.slots[row] as number) - 1
  const at = tuple * 5
  const { attributes } = batch
  const range = { start: attributes[at + 3] as number, end: attributes[at + 4] as number }
  if (attributes[at + 2] !== AnyValue.stringValue || !readFileUid(bytes, range, { file: batch.file, fileOffset: batch.fileOffset, row })) return
  batch.slots[row] = 0
  state.attributeCount--
  batch.attributeTo[row] = state.attributeCount
  // agents write it last
  if (tuple === state.attributeCount) return
  attributes.copyWithin(at, at + 5, (state.attributeCount + 1) * 5)
  batch.attributeKey.copyWithin(tuple, tuple + 1, state.attributeCount + 1)
}
