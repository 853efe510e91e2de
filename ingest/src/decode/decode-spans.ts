import { hash } from 'node:crypto'
import { ExportTraceServiceRequest, ResourceSpans, ScopeSpans, InstrumentationScope, WireType } from '@skein/schemas/otlp-wire'
import { ATTRIBUTE_SLOTS, SLOT_COUNT } from '@skein/schemas/semantic-conventions'
import { clearAttributeKeys, createAttributeKeys } from './attribute-keys.ts'
import { createBatch, type DecodedBatch } from './batch-arrays.ts'
import { viewOf } from './byte-interner.ts'
import { decodeSpan } from './decode-span.ts'
import type { DecodeLimits, DecodeState } from './decode-state.ts'
import { createMessageTable, findMessage, type MessageTable, trimTable } from './message-table.ts'
import { readResource } from './resource.ts'
import type { BatchEnvelope, BatchResource } from './span-batch.ts'
import { forEachField, readLength, readVarint32, skipField, WireError } from './wire.ts'

export interface DecoderOptions {
  limits: DecodeLimits
  /** Interned names, scopes and resources are forgotten between batches above this, each. */
  maxInternedBytes: number
}

export interface DecodeInput {
  envelope: BatchEnvelope
  /** An OTLP ExportTraceServiceRequest. */
  payload: Uint8Array
}

export interface DecodeResult {
  /** Reused by the next call. */
  batch: DecodedBatch
  /** Positions in the input of payloads that are no protobuf, or hold a span whose ids have a wrong length: none of their spans is in the batch. */
  malformed: number[]
}

export interface SpanDecoder {
  decode(inputs: readonly DecodeInput[]): DecodeResult
}

/** Readable behind the last payload, so that the hot loop may look a few bytes ahead without asking. */
const SLACK_BYTES = 64
/** Behind each payload: its received-at in ns, for spans whose own start is not believed. */
const RECEIVED_BYTES = 8
const MAX_SPAN_BYTES = 0x7fffffff

/** OTLP protobuf → columns. Pure but for the memory it reuses: the same input gives the same batch. */
export function createSpanDecoder(options: DecoderOptions): SpanDecoder {
  const keys = createAttributeKeys({ slots: ATTRIBUTE_SLOTS, slotCount: SLOT_COUNT })
  const scopes = createMessageTable(scopeName)
  const resources = createMessageTable((bytes) => readResource(bytes, sha256))
  const batch = createBatch(1024)
  return {
    decode(inputs) {
      if (keys.interner.usedBytes > options.maxInternedBytes) clearAttributeKeys(keys)
      trimTable(scopes, options.maxInternedBytes)
      trimTable(resources, options.maxInternedBytes)
      const state = startBatch(batch, inputs, { keys, limits: options.limits })
      batch.scopes = scopes.values
      batch.resources = resources.values
      const malformed: number[] = []
      let at = 0
      inputs.forEach((input, index) => {
        const end = at + input.payload.length
        if (!decodePayload({ state, scopes, resources }, { envelope: index, from: at, end })) malformed.push(index)
        at = end + RECEIVED_BYTES
      })
      batch.keyCount = keys.interner.size
      batch.attributeCount = state.attributeCount
      return { batch, malformed }
    },
  }
}

function startBatch(batch: DecodedBatch, inputs: readonly DecodeInput[], shared: Pick<DecodeState, 'keys' | 'limits'>): DecodeState {
  let size = SLACK_BYTES
  for (const { payload } of inputs) size += payload.length + RECEIVED_BYTES
  if (size > MAX_SPAN_BYTES) throw new RangeError(`a batch of ${size} bytes`)
  if (batch.bytes.length < size) batch.bytes = Buffer.allocUnsafeSlow(Math.max(size, batch.bytes.length * 2))
  const { bytes } = batch
  let at = 0
  for (const { payload, envelope } of inputs) {
    bytes.set(payload, at)
    at += payload.length
    writeNs(bytes, at, envelope.receivedAtMs)
    at += RECEIVED_BYTES
  }
  bytes.fill(0, at, at + SLACK_BYTES)
  batch.slots.fill(0, 0, batch.length * SLOT_COUNT)
  batch.length = 0
  batch.envelopes = inputs.map(({ envelope }) => envelope)
  return {
    ...shared,
    batch,
    bytes,
    view: viewOf(bytes),
    cursor: { bytes, at: 0 },
    attributeCount: 0,
    eventCount: 0,
    linkCount: 0,
    envelope: 0,
    scope: 0,
    previousKey: 0,
    resource: 0,
    receivedAtMs: 0,
    receivedOffset: 0,
  }
}

