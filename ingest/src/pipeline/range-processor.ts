import { crc32 } from 'node:zlib'
import { Content, decodeEnvelope, type Envelope, EnvelopeError, Signal } from '@skein/schemas/envelope'
import type { DecodedBatch } from '../decode/batch-arrays.ts'
import { createSpanDecoder, type DecodeInput, type SpanDecoder } from '../decode/decode-spans.ts'
import type { DecodeLimits } from '../decode/decode-state.ts'
import type { BatchEnvelope } from '../decode/span-batch.ts'
import { createStepRows, type StepRows } from '../scenarios/step-rows.ts'
import { type BuiltBlock, createRowBuilder, type RowBuilder } from '../rows/row-builder.ts'
import { BATCH_ID_BYTES, type BatchIds, createBatchIds } from './batch-ids.ts'
import { NO_TENANT } from './damaged.ts'
import type { StoredSpans, TraceLookUp } from '../topology/look-up.ts'
import type { TopologyOptions } from '../topology/topology-state.ts'
import type { FoundSpans } from './late-spans.ts'
import type { RangeJob, RangeProcessor, RangeResult } from './range-job.ts'
import { createShareCounter, type ShareCounter } from './share-counter.ts'
import { createStoredReader } from './stored-batch.ts'
import type { PathStep, TopologyStep } from './topology-step.ts'

/** A batch sent again within this much log time counts once. */
export const REPEAT_WINDOW_MS = 3_600_000

export interface RangeProcessorOptions {
  limits: DecodeLimits
  /** For batch ids of one partition. */
  batchIdBytes: number
  /** For interned names, scopes and resources, each. */
  internedBytes: number
  topology: TopologyStep
  paths: PathStep
}

/** What a worker thread is started with: all of it can be sent to one. */
export interface WorkerSettings {
  processor: Omit<RangeProcessorOptions, 'topology' | 'paths'>
  topology: TopologyOptions
  paths: { maxSpansPerPartition: number }
}

interface PartitionState {
  ids: BatchIds
  logTimeMs: number
}

interface State {
  options: RangeProcessorOptions
  decoder: SpanDecoder
  /** Of its own, since a job that was prepared may wait meanwhile. */
  rebuilding: SpanDecoder | null
  readStored: (found: FoundSpans) => StoredSpans
  prepared: Prepared | null
  rows: RowBuilder
  steps: StepRows
  partitions: Map<string, PartitionState>
}

/** One input of the decoder and what is needed to count it. */
interface Accepted extends DecodeInput {
  envelope: BatchEnvelope
  records: number
  bytes: number
}

/** Envelopes → blocks. Its answers are a function of the jobs so far: no clock, no randomness. */
export function createRangeProcessor(options: RangeProcessorOptions): RangeProcessor {
  const state: State = {
    options,
    decoder: createSpanDecoder({ limits: options.limits, maxInternedBytes: options.internedBytes }),
    rebuilding: null,
    readStored: createStoredReader({ limits: options.limits, maxInternedBytes: options.internedBytes }),
    prepared: null,
    rows: createRowBuilder(),
    steps: createStepRows(),
    partitions: new Map(),
  }
  return {
    prepare: (job) => prepareJob(state, job),
    process: (job, found) => processJob(state, job, found),
    rebuild: (job) => rebuildRows(state, job),
    learn: (scenarios) => state.steps.learn(scenarios),
    remember(topic, partition, ids, logTimeMs) {
      const known = partitionState(state, topic, partition)
      for (const id of ids) known.ids.add(Buffer.from(id, 'hex'), 0, logTimeMs)
    },
    forget(topic, partition) {
      state.partitions.delete(`${topic}:${partition}`)
      options.topology.forget(topic, partition)
      options.paths.forget(topic, partition)
    },
  }
}

function partitionState(state: State, topic: string, partition: number): PartitionState {
  const key = `${topic}:${partition}`
  const known = state.partitions.get(key)
  if (known !== undefined) return known
  const fresh: PartitionState = { ids: createBatchIds({ windowMs: REPEAT_WINDOW_MS, maxBytes: state.options.batchIdBytes }), logTimeMs: 0 }
  state.partitions.set(key, fresh)
  return fresh
}

