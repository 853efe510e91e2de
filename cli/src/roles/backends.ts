import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventLog } from '@skein/eventlog/contract'
import type { EmbeddedLogOptions } from '@skein/eventlog/embedded/settings'
import type { Config } from '@skein/schemas/config'
import { EMBEDDED_PARTITIONS_PER_WORKER, KAFKA_PARTITIONS, MAX_DEAD_LETTER_BYTES, Topic } from '@skein/schemas/topics'
import type { Store } from '@skein/store/contract'
import { prepareDataDirectory } from '../data-directory.ts'
import type { Logger } from '../logger.ts'
import { STOP_DEADLINE_MS } from '../process-role.ts'
import { queryLimits } from './query-limits.ts'

const LOCK_LOOK_MS = 200
const DAY_MS = 86_400_000
/** Topics of one partition: little is written to them. */
const SMALL: ReadonlySet<string> = new Set([Topic.outcomes, Topic.dead])
/** Topics that the engine writes. */
const ENGINE_TOPICS = [Topic.dead]

export function modeOf(config: Config): 'embedded' | 'cluster' {
  return config.clickhouse.url === undefined ? 'embedded' : 'cluster'
}

export function partitionsOf(config: Config): (topic: string) => number {
  const fallback = config.kafka.brokers.length > 0 ? KAFKA_PARTITIONS : config.ingest.workers * EMBEDDED_PARTITIONS_PER_WORKER
  return (topic) => (SMALL.has(topic) ? 1 : (config.log.partitions ?? fallback))
}

/** The bus that the configuration names, for one side of it. Drivers are loaded on use: a collector never loads the embedded engine. */
export async function openLog(config: Config, role: 'writer' | 'reader', logger: Logger): Promise<EventLog> {
  const partitions = partitionsOf(config)
  const { deadLetterBytes, deadLetterDays } = config.limits.ingest
  const clock = (): number => Date.now()
  const report = (level: 'info' | 'warn' | 'error', event: string, facts: Record<string, unknown>): void =>
    logger[level]({ event, ...facts }, event.replaceAll('_', ' '))
  if (config.kafka.brokers.length > 0) {
    const { createKafkaLog } = await import('@skein/eventlog/kafka/log')
    const retention = (topic: string) => (topic === Topic.dead ? { ms: deadLetterDays * DAY_MS, bytes: deadLetterBytes } : undefined)
    return createKafkaLog({ ...config.kafka, partitions, clock, report, retention, ...(role === 'reader' ? { maxRecordBytes: MAX_DEAD_LETTER_BYTES } : {}) })
  }
  const { createEmbeddedLog } = await import('@skein/eventlog/embedded/log')
  const dataDirectory = await prepareDataDirectory(config)
  const { quotaBytes, reserveBytes } = config.log
  const deadlineMs = clock() + STOP_DEADLINE_MS
  const all = { partitions, reserveBytes, clock, report }
  const open = (options: Pick<EmbeddedLogOptions, 'directory' | 'role' | 'quotaBytes'> & Partial<EmbeddedLogOptions>): Promise<EventLog> =>
    afterPredecessor(() => createEmbeddedLog({ ...all, ...options }), deadlineMs)
  const log = await open({ directory: join(dataDirectory, 'log'), role, quotaBytes })
  if (role === 'writer') return log
  const { createEngineLog } = await import('@skein/eventlog/embedded/engine-log')
  const kept = { keep: 'age', marginMs: deadLetterDays * DAY_MS, quotaBytes: deadLetterBytes, maxRecordBytes: MAX_DEAD_LETTER_BYTES } as const
  const own = await open({ directory: engineLogDirectory(dataDirectory), role: 'writer', ...kept })
  return createEngineLog({ read: log, own, topics: ENGINE_TOPICS })
}

/** The engine's topics, to be read beside a running engine: dead letters. */
export async function openEngineTopics(config: Config, logger: Logger): Promise<EventLog> {
  if (config.kafka.brokers.length > 0) return openLog(config, 'reader', logger)
  const { createEmbeddedLog } = await import('@skein/eventlog/embedded/log')
  return createEmbeddedLog({
    directory: engineLogDirectory(await prepareDataDirectory(config)),
    role: 'reader',
    partitions: () => 1,
    quotaBytes: config.limits.ingest.deadLetterBytes,
    reserveBytes: config.log.reserveBytes,
    maxRecordBytes: MAX_DEAD_LETTER_BYTES,
    clock: () => Date.now(),
    report: () => undefined,
  })
}

function engineLogDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'log-engine')
}

/** Keeps engines of this data directory away until it is released: they hold the same lock before they open the store. */
export async function holdEmbeddedStore(config: Config): Promise<() => void> {
  if (modeOf(config) === 'cluster') return () => undefined
  const directory = engineLogDirectory(await prepareDataDirectory(config))
  await mkdir(directory, { recursive: true })
  const { takeLock } = await import('@skein/eventlog/embedded/lock')
  return takeLock(directory, 'writer').release
}

/** A process whose supervisor was killed holds its lock until it has stopped, which it does within its deadline. Nobody waits for one that stays. */
async function afterPredecessor<T>(open: () => Promise<T>, deadlineMs: number): Promise<T> {
  for (;;) {
    try {
      return await open()
    } catch (error) {
      if (!(error instanceof Error) || !isLeaving(error) || Date.now() > deadlineMs) throw error
    }
    await sleep(LOCK_LOOK_MS)
  }
}

function isLeaving(error: Error): boolean {
  return error.name === 'LogLockedError' && 'leaving' in error && error.leaving === true
}

/** The store that the configuration names. */
export async function openStore(config: Config, migrate: boolean): Promise<Store> {
  const { readers, writers, memoryBytes } = config.store
  const options = { retention: config.retention, limits: queryLimits(config), readers, writers, migrate }
  const { url, database, username, password } = config.clickhouse
  if (url !== undefined) {
    const { openHttpStore } = await import('@skein/store/http/store')
    return openHttpStore({ ...options, url, database, username, password })
  }
  const { openChdbStore } = await import('@skein/store/chdb/store')
  return openChdbStore({ ...options, directory: join(await prepareDataDirectory(config), 'store'), memoryBytes })
}
