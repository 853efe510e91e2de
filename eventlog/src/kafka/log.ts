import { MAX_ENVELOPE_BYTES } from '@skein/schemas/topics'
import kafkajs, { type Admin, type Kafka } from 'kafkajs'
import type { AppendRecord, EventLog, Subscription } from '../contract.ts'
import { LogUnavailableError, RecordTooLargeError, WeakLogError } from '../errors.ts'
import type { Report } from '../report.ts'
import { ACK_MS, APPEND_MS, createClient, errorType, RETRY } from './client.ts'
import { createLanes, type LaneBatch, type Lanes } from './lanes.ts'
import { fetchState, lagOf } from './offsets.ts'
import { createKafkaSubscription } from './subscription.ts'
import { createTopics, type TopicRetention, type Topics } from './topics.ts'

const JOIN_MARGIN_MS = 10_000
const MIB = 1024 * 1024
const LINGER_MS = 5
const SENDS = 4
/** A confirmed append younger than this answers a probe. */
const PROBE_FRESH_MS = 2000

export interface KafkaLogOptions {
  /** `host:port`. */
  brokers: readonly string[]
  clientId: string
  /** Partitions of a topic that has to be created. */
  partitions: (topic: string) => number
  replicationFactor: number
  /** Of topics that are kept otherwise than for three days. */
  retention?: (topic: string) => TopicRetention | undefined
  /** Take a cluster that could lose what it acknowledged (one broker, few replicas). */
  allowWeak: boolean
  report: Report
  /** Unix ms. */
  clock: () => number
  maxRecordBytes?: number
  /** Bytes of appends that may wait; more is refused as unavailable. */
  pendingBytes?: number
  /** Bytes read ahead per partition. */
  prefetchBytes?: number
  /** How long a silent consumer keeps its partitions. */
  sessionMs?: number
}

export interface KafkaLog extends EventLog {
  /** What reduces the promise of the cluster, in words for a banner. */
  weaknesses(): string[]
}

interface Parts {
  options: Required<KafkaLogOptions>
  consumers: Kafka
  admin: () => Promise<Admin>
  topics: Topics
  lanes: Lanes
  subscriptions: Set<Subscription>
  /** Appends not yet settled. */
  appends: Set<Promise<unknown>>
  confirmedAtMs: number
  closed: boolean
}

/** Connects when first used: a log made while Kafka is away refuses with `LogUnavailableError` until it is back. */
export function createKafkaLog(given: KafkaLogOptions): Promise<KafkaLog> {
  const options = {
    maxRecordBytes: MAX_ENVELOPE_BYTES,
    pendingBytes: 64 * MIB,
    prefetchBytes: 4 * MIB,
    sessionMs: 30_000,
    retention: () => undefined,
    ...given,
  }
  const kafka = createClient(options)
  // A group answers who joins once its dead members' sessions have ended: a member that gave up before would be one more dead one.
  const consumers = createClient({ ...options, requestMs: options.sessionMs + JOIN_MARGIN_MS })
  const adminClient = kafka.admin({ retry: RETRY })
  const producer = kafka.producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    retry: RETRY,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  })
  const connectAdmin = connectOnce(() => adminClient.connect())
  const connectProducer = connectOnce(() => producer.connect())
  const admin = async (): Promise<Admin> => {
    await connectAdmin()
    return adminClient
  }

  async function send(batches: readonly LaneBatch[]): Promise<number[]> {
    await connectProducer()
    const confirmed = await producer.sendBatch({ acks: -1, timeout: ACK_MS, topicMessages: batches.map(asTopicMessages) })
    parts.confirmedAtMs = options.clock()
    const bases = new Map(confirmed.map(({ topicName, partition, baseOffset }) => [`${topicName}/${partition}`, Number(baseOffset)]))
    return batches.map(({ topic, partition }) => bases.get(`${topic}/${partition}`) ?? Number.NaN)
  }

  const lanes = createLanes({
    send,
    refusal: asRefusal,
    batchBytes: MAX_ENVELOPE_BYTES,
    sendBytes: 8 * MIB,
    sends: SENDS,
    lingerMs: LINGER_MS,
    deadlineMs: APPEND_MS,
    pendingBytes: options.pendingBytes,
  })
  const parts: Parts = {
    options,
    consumers,
    admin,
    lanes,
    topics: createTopics({ ...options, admin }),
    subscriptions: new Set(),
    appends: new Set(),
    confirmedAtMs: Number.NEGATIVE_INFINITY,
    closed: false,
  }
  const disconnect = async (): Promise<void> => {
    await Promise.allSettled([producer.disconnect(), adminClient.disconnect()])
  }
  return Promise.resolve(assemble(parts, disconnect))
}

