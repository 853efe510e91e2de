import type { Assignment, ConsumeHandler, EventLog, StoredRecord, Subscription } from '@skein/eventlog/contract'
import type { Config } from '@skein/schemas/config'
import { INGEST_GROUP, Topic } from '@skein/schemas/topics'
import type { TenantRules } from '@skein/schemas/log-rule'
import type { ScenarioRecord } from '@skein/schemas/scenario'
import type { Store } from '@skein/store/contract'
import type { Backoff } from './pipeline/backoff.ts'
import { type IngestLogger, reasonOf } from './pipeline/ingest-logger.ts'
import { createIngestMetrics, type IngestMetrics } from './pipeline/ingest-metrics.ts'
import type { Failpoint } from './pipeline/delivery.ts'
import { hurriedLimits } from './pipeline/hurry.ts'
import { createLane, type Lane } from './pipeline/lane.ts'
import { createLateSpans } from './pipeline/late-spans.ts'
import { createOutcomeProcessor } from './pipeline/outcome-processor.ts'
import type { LogWorkerSettings } from './pipeline/log-processor.ts'
import type { Knowledge } from './pipeline/range-job.ts'
import type { WorkerSettings } from './pipeline/range-processor.ts'
import { UID_WINDOW_MS } from './logs/seen-lines.ts'
import { PATH_MEMORY_MS } from './paths/paths.ts'
import { type PartitionLimits, partitionLimits } from './pipeline/partition-limits.ts'
import { createLocalWorkers, createThreadWorkers, type RangeWorkers } from './pipeline/range-workers.ts'

export interface IngestOptions {
  config: Config
  log: EventLog
  store: Store
  /** Unix ms; for waiting and health, never for content. */
  clock: () => number
  logger: IngestLogger
  /** Scenarios of all tenants, as they are now; none unless given. */
  scenarios?: () => Promise<readonly ScenarioRecord[]>
  /** Rules on logs of all tenants, as they are now; none unless given. */
  logRules?: () => Promise<readonly TenantRules[]>
  /** Whether somebody reads log lines as they come in; nobody unless given. */
  inHurry?: () => boolean
  /** Worker threads unless given; `config.ingest.workers` by default. */
  workerCount?: number
  workers?: RangeWorkers
  logWorkers?: RangeWorkers
  /** Threads run the scripts that were built of them, not the modules; false unless given. */
  builtWorkers?: boolean
  backoff?: Backoff
  failpoint?: Failpoint
}

export interface IngestHealth {
  /** Envelopes in the log that are not done, as last asked. */
  lag: number
  /** When a range was last confirmed, Unix ms. */
  lastRangeAt: number | null
  /** Why ingest stopped working, or null. */
  error: string | null
}

export interface Ingest {
  start(): Promise<void>
  /** Finishes the range under way and leaves the group. `remaining` = envelopes read and left for the next owner. */
  stop(deadlineMs: number): Promise<{ remaining: number }>
  health(): IngestHealth
  /** Prometheus text. */
  metrics(): string
  /** Rejects when only a new process helps: a worker died, or the log's reader. Pending until then. */
  readonly failed: Promise<never>
}

const MIB = 1024 * 1024
const OUTCOME_BATCH_ID_BYTES = 16 * MIB
const INTERNED_BYTES = 32 * MIB
const BACKOFF: Backoff = { firstMs: 1000, lastMs: 30_000 }
const LAG_EVERY_MS = 5000
/** Memory is made again from twice the pairing window, so that what lies in the window was paired against a full one. */
const MEMORY_WINDOWS = 2
/** Uids that are not of tailed files are remembered for five minutes of log time; what rules count, for less. */
const LOG_MEMORY_MS = UID_WINDOW_MS + 60_000
const PATTERN_LIMITS = { templatesPerService: 1000, templatesPerPartition: 4000 }
const NOTHING_KNOWN: Knowledge = { scenarios: [], logRules: [] }
const TOPICS = [Topic.traces, Topic.logs, Topic.outcomes]

interface Running {
  options: IngestOptions
  workers: Record<string, RangeWorkers>
  /** Topic → partitions, once started. */
  partitions: Record<string, number>
  metrics: IngestMetrics
  lanes: Map<string, Lane>
  subscription: PromiseWithResolvers<Subscription>
  failed: PromiseWithResolvers<never>
  lag: number
  lagTimer: NodeJS.Timeout | undefined
  error: string | null
  stopping: boolean
  /** JSON of what the workers know. */
  learnt: string
}

