import kafkajs, { type Admin } from 'kafkajs'
import { WeakLogError } from '../errors.ts'
import type { Report } from '../report.ts'
import { errorType } from './client.ts'

const DAY_MS = 24 * 3_600_000
const MIB = 1024 * 1024
const RETENTION: TopicRetention = { ms: 3 * DAY_MS }
/** A topic made a moment ago, by us or by another process, is not known to every broker yet. */
const NOT_KNOWN_YET = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION'])
const KNOWN_TRIES = 50
const KNOWN_GAP_MS = 100

/** How long a topic that we make keeps its records. */
export interface TopicRetention {
  ms: number
  /** Of a partition; without end by default. */
  bytes?: number
}

export interface TopicsOptions {
  /** Of topics that are kept otherwise than for three days. */
  retention?: (topic: string) => TopicRetention | undefined
  admin: () => Promise<Admin>
  partitions: (topic: string) => number
  replicationFactor: number
  /** Take a cluster that cannot keep the promise, and say so. */
  allowWeak: boolean
  report: Report
}

export interface Topics {
  /** Partitions of a topic, made when missing. Throws `WeakLogError` when it could lose what it acknowledged. */
  ensure(topic: string): Promise<number>
  /** The same once it is known. */
  count(topic: string): number | undefined
  /** What reduces the promise, in words; empty when nothing does. */
  weaknesses(): string[]
}

export function createTopics(options: TopicsOptions): Topics {
  const known = new Map<string, Promise<number>>()
  const counts = new Map<string, number>()
  const weak = new Set<string>()

  async function ensure(topic: string): Promise<number> {
    const admin = await options.admin()
    const replicas = (await replicasOf(admin, topic)) ?? (await create(admin, topic))
    const found = [...weakReplicas(topic, replicas), ...weakSettings(topic, await settingsOf(admin, topic)), ...(await weakBroker(admin))]
    for (const weakness of found) weak.add(weakness)
    if (found.length > 0 && !options.allowWeak) {
      throw new WeakLogError(
        `Kafka could lose what it acknowledged: ${found.join('; ')}. Mend the cluster, or set kafka.allowWeak to accept the reduced promise`,
      )
    }
    if (found.length > 0) options.report('warn', 'log_promise_reduced', { topic, weaknesses: found })
    return replicas.length
  }

  async function create(admin: Admin, topic: string): Promise<number[]> {
    const copies = options.replicationFactor
    const { ms, bytes } = options.retention?.(topic) ?? RETENTION
    const settings = {
      'min.insync.replicas': String(Math.min(2, copies)),
      'unclean.leader.election.enable': 'false',
      'retention.ms': String(ms),
      ...(bytes === undefined ? {} : { 'retention.bytes': String(bytes) }),
      'max.message.bytes': String(MIB + 64 * 1024),
    }
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }))
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: options.partitions(topic), replicationFactor: copies, configEntries }] })
    const replicas = await replicasOf(admin, topic)
    if (replicas === null) throw Object.assign(new Error(`Kafka does not list ${topic}, which was just made`), { type: 'UNKNOWN_TOPIC_OR_PARTITION' })
    options.report('info', 'log_topic_created', { topic, partitions: replicas.length, replicas: copies })
    return replicas
  }

  return {
    ensure: (topic) => {
      let found = known.get(topic)
      if (found === undefined) {
        found = untilKnown(() => ensure(topic))
        known.set(topic, found)
        found.then(
          (count) => counts.set(topic, count),
          () => known.delete(topic),
        )
      }
      return found
    },
    count: (topic) => counts.get(topic),
    weaknesses: () => [...weak],
  }
}

async function untilKnown<T>(look: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await look()
    } catch (error) {
      if (attempt === KNOWN_TRIES || !NOT_KNOWN_YET.has(errorType(error))) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, KNOWN_GAP_MS))
  }
}

/** Replicas per partition, or null when the topic does not exist. */
async function replicasOf(admin: Admin, topic: string): Promise<number[] | null> {
  if (!(await admin.listTopics()).includes(topic)) return null
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] })
  return topics[0]?.partitions.map(({ replicas }) => replicas.length) ?? null
}

async function settingsOf(admin: Admin, topic: string): Promise<Map<string, string>> {
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }] })
  return new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]))
}

function weakReplicas(topic: string, replicas: readonly number[]): string[] {
  const fewest = Math.min(...replicas)
  return fewest < 3 ? [`${topic} has ${fewest} replica(s), fewer than 3`] : []
}

/** Judges topic settings as the broker reports them. */
export function weakSettings(topic: string, settings: ReadonlyMap<string, string>): string[] {
  const found: string[] = []
  const number = (name: string): number => Number(settings.get(name) ?? Number.NaN)
  if (!(number('min.insync.replicas') >= 2)) found.push(`${topic} has min.insync.replicas ${settings.get('min.insync.replicas')}, below 2`)
  if (settings.get('unclean.leader.election.enable') === 'true') found.push(`${topic} has unclean.leader.election.enable`)
  if (!(number('max.message.bytes') >= MIB)) found.push(`${topic} has max.message.bytes ${settings.get('max.message.bytes')}, below 1 MiB`)
  const retentionMs = number('retention.ms')
  if (retentionMs !== -1 && !(retentionMs >= DAY_MS)) found.push(`${topic} has retention.ms ${settings.get('retention.ms')}, below 24 h`)
  return found
}

/** A topic that a mistyped name brings to be has none of the settings above. */
async function weakBroker(admin: Admin): Promise<string[]> {
  const { brokers } = await admin.describeCluster()
  const broker = brokers[0]
  if (broker === undefined) return []
  const resource = { type: kafkajs.ConfigResourceTypes.BROKER, name: String(broker.nodeId), configNames: ['auto.create.topics.enable'] }
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] })
  return resources[0]?.configEntries.some(({ configValue }) => configValue === 'true') === true ? ['the brokers have auto.create.topics.enable'] : []
}
