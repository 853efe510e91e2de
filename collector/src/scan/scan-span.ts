import { Span, SpanEvent, SpanLink, Status, WireType } from '@skein/schemas/otlp-wire'
import { traceHash } from '@skein/schemas/partition'
import { MalformedError } from './malformed.ts'
import { scanAttribute } from './scan-attributes.ts'
import { Warning } from './scan-limits.ts'
import { lateness, readId, readMs } from './read-scalars.ts'
import type { RecordKind, RecordScanner, RecordWalk } from './record-kind.ts'
import { grown } from './record-scan.ts'
import type { WireCursor } from './wire-cursor.ts'
import { enterBytes, readTag, skipScalar, skipValue } from './wire-cursor.ts'

export const SPAN_KIND: RecordKind = { scan: scanSpan, identity: 'ids' }

function scanSpan(walk: RecordWalk, end: number): number {
  const { scan, cursor, scanner, ids } = walk
  ids.traceId = -1
  ids.spanId = -1
  let badParent = false
  let warnings = 0
  let attributes = 0
  let events = 0
  let links = 0
  let linksWithin = scan.linkCount
  let startAt = -1
  let endAt = -1
  while (cursor.at < end) {
    const tag = readTag(cursor, end)
    switch (tag >>> 3) {
      case Span.attributes:
        attributes++
        warnings |= scanAttribute(cursor, tag, end, scanner)
        break
      case Span.traceId:
        ids.traceId = readId(cursor, tag, end, 16)
        break
      case Span.spanId:
        ids.spanId = readId(cursor, tag, end, 8)
        break
      case Span.parentSpanId: {
        const idEnd = enterBytes(cursor, tag, end)
        badParent = idEnd !== cursor.at && idEnd - cursor.at !== 8
        cursor.at = idEnd
        break
      }
      case Span.startTimeUnixNano:
        startAt = cursor.at
        skipScalar(cursor, tag, WireType.fixed64, end)
        break
      case Span.endTimeUnixNano:
        endAt = cursor.at
        skipScalar(cursor, tag, WireType.fixed64, end)
        break
      case Span.name:
      case Span.traceState:
        cursor.at = enterBytes(cursor, tag, end)
        break
      case Span.kind:
      case Span.droppedAttributesCount:
      case Span.droppedEventsCount:
      case Span.droppedLinksCount:
        skipScalar(cursor, tag, WireType.varint, end)
        break
      case Span.events:
        events++
        warnings |= scanEvent(cursor, tag, end, scanner)
        break
      case Span.links:
        warnings |= scanLink(walk, tag, end)
        if (++links > scanner.links) scan.linkCount = linksWithin
        else linksWithin = scan.linkCount
        break
      case Span.status:
        scanStatus(cursor, tag, end)
        break
      case Span.flags:
        skipScalar(cursor, tag, WireType.fixed32, end)
        break
      default:
        skipValue(cursor, tag, end)
    }
  }
  if (cursor.at !== end) throw new MalformedError('span ends inside a field', `byte ${cursor.at}`)
  ids.refused = badParent || ids.traceId < 0 || ids.spanId < 0
  if (attributes > scanner.attributes) warnings |= Warning.attributes
  if (events > scanner.events) warnings |= Warning.events
  if (links > scanner.links) warnings |= Warning.links
  return warnings | clockWarnings(scan.bytes, startAt, endAt, scanner)
}

function clockWarnings(bytes: Uint8Array, startAt: number, endAt: number, scanner: RecordScanner): number {
  const startMs = startAt < 0 ? 0 : readMs(bytes, startAt)
  const late = lateness(startMs, scanner)
  const endMs = endAt < 0 ? 0 : readMs(bytes, endAt)
  return endMs < startMs ? late | Warning.negativeDuration : late
}

function scanEvent(cursor: WireCursor, tag: number, end: number, scanner: RecordScanner): number {
  const eventEnd = enterBytes(cursor, tag, end)
  let warnings = 0
  let attributes = 0
  while (cursor.at < eventEnd) {
    const inner = readTag(cursor, eventEnd)
    const field = inner >>> 3
    if (field === SpanEvent.attributes) {
      attributes++
      warnings |= scanAttribute(cursor, inner, eventEnd, scanner)
    } else if (field === SpanEvent.timeUnixNano) skipScalar(cursor, inner, WireType.fixed64, eventEnd)
    else if (field === SpanEvent.name) skipScalar(cursor, inner, WireType.bytes, eventEnd)
    else if (field === SpanEvent.droppedAttributesCount) skipScalar(cursor, inner, WireType.varint, eventEnd)
    else skipValue(cursor, inner, eventEnd)
  }
  return attributes > scanner.attributes ? warnings | Warning.attributes : warnings
}

// A link whose trace id is unusable is kept in the bytes; it only leads nowhere.
function scanLink({ scan, cursor, scanner }: RecordWalk, tag: number, end: number): number {
  const linkEnd = enterBytes(cursor, tag, end)
  let warnings = 0
  let attributes = 0
  let traceId = -1
  while (cursor.at < linkEnd) {
    const inner = readTag(cursor, linkEnd)
    const field = inner >>> 3
    if (field === SpanLink.traceId) traceId = readId(cursor, inner, linkEnd, 16)
    else if (field === SpanLink.attributes) {
      attributes++
      warnings |= scanAttribute(cursor, inner, linkEnd, scanner)
    } else if (field === SpanLink.spanId || field === SpanLink.traceState) skipScalar(cursor, inner, WireType.bytes, linkEnd)
    else if (field === SpanLink.droppedAttributesCount) skipScalar(cursor, inner, WireType.varint, linkEnd)
    else if (field === SpanLink.flags) skipScalar(cursor, inner, WireType.fixed32, linkEnd)
    else skipValue(cursor, inner, linkEnd)
  }
  if (traceId >= 0) {
    scan.links = grown(scan.links, (scan.linkCount + 1) * 2)
    scan.links[scan.linkCount * 2] = scan.recordCount
    scan.links[scan.linkCount * 2 + 1] = traceHash(cursor.bytes, traceId)
    scan.linkCount++
  }
  return attributes > scanner.attributes ? warnings | Warning.attributes : warnings
}

function scanStatus(cursor: WireCursor, tag: number, end: number): void {
  const statusEnd = enterBytes(cursor, tag, end)
  while (cursor.at < statusEnd) {
    const inner = readTag(cursor, statusEnd)
    if (inner >>> 3 === Status.message) skipScalar(cursor, inner, WireType.bytes, statusEnd)
    else if (inner >>> 3 === Status.code) skipScalar(cursor, inner, WireType.varint, statusEnd)
    else skipValue(cursor, inner, statusEnd)
  }
}
