import { hash } from 'node:crypto'
import { GROUP_FIELD, OWNER_FIELD, RECORD_FIELD, SCHEMA_URL_FIELD, SCOPE_GROUP_FIELD } from '@skein/schemas/otlp-count'
import { InstrumentationScope, Resource, WireType } from '@skein/schemas/otlp-wire'
import { rangesHash, traceHash } from '@skein/schemas/partition'
import { MalformedError, TooLargeError } from './malformed.ts'
import type { RecordIds, RecordKind, RecordScanner, RecordWalk } from './record-kind.ts'
import { createRecordScan, grown, RECORD_STRIDE, RESOURCE_STRIDE, type RecordScan, resetRecordScan, SCOPE_STRIDE } from './record-scan.ts'
import { createIdFold, foldIds, resetIdFold, writeRequestId } from './request-id.ts'
import { createValueStack, scanAttribute } from './scan-attributes.ts'
import type { ScanLimits } from './scan-limits.ts'
import { WARNING_REASONS, Warning } from './scan-limits.ts'
import type { WireCursor } from './wire-cursor.ts'
import { enterBytes, readTag, skipScalar, skipValue } from './wire-cursor.ts'

const MS_PER_DAY = 86_400_000
const MS_PER_MINUTE = 60_000

export interface Scanner {
  /**
   * Finds every record of an export request and checks the whole message on the way. `nowMs` only decides which times are
   * called too early or too late. The answer is reused by the next call.
   * Throws `MalformedError` and `TooLargeError`.
   */
  scan(bytes: Buffer, nowMs: number): RecordScan
}

/** Requests of all signals have the same outer shape; `kind` knows the records in it. */
export function createScanner(limits: ScanLimits, kind: RecordKind): Scanner {
  const scan = createRecordScan()
  const cursor: WireCursor = { bytes: scan.bytes, at: 0 }
  const ids: RecordIds = { traceId: -1, spanId: -1, refused: false }
  const scanner: RecordScanner = {
    records: limits.records,
    recordBytes: limits.recordBytes,
    depth: limits.depth,
    depthHard: limits.depthHard,
    attributes: limits.attributes,
    keyBytes: limits.keyBytes,
    valueBytes: limits.valueBytes,
    logBodyBytes: limits.logBodyBytes,
    events: limits.events,
    links: limits.links,
    pastDays: limits.pastDays,
    futureMinutes: limits.futureMinutes,
    stack: createValueStack(limits.depthHard),
    pastMs: 0,
    futureMs: 0,
  }
  const fold = createIdFold()
  const walk: Walk = { scan, cursor, scanner, ids, kind, fold, seen: 0 }
  return {
    scan(bytes, nowMs) {
      resetRecordScan(scan, bytes)
      resetIdFold(fold)
      cursor.bytes = bytes
      cursor.at = 0
      scanner.pastMs = nowMs - limits.pastDays * MS_PER_DAY
      scanner.futureMs = nowMs + limits.futureMinutes * MS_PER_MINUTE
      walk.seen = 0
      while (cursor.at < bytes.length) {
        const tag = readTag(cursor, bytes.length)
        if (tag >>> 3 === GROUP_FIELD) scanResourceGroup(walk, enterBytes(cursor, tag, bytes.length))
        else skipValue(cursor, tag, bytes.length)
      }
      if (kind.identity === 'ids') writeRequestId(scan.requestId, fold, scan.recordCount)
      else scan.requestId.set(hash('sha256', bytes, 'buffer').subarray(0, scan.requestId.length))
      return scan
    },
  }
}

interface Walk extends RecordWalk {
  kind: RecordKind
  fold: ReturnType<typeof createIdFold>
  /** Records met, accepted or not. */
  seen: number
}

/** What the groups around a record say of it. `hash` is the resource's, for records without a trace. */
interface ResourceAround {
  index: number
  headerBytes: number
  warnings: number
  hash: number
}
interface RecordAround {
  scope: number
  from: number
  warnings: number
  aroundBytes: number
  hash: number
}

// Headers may follow what they describe, so a group is walked twice: its own fields first, then the groups or records in it.
function scanResourceGroup(walk: Walk, end: number): void {
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
    if (field === SCOPE_GROUP_FIELD) {
      cursor.at = enterBytes(cursor, tag, end)
      continue
    }
    if (field === OWNER_FIELD) warnings |= scanOwner(walk, enterBytes(cursor, tag, end), Resource.attributes)
    else if (field === SCHEMA_URL_FIELD) skipScalar(cursor, tag, WireType.bytes, end)
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
  const hash = walk.kind.identity === 'ids' ? 0 : rangesHash(scan.bytes, scan.resourceRanges, firstRange, scan.resourceRangeCount)
  cursor.at = start
  while (cursor.at < end) {
    const tag = readTag(cursor, end)
    if (tag >>> 3 === SCOPE_GROUP_FIELD) scanScopeGroup(walk, enterBytes(cursor, tag, end), { index, headerBytes, warnings, hash })
    else skipValue(cursor, tag, end)
  }
}

function scanScopeGroup(walk: Walk, end: number, resource: ResourceAround): void {
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
    if (field === RECORD_FIELD) {
      cursor.at = enterBytes(cursor, tag, end)
      continue
    }
    if (field === OWNER_FIELD) warnings |= scanOwner(walk, enterBytes(cursor, tag, end), InstrumentationScope.attributes)
    else if (field === SCHEMA_URL_FIELD) skipScalar(cursor, tag, WireType.bytes, end)
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
    if (tag >>> 3 !== RECORD_FIELD) {
      skipValue(cursor, tag, end)
      continue
    }
    const recordEnd = enterBytes(cursor, tag, end)
    takeRecord(walk, recordEnd, { scope: index, from, warnings, aroundBytes, hash: resource.hash })
  }
}

/** Empty groups cost memory too: there may be as many of them as records, and no more than four separate headers a record. */
function boundGroups(walk: Walk, groups: number, ranges: number): void {
  const { records } = walk.scanner
  if (groups > records || ranges > records * 4) throw new TooLargeError(`a request may hold ${records} resource or scope groups`, 'intake_records')
}

function takeRecord(walk: Walk, end: number, around: RecordAround): void {
  const { scan, cursor, scanner, ids } = walk
  if (++walk.seen > scanner.records) throw new TooLargeError(`a request may hold ${scanner.records} records`, 'intake_records')
  const links = scan.linkCount
  const warnings = walk.kind.scan(walk, end) | around.warnings
  if (ids.refused) {
    scan.badIds++
    scan.linkCount = links
    return
  }
  if (end - around.from + around.aroundBytes > scanner.recordBytes) {
    scan.tooLarge++
    scan.linkCount = links
    return
  }
  const at = scan.recordCount * RECORD_STRIDE
  if (at + RECORD_STRIDE > scan.records.length) scan.records = grown(scan.records, at + RECORD_STRIDE)
  scan.records[at] = around.scope
  scan.records[at + 1] = around.from
  scan.records[at + 2] = end
  scan.records[at + 3] = ids.traceId < 0 ? around.hash : traceHash(cursor.bytes, ids.traceId)
  scan.recordCount++
  if (walk.kind.identity === 'ids') foldIds(walk.fold, cursor.bytes, ids.traceId, ids.spanId)
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