function writeNs(bytes: Buffer, at: number, milliseconds: number): void {
  bytes.writeBigUInt64LE(BigInt(Math.max(0, Math.floor(milliseconds))) * 1_000_000n, at)
}

interface Context {
  state: DecodeState
  scopes: MessageTable<string>
  resources: MessageTable<BatchResource>
}

/** False when the payload is malformed; then the batch is as if it had not been there. */
function decodePayload(context: Context, payload: { envelope: number; from: number; end: number }): boolean {
  const { state } = context
  const before = marked(state)
  state.envelope = payload.envelope
  state.receivedAtMs = state.batch.envelopes[payload.envelope]?.receivedAtMs ?? 0
  state.receivedOffset = payload.end
  try {
    forEachField(state.cursor, { from: payload.from, end: payload.end, field: ExportTraceServiceRequest.resourceSpans }, (from, end) =>
      decodeResourceSpans(context, from, end),
    )
    return true
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    rewind(state, before)
    return false
  }
}

interface Mark {
  length: number
  attributes: number
  events: number
  links: number
}

function marked(state: DecodeState): Mark {
  return { length: state.batch.length, attributes: state.attributeCount, events: state.eventCount, links: state.linkCount }
}

/** Takes rows back; the slots of rows to come are 0 again, those of a half-read row included. */
function rewind(state: DecodeState, to: Mark): void {
  state.batch.slots.fill(0, to.length * SLOT_COUNT, (state.batch.length + 1) * SLOT_COUNT)
  state.batch.length = to.length
  state.attributeCount = to.attributes
  state.eventCount = to.events
  state.linkCount = to.links
}

/** A resource may stand behind its spans, or in several pieces: it is found first. */
function decodeResourceSpans(context: Context, from: number, end: number): void {
  const { state } = context
  state.resource = findMessage(state, context.resources, { from, end, field: ResourceSpans.resource })
  forEachField(state.cursor, { from, end, field: ResourceSpans.scopeSpans }, (scopeFrom, scopeEnd) => decodeScopeSpans(context, scopeFrom, scopeEnd))
}

/** The scope stands before its spans as a rule, so one pass decodes them; if a piece of it comes later they are decoded again. */
function decodeScopeSpans(context: Context, from: number, end: number): void {
  const { state } = context
  const before = marked(state)
  if (decodeSpansBehindScope(context, from, end)) return
  rewind(state, before)
  state.scope = findMessage(state, context.scopes, { from, end, field: ScopeSpans.scope })
  forEachField(state.cursor, { from, end, field: ScopeSpans.spans }, (spanFrom, spanEnd) => decodeSpan(state, spanFrom, spanEnd))
}

/** False when a scope stands behind a span or in several pieces. */
function decodeSpansBehindScope(context: Context, from: number, end: number): boolean {
  const { state } = context
  const { cursor } = state
  let scopes = 0
  let spans = 0
  cursor.at = from
  state.scope = -1
  while (cursor.at < end) {
    const fieldFrom = cursor.at
    const tag = readVarint32(cursor, end)
    if (tag === SPAN_TAG) {
      if (spans++ === 0 && scopes === 0) state.scope = findMessage(state, context.scopes, { from: cursor.at, end: cursor.at, field: ScopeSpans.scope })
      const spanEnd = readLength(cursor, end) + cursor.at
      decodeSpan(state, cursor.at, spanEnd)
      cursor.at = spanEnd
    } else if (tag === SCOPE_TAG) {
      if (scopes++ > 0 || spans > 0) return false
      const scopeEnd = readLength(cursor, end) + cursor.at
      state.scope = findMessage(state, context.scopes, { from: fieldFrom, end: scopeEnd, field: ScopeSpans.scope })
      cursor.at = scopeEnd
    } else skipField(cursor, tag, end)
  }
  return true
}

const SCOPE_TAG = (ScopeSpans.scope << 3) | WireType.bytes
const SPAN_TAG = (ScopeSpans.spans << 3) | WireType.bytes

function scopeName(scope: Uint8Array): string {
  let name = ''
  forEachField({ bytes: scope, at: 0 }, { from: 0, end: scope.length, field: InstrumentationScope.name }, (from, end) => {
    name = Buffer.from(scope.subarray(from, end)).toString('utf8')
  })
  return name
}

function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}
