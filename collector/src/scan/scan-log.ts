import { AnyValue, LogRecord, WireType } from '@skein/schemas/otlp-wire'
import { MalformedError } from './malformed.ts'
import { BAD_ID, lateness, readId, readMs } from './read-scalars.ts'
import type { RecordKind, RecordScanner, RecordWalk } from './record-kind.ts'
import { scanAttribute, scanValue } from './scan-attributes.ts'
import { Warning } from './scan-limits.ts'
import type { WireCursor } from './wire-cursor.ts'
import { enterBytes, readTag, skipScalar, skipValue } from './wire-cursor.ts'

/** The same line may be logged twice in a moment, so only all bytes together tell requests of logs apart. */
export const LOG_KIND: RecordKind = { scan: scanLogRecord, identity: 'bytes' }

/**
 * A log record is never refused for its ids: what has no usable trace id belongs to no trace, as the protocol says. One of
 * a wrong length is warned about; zeros and nothing are how SDKs say that there is none.
 */
function scanLogRecord(walk: RecordWalk, end: number): number {
  const { cursor, scanner, ids } = walk
  ids.traceId = -1
  ids.spanId = -1
  ids.refused = false
  let warnings = 0
  let attributes = 0
  let timeAt = -1
  let observedAt = -1
  while (cursor.at < end) {
    const tag = readTag(cursor, end)
    const field = tag >>> 3
    if (field === LogRecord.attributes) {
      attributes++
      warnings |= scanAttribute(cursor, tag, end, scanner)
    } else if (field === LogRecord.body) warnings |= scanBody(cursor, tag, end, scanner)
    else if (field === LogRecord.traceId) ids.traceId = readId(cursor, tag, end, 16)
    else if (field === LogRecord.spanId) ids.spanId = readId(cursor, tag, end, 8)
    else {
      if (field === LogRecord.timeUnixNano) timeAt = cursor.at
      else if (field === LogRecord.observedTimeUnixNano) observedAt = cursor.at
      skipRest(cursor, tag, end)
    }
  }
  if (cursor.at !== end) throw new MalformedError('log record ends inside a field', `byte ${cursor.at}`)
  if (attributes > scanner.attributes) warnings |= Warning.attributes
  if (ids.traceId === BAD_ID || ids.spanId === BAD_ID) warnings |= Warning.badId
  return warnings | clockWarning(walk, timeAt, observedAt)
}

const UNKNOWN = 255
/** Field → the wire type of those that are only checked. */
const WIRE_TYPES = new Uint8Array(16).fill(UNKNOWN)
WIRE_TYPES[LogRecord.timeUnixNano] = WireType.fixed64
WIRE_TYPES[LogRecord.observedTimeUnixNano] = WireType.fixed64
WIRE_TYPES[LogRecord.severityNumber] = WireType.varint
WIRE_TYPES[LogRecord.droppedAttributesCount] = WireType.varint
WIRE_TYPES[LogRecord.severityText] = WireType.bytes
WIRE_TYPES[LogRecord.eventName] = WireType.bytes
WIRE_TYPES[LogRecord.flags] = WireType.fixed32

function skipRest(cursor: WireCursor, tag: number, end: number): void {
  const wireType = WIRE_TYPES[tag >>> 3] ?? UNKNOWN
  if (wireType === UNKNOWN) skipValue(cursor, tag, end)
  else skipScalar(cursor, tag, wireType, end)
}

function scanBody(cursor: WireCursor, tag: number, end: number, scanner: RecordScanner): number {
  const bodyEnd = enterBytes(cursor, tag, end)
  const long = bodyEnd - cursor.at > scanner.logBodyBytes && textBytes(cursor, bodyEnd) > scanner.logBodyBytes ? Warning.logBodyBytes : 0
  return long | scanValue(cursor, bodyEnd, scanner)
}

const TAG_STRING = (AnyValue.stringValue << 3) | WireType.bytes

/** Of a body that is text its bytes, of any other all that it takes. */
function textBytes({ bytes, at }: WireCursor, end: number): number {
  if (bytes[at] !== TAG_STRING) return end - at
  let from = at + 1
  while (from < end && bytes[from]! > 127) from++
  return end - from - 1
}

/** Without a time of its own a record has the time it was observed, and without that the time of arrival. */
function clockWarning({ scan, scanner }: RecordWalk, timeAt: number, observedAt: number): number {
  const ownMs = timeAt < 0 ? 0 : readMs(scan.bytes, timeAt)
  const timeMs = ownMs > 0 || observedAt < 0 ? ownMs : readMs(scan.bytes, observedAt)
  return timeMs > 0 ? lateness(timeMs, scanner) : 0
}