function assemble(parts: Parts, disconnect: () => Promise<void>): KafkaLog {
  const { options, topics, admin } = parts
  return {
    partitions: (topic) => reach(topics.ensure(topic)),
    append: (topic, records) => tracked(parts, append(parts, topic, records)),
    consume: async (names, group, handler) => {
      for (const topic of names) await reach(topics.ensure(topic))
      const subscription = await reach(createKafkaSubscription({ ...options, kafka: parts.consumers, admin, topics: names, group, handler }))
      parts.subscriptions.add(subscription)
      return subscription
    },
    lag: async (names, group) => {
      for (const topic of names) await reach(topics.ensure(topic))
      return (await reach(admin().then((client) => fetchState(client, names, group)))).map(lagOf)
    },
    probe: () => probe(parts),
    weaknesses: () => topics.weaknesses(),
    close: async (deadlineMs) => {
      parts.closed = true
      let remaining = 0
      for (const subscription of parts.subscriptions) remaining += (await subscription.stop(deadlineMs)).remaining
      await within(Promise.allSettled(parts.appends), deadlineMs)
      remaining += parts.appends.size
      await within(disconnect(), deadlineMs)
      return { remaining }
    },
  }
}

async function tracked<T>(parts: Parts, work: Promise<T>): Promise<T> {
  parts.appends.add(work)
  try {
    return await work
  } finally {
    parts.appends.delete(work)
  }
}

async function append(parts: Parts, topic: string, records: readonly AppendRecord[]) {
  if (parts.closed) throw new LogUnavailableError('the log is closed')
  if (records.length === 0) return []
  const { maxRecordBytes } = parts.options
  for (const { value } of records) {
    if (value.length > maxRecordBytes) throw new RecordTooLargeError(`a record of ${value.length} bytes is over the ${maxRecordBytes} a log takes`)
  }
  const count = parts.topics.count(topic) ?? (await reach(parts.topics.ensure(topic)))
  for (const { partition } of records) if (!(partition >= 0 && partition < count)) throw new RangeError(`${topic} has no partition ${partition}`)
  return parts.lanes.append(topic, records)
}

async function probe(parts: Parts): Promise<void> {
  if (parts.closed) throw new LogUnavailableError('the log is closed')
  if (parts.options.clock() - parts.confirmedAtMs < PROBE_FRESH_MS) return
  const { brokers } = await reach(parts.admin().then((client) => client.describeCluster()))
  if (brokers.length === 0) throw new LogUnavailableError('Kafka has no broker')
}

/** Kafka clients retry on; nobody here waits longer than an append may take. */
async function reach<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new LogUnavailableError(`Kafka did not answer within ${APPEND_MS} ms`)), APPEND_MS)
  })
  try {
    return await Promise.race([work, late])
  } catch (error) {
    throw asRefusal(error)
  } finally {
    clearTimeout(timer)
  }
}

function asRefusal(error: unknown): Error {
  if (error instanceof LogUnavailableError || error instanceof WeakLogError) return error
  const text = error instanceof Error ? error.message : String(error)
  if (errorType(error) === 'MESSAGE_TOO_LARGE') return new RecordTooLargeError(text, { cause: error })
  return new LogUnavailableError(`Kafka cannot be used: ${text}`, { cause: error })
}

function asTopicMessages({ topic, partition, values }: LaneBatch) {
  return { topic, messages: values.map((value) => ({ partition, value: Buffer.from(value.buffer, value.byteOffset, value.byteLength) })) }
}

/** Tries again at the next call after a failure. */
function connectOnce(connect: () => Promise<void>): () => Promise<void> {
  let connected: Promise<void> | null = null
  return () => {
    connected ??= connect().catch((error: unknown) => {
      connected = null
      throw error
    })
    return connected
  }
}

async function within(work: Promise<unknown>, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadlineMs)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