/** A job whose spans are in the decoder's memory. */
interface Prepared extends Counting {
  job: RangeJob
  batch: DecodedBatch
}

function prepareJob(state: State, job: RangeJob): TraceLookUp[] {
  state.prepared = decodeJob(state, job)
  return state.options.topology.wants(state.prepared.batch)
}

function decodeJob(state: State, job: RangeJob): Prepared {
  const counter = createShareCounter()
  const repeats: RangeResult['repeats'] = []
  const dead: RangeResult['dead'] = []
  const accepted = acceptEnvelopes(state, job, { counter, repeats, dead })
  const { batch, malformed } = state.decoder.decode(accepted)
  for (const index of malformed) {
    const input = accepted[index]
    if (input === undefined) continue
    const { envelope, records, bytes } = input
    counter.dropped(envelope, 'dead', { reason: 'dead_letter', requests: 1, records, bytes })
    dead.push({ partition: envelope.partition, offset: envelope.offset, reason: 'payload' })
  }
  return { job, batch, counter, repeats, dead }
}

function processJob(state: State, job: RangeJob, found: FoundSpans | undefined): RangeResult {
  const { batch, counter, repeats, dead } = state.prepared?.job === job ? state.prepared : decodeJob(state, job)
  state.prepared = null
  const { topology, paths } = state.options
  const repeat = topology.add(batch, { emit: job.emit, ...(found === undefined ? {} : { stored: state.readStored(found) }) })
  paths.add(batch, repeat, { emit: job.emit })
  const logTimes = [...new Set(job.partitions)].map((partition) => ({ partition, logTimeMs: partitionState(state, job.topic, partition).logTimeMs }))
  const forgottenIds = [...state.partitions.values()].reduce((sum, { ids }) => sum + ids.forgotten, 0)
  if (!job.emit) return { blocks: [], shares: [], drops: [], repeats, dead: [], logTimes, forgottenIds }
  countRows(batch, repeat, counter)
  const blocks = [...state.rows.build(batch, repeat), ...state.steps.build(batch, repeat), ...topology.take().blocks, ...paths.take().blocks]
  return { blocks, shares: counter.shares(), drops: counter.drops(), repeats, dead, logTimes, forgottenIds }
}

/** Spans that repeat one before cannot be told here: they become rows, and readers fold rows of one span id. */
function rebuildRows(state: State, job: RangeJob): BuiltBlock[] {
  const inputs: DecodeInput[] = []
  forEachRecord(job, (bytes, { partition, offset }) => {
    const read = readEnvelope(bytes)
    if (read === null || read.content !== Content.otlp || read.signal !== Signal.traces) return
    const { tenant, keyId, receivedAtMs, payload } = read
    inputs.push({ envelope: { topic: job.topic, partition, offset, tenant, keyId, receivedAtMs, logTimeMs: receivedAtMs, linkedCopy: false }, payload })
  })
  state.rebuilding ??= createSpanDecoder({ limits: state.options.limits, maxInternedBytes: state.options.internedBytes })
  const { batch } = state.rebuilding.decode(inputs)
  const repeat = new Uint8Array(batch.length)
  return [...state.rows.build(batch, repeat), ...state.steps.build(batch, repeat)]
}

function forEachRecord(job: RangeJob, visit: (bytes: Uint8Array, position: { partition: number; offset: number }) => void): void {
  let start = 0
  job.ends.forEach((end, i) => {
    visit(job.bytes.subarray(start, end), { partition: job.partitions[i] ?? 0, offset: job.offsets[i] ?? 0 })
    start = end
  })
}

interface Counting {
  counter: ShareCounter
  repeats: RangeResult['repeats']
  dead: RangeResult['dead']
}

