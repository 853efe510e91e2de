import { crc32 } from 'node:zlib'
import { Content, decodeEnvelope, type Envelope, EnvelopeError, type Signal } from '@skein/schemas/envelope'
import type { DecodeInput } from '../decode/payload-memory.ts'
import type { BatchEnvelope } from '../decode/span-batch.ts'
import { BATCH_ID_BYTES, type BatchIds, createBatchIds } from './batch-ids.ts'
import { NO_TENANT } from './damaged.ts'
import type { RangeJob, RangeResult } from './range-job.ts'
import { createShareCounter, type ShareCounter } from './share-counter.ts'

/** A batch sent again within this much log time counts once. */
export const REPEAT_WINDOW_MS = 3_600_000

/** One input of a decoder and what is needed to count it. */
export interface AcceptedEnvelope extends DecodeInput {
  envelope: BatchEnvelope
  records: number
  bytes: number
}

/** What became of the records of a job so far. */
export interface Counting {
  counter: ShareCounter
  repeats: RangeResult['repeats']
  dead: RangeResult['dead']
}

/** The outer half of every processor of OTLP: which records of a job are to be decoded. Its answers are a function of the jobs so far. */
export interface EnvelopeIntake {
  /** Repeats, and what cannot be read, are counted and left out. A heartbeat brings its log time and nothing else. */
  accept(job: RangeJob): { accepted: AcceptedEnvelope[]; counting: Counting }
  /** Records whose payloads the decoder could not read. */
  bury(accepted: readonly AcceptedEnvelope[], malformed: readonly number[], counting: Counting): void
  /** The same records once more, without memory: repeats are not known, and log time is the latest among them so far. */
  again(job: RangeJob): DecodeInput[]
  logTimes(job: RangeJob): RangeResult['logTimes']
  /** Batch ids forgotten before their time so far. */
  forgottenIds(): number
  remember(topic: string, partition: number, ids: readonly string[], logTimeMs: number): void
  forget(topic: string, partition: number): void
}

export interface EnvelopeIntakeOptions {
  signal: Signal
  /** The log has compared each record with a checksum of its own: the envelope's is not worked out once more. */
  trustsLog?: boolean
  /** For batch ids of one partition. */
  batchIdBytes: number
}

interface PartitionState {
  ids: BatchIds
  logTimeMs: number
}

interface State {
  options: EnvelopeIntakeOptions
  partitions: Map<string, PartitionState>
}

export function createEnvelopeIntake(options: EnvelopeIntakeOptions): EnvelopeIntake {
  const state: State = { options, partitions: new Map() }
  return {
    accept(job) {
      const counting: Counting = { counter: createShareCounter(), repeats: [], dead: [] }
      const accepted: AcceptedEnvelope[] = []
      forEachRecord(job, (bytes, position) => {
        const input = acceptEnvelope(state, { ...position, topic: job.topic, bytes }, counting)
        if (input !== null) accepted.push(input)
      })
      return { accepted, counting }
    },
    bury(accepted, malformed, { counter, dead }) {
      for (const index of malformed) {
        const input = accepted[index]
        if (input === undefined) continue
        const { envelope, records, bytes } = input
        counter.dropped(envelope, 'dead', { reason: 'dead_letter', requests: 1, records, bytes })
        dead.push({ partition: envelope.partition, offset: envelope.offset, reason: 'payload' })
      }
    },
    again(job) {
      const inputs: DecodeInput[] = []
      const logTimes = new Map<number, number>()
      forEachRecord(job, (bytes, { partition, offset }) => {
        const read = readEnvelope(bytes, options)
        if (read === null) return
        const { tenant, keyId, receivedAtMs, payload } = read
        const logTimeMs = Math.max(logTimes.get(partition) ?? 0, receivedAtMs)
        logTimes.set(partition, logTimeMs)
        if (read.content !== Content.otlp || read.signal !== options.signal) return
        inputs.push({ envelope: { topic: job.topic, partition, offset, tenant, keyId, receivedAtMs, logTimeMs, linkedCopy: false }, payload })
      })
      return inputs
    },
    logTimes: (job) => [...new Set(job.partitions)].map((partition) => ({ partition, logTimeMs: partitionState(state, job.topic, partition).logTimeMs })),
    forgottenIds: () => [...state.partitions.values()].reduce((sum, { ids }) => sum + ids.forgotten, 0),
    remember(topic, partition, ids, logTimeMs) {
      const known = partitionState(state, topic, partition)
      for (const id of ids) known.ids.add(Buffer.from(id, 'hex'), 0, logTimeMs)
    },
    forget: (topic, partition) => void state.partitions.delete(`${topic}:${partition}`),
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

function forEachRecord(job: RangeJob, visit: (bytes: Uint8Array, position: { partition: number; offset: number }) => void): void {
  let start = 0
  job.ends.forEach((end, i) => {
    visit(job.bytes.subarray(start, end), { partition: job.partitions[i] ?? 0, offset: job.offsets[i] ?? 0 })
    start = end
  })
}

interface Received {
  topic: string
  partition: number
  offset: number
  bytes: Uint8Array
}

/** Null for a repeat and what cannot be read, both counted. A heartbeat brings its log time and nothing else, so that silent partitions go on. */
function acceptEnvelope(state: State, received: Received, { counter, repeats, dead }: Counting): AcceptedEnvelope | null {
  const { topic, partition, offset, bytes } = received
  const known = partitionState(state, topic, partition)
  const read = readEnvelope(bytes, state.options)
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
  if (read.signal !== state.options.signal || read.content === Content.json) {
    counter.dropped(envelope, 'dead', { reason: 'dead_letter', requests: 1, ...counts })
    dead.push({ partition, offset, reason: 'signal' })
    return null
  }
  return { envelope, payload: read.payload, ...counts }
}

const NO_PAYLOAD = new Uint8Array(0)
/** Request id and part lie side by side in the header. */
const BATCH_ID_AT = 16

function readEnvelope(bytes: Uint8Array, { trustsLog = false }: EnvelopeIntakeOptions): Envelope | null {
  try {
    return decodeEnvelope(bytes, trustsLog ? null : crc32)
  } catch (error) {
    // A tenant that is not UTF-8 is a TypeError of the decoder.
    if (error instanceof EnvelopeError || error instanceof TypeError) return null
    throw error
  }
}
