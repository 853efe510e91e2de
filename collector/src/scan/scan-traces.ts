import { ExportTraceServiceRequest, InstrumentationScope, Resource, ResourceSpans, ScopeSpans, WireType } from '@skein/schemas/otlp-wire'
import { traceHash } from '@skein/schemas/partition'
import { MalformedError, TooLargeError } from './malformed.ts'
import { createIdFold, foldIds, resetIdFold, writeRequestId } from './request-id.ts'
import { createValueStack, scanAttribute } from './scan-attributes.ts'
import type { ScanLimits } from './scan-limits.ts'
import { WARNING_REASONS, Warning } from './scan-limits.ts'
import type { SpanIds, SpanScanner, SpanWalk } from './scan-span.ts'
import { scanSpan } from './scan-span.ts'
import { createTraceScan, grown, RESOURCE_STRIDE, resetTraceScan, SCOPE_STRIDE, SPAN_STRIDE, type TraceScan } from './trace-scan.ts'
import type { WireCursor } from './wire-cursor.ts'
import { enterBytes, readTag, skipScalar, skipValue } from './wire-cursor.ts'

const MS_PER_DAY = 86_400_000
const MS_PER_MINUTE = 60_000

export interface TraceScanner {
  /**
   * Finds every span of an ExportTraceServiceRequest and checks the whole message on the way. `nowMs` only decides which
   * starts are called too early or too late. The answer is reused by the next call.
   * Throws `MalformedError` and `TooLargeError`.
   */
  scan(bytes: Buffer, nowMs: number): TraceScan
}

export function createTraceScanner(limits: ScanLimits): TraceScanner {
  const scan = createTraceScan()
  const cursor: WireCursor = { bytes: scan.bytes, at: 0 }
  const ids: SpanIds = { traceId: -1, spanId: -1, badParent: false }
  const scanner: SpanScanner = {
    records: limits.records,
    recordBytes: limits.recordBytes,
    depth: limits.depth,
    depthHard: limits.depthHard,
    attributes: limits.attributes,
    keyBytes: limits.keyBytes,
    valueBytes: limits.valueBytes,
    events: limits.events,
    links: limits.links,
    pastDays: limits.pastDays,
    futureMinutes: limits.futureMinutes,
    stack: createValueStack(limits.depthHard),
    pastMs: 0,
    futureMs: 0,
  }
  const fold = createIdFold()
  const walk: Walk = { scan, cursor, scanner, ids, fold, seen: 0 }
  return {
    scan(bytes, nowMs) {
      resetTraceScan(scan, bytes)
      resetIdFold(fold)
      cursor.bytes = bytes
      cursor.at = 0
      scanner.pastMs = nowMs - limits.pastDays * MS_PER_DAY
      scanner.futureMs = nowMs + limits.futureMinutes * MS_PER_MINUTE
      walk.seen = 0
      while (cursor.at < bytes.length) {
        const tag = readTag(cursor, bytes.length)
        if (tag >>> 3 === ExportTraceServiceRequest.resourceSpans) scanResourceSpans(walk, enterBytes(cursor, tag, bytes.length))
        else skipValue(cursor, tag, bytes.length)
      }
      writeRequestId(scan.requestId, fold, scan.spanCount)
      return scan
    },
  }
}

interface Walk extends SpanWalk {
  fold: ReturnType<typeof createIdFold>
  /** Records met, accepted or not. */
  seen: number
}

// Headers may follow what they describe, so a group is walked twice: its own fields first, then the groups or spans in it.
function scanResourceSpans(walk: Walk, end: number): void {
  const { scan, cursor } = walk
  const start = cursor.at
  const index = scan.resourceCount++
  boundGroups(walk, scan.resourceCount, scan.resourceRangeCount)
  const firstRange = scan.resourceRangeCount
  let headerBytes = 0
  let warnings = 0
  while (cursor.at < end) {
    const from = cursor.at
    const tag = readTag(cursor, end)
    const field = tag >>> 3
    if (field === ResourceSpans.scopeSpans) {
      cursor.at = enterBytes(cursor, tag, end)
      continue
    }
    if (field === ResourceSpans.resource) warnings |= scanOwner(walk, enterBytes(cursor, tag, end), Resource.attributes)
    else if (field === ResourceSpans.schemaUrl) skipScalar(cursor, tag, WireType.bytes, end)
    else skipValue(cursor, tag, end)
    headerBytes += cursor.at - from
    scan.resourceRanges = grown(scan.resourceRanges, (scan.resourceRangeCount + 1) * 2)
    boundGroups(walk, 0, scan.resourceRangeCount)
    scan.resourceRangeCount = addRange(scan.resourceRanges, scan.resourceRangeCount, firstRange, [from, cursor.at])
  }
  if (cursor.at !== end) throw new MalformedError('resource group ends inside a field', `byte ${cursor.at}`)
  scan.resources = grown(scan.resources, scan.resourceCount * RESOURCE_STRIDE)
  scan.resources[index * RESOURCE_STRIDE] = firstRange
  scan.resources[index * RESOURCE_STRIDE + 1] = scan.resourceRangeCount - firstRange
  scan.resources[index * RESOURCE_STRIDE + 2] = headerBytes
  cursor.at = start
  while (cursor.at < end) {
    const tag = readTag(cursor, end)
    if (tag >>> 3 === ResourceSpans.scopeSpans) scanScopeSpans(walk, enterBytes(cursor, tag, end), { index, headerBytes, warnings })
    else skipValue(cursor, tag, end)
  }
}