function acceptEnvelopes(state: State, job: RangeJob, counting: Counting): Accepted[] {
  const accepted: Accepted[] = []
  forEachRecord(job, (bytes, position) => {
    const input = acceptEnvelope(state, { ...position, topic: job.topic, bytes }, counting)
    if (input !== null) accepted.push(input)
  })
  return accepted
}

interface Received {
  topic: string
  partition: number
  offset: number
  bytes: Uint8Array
}

/** Null for a repeat and what cannot be read, both counted. A heartbeat brings its log time and nothing else, so that silent partitions let spans go. */
function acceptEnvelope(state: State, received: Received, { counter, repeats, dead }: Counting): Accepted | null {
  const { topic, partition, offset, bytes } = received
  const known = partitionState(state, topic, partition)
  const read = readEnvelope(bytes)
  if (read === null) {
    const nobody = { partition, tenant: NO_TENANT, keyId: '', logTimeMs: known.logTimeMs }
    counter.received(nobody, { records: 1, bytes: bytes.length })
    counter.dropped(nobody, 'dead', { reason: 'dead_letter', requests: 1, records: 1, bytes: bytes.length })
    dead.push({ partition, offset, reason: 'envelope' })
    return null
  }
  known.logTimeMs = Math.max(known.logTimeMs, read.receivedAtMs)
  const linkedCopy = read.content === Content.linkedCopy
  const envelope: BatchEnvelope = {
    topic,
    partition,
    offset,
    tenant: read.tenant,
    keyId: read.keyId,
    receivedAtMs: read.receivedAtMs,
    logTimeMs: known.logTimeMs,
    linkedCopy,
  }
  if (read.content === Content.heartbeat) return { envelope, payload: NO_PAYLOAD, records: 0, bytes: 0 }
  const counts = { records: linkedCopy ? 0 : read.records, bytes: bytes.length }
  counter.received(envelope, counts)
  if (!known.ids.add(bytes, BATCH_ID_AT, known.logTimeMs)) {
    repeats.push({ partition, offset })
    if (!linkedCopy) counter.dropped(envelope, 'repeat', { reason: 'repeat_batch', requests: 1, ...counts })
    return null
  }
  counter.accepted(envelope, bytes.subarray(BATCH_ID_AT, BATCH_ID_AT + BATCH_ID_BYTES))
  if (read.signal !== Signal.traces || read.content === Content.json) {
    counter.dropped(envelope, 'dead', { reason: 'dead_letter', requests: 1, ...counts })
    dead.push({ partition, offset, reason: 'signal' })
    return null
  }
  return { envelope, payload: read.payload, ...counts }
}

const NO_PAYLOAD = new Uint8Array(0)
/** Request id and part lie side by side in the header. */
const BATCH_ID_AT = 16

function readEnvelope(bytes: Uint8Array): Envelope | null {
  try {
    return decodeEnvelope(bytes, crc32)
  } catch (error) {
    // A tenant that is not UTF-8 is a TypeError of the decoder.
    if (error instanceof EnvelopeError || error instanceof TypeError) return null
    throw error
  }
}

/** Counts rows that will be seen and repeated spans, by envelope first: rows are many, envelopes few. */
function countRows(batch: DecodedBatch, repeat: Uint8Array, counter: ShareCounter): void {
  const { envelopes, envelope, startUs } = batch
  const visible = new Int32Array(envelopes.length)
  const repeated = new Int32Array(envelopes.length)
  const newestUs = new Float64Array(envelopes.length)
  for (let row = 0; row < batch.length; row++) {
    const number = envelope[row] as number
    if (repeat[row] === 1) repeated[number] = (repeated[number] as number) + 1
    else visible[number] = (visible[number] as number) + 1
    if ((startUs[row] as number) > (newestUs[number] as number)) newestUs[number] = startUs[row] as number
  }
  envelopes.forEach((from, number) => {
    if (from.linkedCopy) return
    counter.visible(from, visible[number] ?? 0, newestUs[number] ?? 0)
    const records = repeated[number] ?? 0
    if (records > 0) counter.dropped(from, 'repeat', { reason: 'repeat_span', requests: 0, records, bytes: 0 })
  })
}
