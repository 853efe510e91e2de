import { ATTRIBUTE_SLOTS, SLOT_COUNT } from '@skein/schemas/semantic-conventions'
import { readFacts } from '../facts/read-facts.ts'
import { createSpanNames, spanNamesBytes } from '../facts/span-names.ts'
import { clearAttributeKeys, createAttributeKeys } from './attribute-keys.ts'
import { createBatch, type DecodedBatch } from './batch-arrays.ts'
import { viewOf } from './byte-interner.ts'
import { decodeSpan } from './decode-span.ts'
import type { DecodeLimits, DecodeState } from './decode-state.ts'
import { createMessageTable, trimTable } from './message-table.ts'
import { type DecodeInput, payloadMemory } from './payload-memory.ts'
import { setReceived } from './received-time.ts'
import { readResource } from './resource.ts'
import { type RequestWalk, scopeName, walkRequest } from './walk-request.ts'

export interface DecoderOptions {
  limits: DecodeLimits
  /** Interned names, scopes and resources are forgotten between batches above this, each. */
  maxInternedBytes: number
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

/** OTLP protobuf → columns. Pure but for the memory it reuses: the same input gives the same batch. */
export function createSpanDecoder(options: DecoderOptions): SpanDecoder {
  const keys = createAttributeKeys({ slots: ATTRIBUTE_SLOTS, slotCount: SLOT_COUNT })
  const scopes = createMessageTable(scopeName)
  const resources = createMessageTable((bytes) => readResource(bytes))
  const batch = createBatch(1024)
  const state = createState(batch, { keys, limits: options.limits })
  const walk: RequestWalk<Mark> = {
    state,
    scopes,
    resources,
    record: (from, end) => decodeSpan(state, from, end),
    mark: () => marked(state),
    rewind: (to) => rewind(state, to),
  }
  return {
    decode(inputs) {
      if (keys.interner.usedBytes > options.maxInternedBytes) clearAttributeKeys(keys)
      if (spanNamesBytes(batch.names) > options.maxInternedBytes) batch.names = createSpanNames()
      trimTable(scopes, options.maxInternedBytes)
      trimTable(resources, options.maxInternedBytes)
      const { bytes, starts } = payloadMemory(inputs)
      startBatch(state, bytes, inputs)
      batch.scopes = scopes.values
      batch.resources = resources.values
      const malformed: number[] = []
      inputs.forEach((input, index) => {
        const at = starts[index]!
        const end = at + input.payload.length
        startEnvelope(state, index, input.envelope.receivedAtMs)
        const first = batch.length
        if (walkRequest(walk, at, end)) readFacts(batch, state.view, first, batch.length)
        else malformed.push(index)
      })
      batch.keyCount = keys.interner.size
      batch.attributeCount = state.attributeCount
      return { batch, malformed }
    },
  }
}

/** Made once: what is compiled for a walk names it, and would go with it. */
function createState(batch: DecodedBatch, shared: Pick<DecodeState, 'keys' | 'limits'>): DecodeState {
  const { bytes } = batch
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
    tuple: { keyStart: 0, keyEnd: 0, field: 0, start: 0, end: 0 },
    resource: 0,
    receivedAtMs: 0,
    receivedLow: 0,
    receivedHigh: 0,
  }
}

function startBatch(state: DecodeState, bytes: Buffer, inputs: readonly DecodeInput[]): void {
  const { batch } = state
  batch.slots.fill(0, 0, batch.length * SLOT_COUNT)
  batch.length = 0
  batch.envelopes = inputs.map(({ envelope }) => envelope)
  batch.bytes = bytes
  state.bytes = bytes
  state.view = viewOf(bytes)
  state.cursor = { bytes, at: 0 }
  state.attributeCount = 0
  state.eventCount = 0
  state.linkCount = 0
  state.previousKey = 0
}

function startEnvelope(state: DecodeState, envelope: number, receivedAtMs: number): void {
  state.envelope = envelope
  setReceived(state, receivedAtMs)
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
