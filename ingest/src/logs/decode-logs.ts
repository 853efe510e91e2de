import { clearAttributeKeys } from '../decode/attribute-keys.ts'
import { viewOf } from '../decode/byte-interner.ts'
import { type DecodeInput, payloadMemory } from '../decode/payload-memory.ts'
import { createMessageTable, trimTable } from '../decode/message-table.ts'
import { setReceived } from '../decode/received-time.ts'
import { readResource } from '../decode/resource.ts'
import { type RequestWalk, scopeName, walkRequest } from '../decode/walk-request.ts'
import { decodeLog, type LogDecodeState, type LogLimits } from './decode-log.ts'
import { createLogBatch } from './log-arrays.ts'
import type { LogBatch } from './log-batch.ts'
import { createSeverityTexts, forgetTexts } from './severity-texts.ts'
import { settleUnusual } from './unusual-lines.ts'

export interface LogDecoderOptions {
  limits: LogLimits
  /** Interned names, scopes, resources and severity texts are forgotten between batches above this, each. */
  maxInternedBytes: number
}

export interface DecodedLogs {
  /** Reused by the next call. */
  batch: LogBatch
  /** Positions in the input of payloads that are no protobuf: none of their records is in the batch. */
  malformed: number[]
}

export interface LogDecoder {
  /** Payloads: ExportLogsServiceRequest of OTLP. */
  decode(inputs: readonly DecodeInput[]): DecodedLogs
}

/** OTLP protobuf → columns. Pure but for the memory it reuses: the same input gives the same batch. */
export function createLogDecoder(options: LogDecoderOptions): LogDecoder {
  const batch = createLogBatch(1024)
  const texts = createSeverityTexts()
  const scopes = createMessageTable(scopeName)
  const resources = createMessageTable((bytes) => readResource(bytes))
  const state = createState(batch, { texts, limits: options.limits })
  const walk: RequestWalk<Mark> = {
    state,
    scopes,
    resources,
    record: (from, end) => decodeLog(state, from, end),
    mark: () => ({ length: batch.length, attributes: state.attributeCount, unusual: state.unusual.length }),
    rewind: (to) => rewind(state, to),
  }
  return {
    decode(inputs) {
      if (batch.keys.interner.usedBytes > options.maxInternedBytes) clearAttributeKeys(batch.keys)
      if (texts.interner.usedBytes > options.maxInternedBytes) forgetTexts(texts)
      trimTable(scopes, options.maxInternedBytes)
      trimTable(resources, options.maxInternedBytes)
      const { bytes, starts } = payloadMemory(inputs)
      startBatch(state, bytes, inputs)
      const malformed: number[] = []
      inputs.forEach((input, index) => {
        const at = starts[index]!
        startEnvelope(state, index, input.envelope.receivedAtMs)
        if (!walkRequest(walk, at, at + input.payload.length)) malformed.push(index)
      })
      batch.scopes = scopes.values
      batch.resources = resources.values
      batch.severityTexts = [...texts.texts]
      batch.keyCount = batch.keys.interner.size
      batch.attributeCount = state.attributeCount
      settleUnusual(batch, state.unusual, options.limits.logBodyBytes)
      return { batch, malformed }
    },
  }
}

/** Made once: what is compiled for a walk names it, and would go with it. */
function createState(batch: LogBatch, shared: Pick<LogDecodeState, 'texts' | 'limits'>): LogDecodeState {
  const { bytes } = batch
  return {
    ...shared,
    batch,
    bytes,
    view: viewOf(bytes),
    cursor: { bytes, at: 0 },
    keys: batch.keys,
    attributeCount: 0,
    previousKey: 0,
    tuple: { keyStart: 0, keyEnd: 0, field: 0, start: 0, end: 0 },
    envelope: 0,
    firstRow: 0,
    scope: 0,
    resource: 0,
    receivedAtMs: 0,
    receivedLow: 0,
    receivedHigh: 0,
    body: { keyStart: 0, keyEnd: 0, field: 0, start: 0, end: 0 },
    unusual: [],
  }
}

function startBatch(state: LogDecodeState, bytes: Buffer, inputs: readonly DecodeInput[]): void {
  const { batch } = state
  batch.length = 0
  batch.envelopes = inputs.map(({ envelope }) => envelope)
  batch.services = []
  batch.names.clear()
  batch.given.services.clear()
  batch.given.severityTexts.clear()
  batch.bytes = bytes
  batch.usedBytes = bytes.length
  state.bytes = bytes
  state.view = viewOf(bytes)
  state.cursor = { bytes, at: 0 }
  state.attributeCount = 0
  state.previousKey = 0
  state.unusual = []
}

function startEnvelope(state: LogDecodeState, envelope: number, receivedAtMs: number): void {
  state.envelope = envelope
  state.firstRow = state.batch.length
  setReceived(state, receivedAtMs)
}

interface Mark {
  length: number
  attributes: number
  unusual: number
}

function rewind(state: LogDecodeState, to: Mark): void {
  state.batch.length = to.length
  state.attributeCount = to.attributes
  state.unusual.length = to.unusual
}
