import { ExportTraceServiceRequest, InstrumentationScope, ResourceSpans, ScopeSpans, WireType } from '@skein/schemas/otlp-wire'
import { findMessage, type MessageTable } from './message-table.ts'
import type { BatchResource } from './span-batch.ts'
import { type Cursor, forEachField, readLength, readVarint32, skipField, WireError } from './wire.ts'

/** Where a walk is, and what the records there belong to. */
export interface WalkState {
  bytes: Buffer
  view: DataView
  cursor: Cursor
  scope: number
  resource: number
}

/** An export request of spans or of log records: both nest their records alike, under the same field numbers. */
export interface RequestWalk<Mark> {
  state: WalkState
  scopes: MessageTable<string>
  resources: MessageTable<BatchResource>
  /** Takes the record in `[from, end)`; throws `WireError` for bytes that are none. */
  record(from: number, end: number): void
  /** How much was taken so far, and back to there. */
  mark(): Mark
  rewind(to: Mark): void
}

/** False when the payload in `[from, end)` is malformed; then it is as if it had not been there. */
export function walkRequest<Mark>(walk: RequestWalk<Mark>, from: number, end: number): boolean {
  const before = walk.mark()
  try {
    forEachField(walk.state.cursor, { from, end, field: ExportTraceServiceRequest.resourceSpans }, (at, stop) => walkResource(walk, at, stop))
    return true
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    walk.rewind(before)
    return false
  }
}

/** A resource may stand behind its records, or in several pieces: it is found first. */
function walkResource<Mark>(walk: RequestWalk<Mark>, from: number, end: number): void {
  const { state } = walk
  state.resource = findMessage(state, walk.resources, { from, end, field: ResourceSpans.resource })
  forEachField(state.cursor, { from, end, field: ResourceSpans.scopeSpans }, (at, stop) => walkScope(walk, at, stop))
}

/** The scope stands before its records as a rule, so one pass takes them; if a piece of it comes later they are taken again. */
function walkScope<Mark>(walk: RequestWalk<Mark>, from: number, end: number): void {
  const { state } = walk
  const before = walk.mark()
  if (takeRecordsBehindScope(walk, from, end)) return
  walk.rewind(before)
  state.scope = findMessage(state, walk.scopes, { from, end, field: ScopeSpans.scope })
  forEachField(state.cursor, { from, end, field: ScopeSpans.spans }, (at, stop) => walk.record(at, stop))
}

/** False when a scope stands behind a record or in several pieces. */
function takeRecordsBehindScope<Mark>(walk: RequestWalk<Mark>, from: number, end: number): boolean {
  const { state } = walk
  const { cursor } = state
  let scopes = 0
  let records = 0
  cursor.at = from
  state.scope = -1
  while (cursor.at < end) {
    const fieldFrom = cursor.at
    const tag = readVarint32(cursor, end)
    if (tag === RECORD_TAG) {
      if (records++ === 0 && scopes === 0) state.scope = findMessage(state, walk.scopes, { from: cursor.at, end: cursor.at, field: ScopeSpans.scope })
      const recordEnd = readLength(cursor, end) + cursor.at
      walk.record(cursor.at, recordEnd)
      cursor.at = recordEnd
    } else if (tag === SCOPE_TAG) {
      if (scopes++ > 0 || records > 0) return false
      const scopeEnd = readLength(cursor, end) + cursor.at
      state.scope = findMessage(state, walk.scopes, { from: fieldFrom, end: scopeEnd, field: ScopeSpans.scope })
      cursor.at = scopeEnd
    } else skipField(cursor, tag, end)
  }
  return true
}

const SCOPE_TAG = (ScopeSpans.scope << 3) | WireType.bytes
const RECORD_TAG = (ScopeSpans.spans << 3) | WireType.bytes

/** Name of an InstrumentationScope. */
export function scopeName(scope: Uint8Array): string {
  let name = ''
  forEachField({ bytes: scope, at: 0 }, { from: 0, end: scope.length, field: InstrumentationScope.name }, (from, end) => {
    name = Buffer.from(scope.subarray(from, end)).toString('utf8')
  })
  return name
}