/** Log → store. Nothing runs before `start`, but for the worker threads. */
export function createIngest(options: IngestOptions): Ingest {
  const { config, workers, logWorkers, builtWorkers: built = false, workerCount: count = config.ingest.workers } = options
  const partitions: Record<string, number> = {}
  const limitsOf = (topic: string): PartitionLimits => partitionLimits(config.ingest, partitions[topic] ?? 1)
  const threads = workers ?? createThreadWorkers(count, { entry: 'worker-main', built }, () => workerSettings(config, limitsOf(Topic.traces)))
  const logThreads = logWorkers ?? createThreadWorkers(count, { entry: 'log-worker-main', built }, () => logWorkerSettings(config, limitsOf(Topic.logs)))
  const running: Running = {
    options,
    workers: {
      [Topic.traces]: threads,
      [Topic.logs]: logThreads,
      [Topic.outcomes]: createLocalWorkers([createOutcomeProcessor({ batchIdBytes: OUTCOME_BATCH_ID_BYTES })]),
    },
    partitions,
    metrics: createIngestMetrics(),
    lanes: new Map(),
    subscription: Promise.withResolvers<Subscription>(),
    failed: Promise.withResolvers<never>(),
    lag: 0,
    lagTimer: undefined,
    error: null,
    stopping: false,
    learnt: JSON.stringify(NOTHING_KNOWN),
  }
  running.failed.promise.catch(() => undefined)
  running.subscription.promise.catch(() => undefined)
  watch(running, threads.failed)
  watch(running, logThreads.failed)
  return {
    start: () => start(running),
    stop: (deadlineMs) => stop(running, deadlineMs),
    health: () => ({ lag: running.lag, lastRangeAt: lastRangeAt(running), error: running.error }),
    metrics: () => running.metrics.text(running.lag),
    failed: running.failed.promise,
  }
}

function workerSettings(config: Config, perPartition: PartitionLimits): WorkerSettings {
  const { pastDays, futureMinutes, attributes, keyBytes, valueBytes, events, links } = config.limits.intake
  return {
    processor: {
      limits: { pastDays, futureMinutes, attributes, keyBytes, valueBytes, events, links },
      batchIdBytes: perPartition.batchIdBytes,
      // The embedded log checks what it reads; a client of Kafka leaves the checksums of its batches aside.
      trustsLog: isEmbedded(config),
      internedBytes: INTERNED_BYTES,
    },
    topology: {
      pairWindowMs: config.ingest.pairWindowMs,
      maxSpansPerPartition: perPartition.pairSpans,
      lookUps: { perSecond: perPartition.lookUps, backMs: config.ingest.lookBackMs },
    },
    paths: { maxSpansPerPartition: perPartition.pathSpans },
  }
}

function logWorkerSettings(config: Config, perPartition: PartitionLimits): LogWorkerSettings {
  const { pastDays, futureMinutes, attributes, keyBytes, valueBytes, logBodyBytes } = config.limits.intake
  const limits = { pastDays, futureMinutes, attributes, keyBytes, valueBytes, logBodyBytes }
  return {
    processor: {
      limits,
      batchIdBytes: perPartition.batchIdBytes,
      trustsLog: isEmbedded(config),
      internedBytes: INTERNED_BYTES,
      severityFromText: config.ingest.severityFromText,
      traceFromText: config.ingest.traceFromText,
    },
    patterns: PATTERN_LIMITS,
  }
}

async function start(running: Running): Promise<void> {
  const { log } = running.options
  for (const topic of [...TOPICS, Topic.dead]) running.partitions[topic] = await log.partitions(topic)
  const subscription = await log.consume(TOPICS, INGEST_GROUP, handlerOf(running))
  watch(running, subscription.failed)
  running.subscription.resolve(subscription)
  running.lagTimer = setInterval(() => void askLag(running), LAG_EVERY_MS)
  running.lagTimer.unref()
  await askLag(running)
}

function handlerOf(running: Running): ConsumeHandler {
  return {
    async assigned(assignment: Assignment) {
      const end = await endOf(running, assignment)
      return running.stopping ? null : laneOf(running, assignment.topic, assignment.partition).assigned(assignment, end)
    },
    async records(topic: string, partition: number, records: StoredRecord[]) {
      if (!running.stopping) await laneOf(running, topic, partition).records(partition, records)
    },
    async revoked(partitions) {
      const keys = new Set(partitions.map(({ topic, partition }) => laneKey(running, topic, partition)))
      await Promise.all([...keys].map((key) => endLane(running, key, REVOKE_MS)))
    },
  }
}