function scanScopeSpans(walk: Walk, end: number, resource: { index: number; headerBytes: number; warnings: number }): void {
  const { scan, cursor } = walk
  const start = cursor.at
  const index = scan.scopeCount++
  boundGroups(walk, scan.scopeCount, scan.scopeRangeCount)
  const firstRange = scan.scopeRangeCount
  let headerBytes = 0
  let warnings = resource.warnings
  while (cursor.at < end) {
    const from = cursor.at
    const tag = readTag(cursor, end)
    const field = tag >>> 3
    if (field === ScopeSpans.spans) {
      cursor.at = enterBytes(cursor, tag, end)
      continue
    }
    if (field === ScopeSpans.scope) warnings |= scanOwner(walk, enterBytes(cursor, tag, end), InstrumentationScope.attributes)
    else if (field === ScopeSpans.schemaUrl) skipScalar(cursor, tag, WireType.bytes, end)
    else skipValue(cursor, tag, end)
    headerBytes += cursor.at - from
    scan.scopeRanges = grown(scan.scopeRanges, (scan.scopeRangeCount + 1) * 2)
    boundGroups(walk, 0, scan.scopeRangeCount)
    scan.scopeRangeCount = addRange(scan.scopeRanges, scan.scopeRangeCount, firstRange, [from, cursor.at])
  }
  if (cursor.at !== end) throw new MalformedError('scope group ends inside a field', `byte ${cursor.at}`)
  scan.scopes = grown(scan.scopes, scan.scopeCount * SCOPE_STRIDE)
  scan.scopes[index * SCOPE_STRIDE] = resource.index
  scan.scopes[index * SCOPE_STRIDE + 1] = firstRange
  scan.scopes[index * SCOPE_STRIDE + 2] = scan.scopeRangeCount - firstRange
  scan.scopes[index * SCOPE_STRIDE + 3] = headerBytes
  cursor.at = start
  const aroundBytes = headerBytes + resource.headerBytes
  while (cursor.at < end) {
    const from = cursor.at
    const tag = readTag(cursor, end)
    if (tag >>> 3 !== ScopeSpans.spans) {
      skipValue(cursor, tag, end)
      continue
    }
    const spanEnd = enterBytes(cursor, tag, end)
    takeSpan(walk, spanEnd, { scope: index, from, warnings, aroundBytes })
  }
}

/** Empty groups cost memory too: there may be as many of them as spans, and no more than four separate headers a span. */
function boundGroups(walk: Walk, groups: number, ranges: number): void {
  const { records } = walk.scanner
  if (groups > records || ranges > records * 4) throw new TooLargeError(`a request may hold ${records} resource or scope groups`, 'intake_records')
}

function takeSpan(walk: Walk, end: number, around: { scope: number; from: number; warnings: number; aroundBytes: number }): void {
  const { scan, cursor, scanner, ids } = walk
  if (++walk.seen > scanner.records) throw new TooLargeError(`a request may hold ${scanner.records} spans`, 'intake_records')
  const links = scan.linkCount
  const warnings = scanSpan(walk, end) | around.warnings
  if (ids.traceId < 0 || ids.spanId < 0 || ids.badParent) {
    scan.badIds++
    scan.linkCount = links
    return
  }
  if (end - around.from + around.aroundBytes > scanner.recordBytes) {
    scan.tooLarge++
    scan.linkCount = links
    return
  }
  const at = scan.spanCount * SPAN_STRIDE
  if (at + SPAN_STRIDE > scan.spans.length) scan.spans = grown(scan.spans, at + SPAN_STRIDE)
  scan.spans[at] = around.scope
  scan.spans[at + 1] = around.from
  scan.spans[at + 2] = end
  scan.spans[at + 3] = traceHash(cursor.bytes, ids.traceId)
  scan.spanCount++
  foldIds(walk.fold, cursor.bytes, ids.traceId, ids.spanId)
  if (warnings !== 0) countWarnings(scan.warnings, warnings)
}

/** Resource and InstrumentationScope: their attributes, and every other field well-formed. */
function scanOwner(walk: Walk, end: number, attributesField: number): number {
  const { cursor, scanner } = walk
  let warnings = 0
  let attributes = 0
  while (cursor.at < end) {
    const tag = readTag(cursor, end)
    if (tag >>> 3 === attributesField) {
      attributes++
      warnings |= scanAttribute(cursor, tag, end, scanner)
    } else skipValue(cursor, tag, end)
  }
  return attributes > scanner.attributes ? warnings | Warning.attributes : warnings
}

/** Adds a range, or makes the last one of the same group longer when they touch; returns the number of ranges. */
function addRange(ranges: Int32Array, count: number, first: number, range: readonly [number, number]): number {
  if (count > first && ranges[count * 2 - 1] === range[0]) {
    ranges[count * 2 - 1] = range[1]
    return count
  }
  ranges[count * 2] = range[0]
  ranges[count * 2 + 1] = range[1]
  return count + 1
}

function countWarnings(counts: Int32Array, warnings: number): void {
  for (let bit = 0; bit < WARNING_REASONS.length; bit++) if (warnings & (1 << bit)) counts[bit]!++
}
