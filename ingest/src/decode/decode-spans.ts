import { hash } from 'node:crypto'
import { ATTRIBUTE_SLOTS, SLOT_COUNT } from '@skein/schemas/semantic-conventions'
import { readFacts } from '../facts/read-facts.ts'
import { createSpanNames, spanNamesBytes } from '../facts/span-names.ts'
import { clearAttributeKeys, createAttributeKeys } from './attribute-keys.ts'
import { createBatch, type DecodedBatch } from './batch-arrays.ts'
import { viewOf } from './byte-interner.ts'
import { decodeSpan } from './decode-span.ts'
import type { DecodeLimits, DecodeState } from './decode-state.ts'
import { createMessageTable, trimTable } from './message-table.ts'
import { readResource } from './resource.ts'
import type { BatchEnvelope } from './span-batch.ts'
import { type RequestWalk, scopeName, walkRequest } from './walk-request.ts'

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
      if (spanNamesBytes(batch.names) > options.maxInternedBytes) batch.names = createSpanNames()
      trimTable(scopes, options.maxInternedBytes)
      trimTable(resources, options.maxInternedBytes)
      const state = startBatch(batch, inputs, { keys, limits: options.limits })
      batch.scopes = scopes.values
      batch.resources = resources.values
      const walk: RequestWalk<Mark> = {
        state,
        scopes,
        resources,
        record: (from, end) => decodeSpan(state, from, end),
        mark: () => marked(state),
        rewind: (to) => rewind(state, to),
      }
      const malformed: number[] = []
      let at = 0
      inputs.forEach((input, index) => {
        const end = at + input.payload.length
        state.envelope = index
        state.receivedAtMs = input.envelope.receivedAtMs
        state.receivedOffset = end
        const first = batch.length
        if (walkRequest(walk, at, end)) readFacts(batch, state.view, first, batch.length)
        else malformed.push(index)
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

function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer')
}