/** The end of a partition's log, asked where a predecessor planned a range. */
async function endOf(running: Running, { topic, partition, note }: Assignment): Promise<number> {
  if (note === null) return Number.POSITIVE_INFINITY
  try {
    const ends = await running.options.log.lag([topic], INGEST_GROUP)
    return ends.find((each) => each.partition === partition)?.end ?? Number.POSITIVE_INFINITY
  } catch (error) {
    running.options.logger.warn({ event: 'lag_unknown', reason: reasonOf(error) }, 'The log did not say where it ends')
    return Number.POSITIVE_INFINITY
  }
}

/** What a lane may still take to confirm its range when its partitions are taken away. */
const REVOKE_MS = 4000

/** Embedded, all partitions of a topic make ranges together: one insert a second and table is paid, not one each. On Kafka owners change by partition. */
function laneKey(running: Running, topic: string, partition: number): string {
  return isEmbedded(running.options.config) ? topic : `${topic}/${partition}`
}

function isEmbedded(config: Config): boolean {
  return config.kafka.brokers.length === 0
}

function laneOf(running: Running, topic: string, partition: number): Lane {
  const key = laneKey(running, topic, partition)
  const known = running.lanes.get(key)
  if (known !== undefined) return known
  const { config, log, store, clock, logger, backoff = BACKOFF, failpoint = () => undefined, inHurry = () => false } = running.options
  const workers = running.workers[topic]
  if (workers === undefined) throw new Error(`no processor for topic ${topic}`)
  const lane = createLane({
    topic,
    limits: topic === Topic.logs ? hurriedLimits(config.ingest, inHurry) : config.ingest,
    memoryMs: topic === Topic.logs ? LOG_MEMORY_MS : Math.max(config.ingest.pairWindowMs * MEMORY_WINDOWS, PATH_MEMORY_MS),
    workers,
    ownsWorkers: isEmbedded(config),
    lateSpans: createLateSpans({ traces: store.traces, partitions: () => log.partitions(topic), backoff, logger, metrics: running.metrics }),
    log,
    store: store.ingest,
    subscription: running.subscription.promise,
    clock,
    learn: () => learn(running),
    logger,
    backoff,
    failpoint,
    metrics: running.metrics,
  })
  running.lanes.set(key, lane)
  watch(running, lane.failed)
  return lane
}

/**
 * Scenarios and rules are read anew before each range. A written one holds for records received 2 s later, so whoever reads it after those
 * records were received sees it: which version judges a record does not depend on when that is.
 */
async function learn(running: Running): Promise<void> {
  const { scenarios, logRules } = running.options
  const knowledge: Knowledge = { scenarios: (await scenarios?.()) ?? [], logRules: (await logRules?.()) ?? [] }
  const learnt = JSON.stringify(knowledge)
  if (learnt === running.learnt) return
  for (const workers of Object.values(running.workers)) workers.learn(knowledge)
  running.learnt = learnt
}

async function endLane(running: Running, key: string, deadlineMs: number): Promise<number> {
  const lane = running.lanes.get(key)
  running.lanes.delete(key)
  return lane === undefined ? 0 : (await lane.stop(deadlineMs)).remaining
}

function watch(running: Running, failed: Promise<never>): void {
  failed.catch((error: unknown) => {
    running.error ??= reasonOf(error)
    running.options.logger.error({ event: 'ingest_failed', reason: reasonOf(error) }, 'Ingest cannot go on in this process')
    running.failed.reject(error)
  })
}

async function askLag(running: Running): Promise<void> {
  try {
    const partitions = await running.options.log.lag(TOPICS, INGEST_GROUP)
    running.lag = partitions.reduce((sum, { lag }) => sum + lag, 0)
  } catch (error) {
    running.options.logger.warn({ event: 'lag_unknown', reason: reasonOf(error) }, 'The log did not say how much waits')
  }
}

function lastRangeAt(running: Running): number | null {
  const times = [...running.lanes.values()].flatMap((lane) => lane.lastRangeAt() ?? [])
  return times.length === 0 ? null : Math.max(...times)
}

async function stop(running: Running, deadlineMs: number): Promise<{ remaining: number }> {
  running.stopping = true
  clearInterval(running.lagTimer)
  running.subscription.reject(new Error('ingest stopped before it started'))
  const remaining = await Promise.all([...running.lanes.keys()].map((key) => endLane(running, key, deadlineMs)))
  const subscription = await running.subscription.promise.catch(() => null)
  await subscription?.stop(deadlineMs)
  await Promise.all(Object.values(running.workers).map((workers) => workers.close()))
  return { remaining: remaining.reduce((sum, count) => sum + count, 0) }
}
