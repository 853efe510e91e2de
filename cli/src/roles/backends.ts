import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EventLog } from '@skein/eventlog/contract'
import type { Config } from '@skein/schemas/config'
import { Topic } from '@skein/schemas/topics'
import type { Store } from '@skein/store/contract'
import { prepareDataDirectory } from '../data-directory.ts'
import type { Logger } from '../logger.ts'
import { STOP_DEADLINE_MS } from '../process-role.ts'

const LOCK_LOOK_MS = 200

export function modeOf(config: Config): 'embedded' | 'cluster' {
  return config.clickhouse.url === undefined ? 'embedded' : 'cluster'
}

/** The bus that the configuration names, for one side of it. Drivers are loaded on use: a collector never loads the embedded engine. */
export async function openLog(config: Config, role: 'writer' | 'reader', logger: Logger): Promise<EventLog> {
  const partitions = (topic: string): number => (topic === Topic.outcomes ? 1 : config.log.partitions)
  const clock = (): number => Date.now()
  const report = (level: 'info' | 'warn' | 'error', event: string, facts: Record<string, unknown>): void =>
    logger[level]({ event, ...facts }, event.replaceAll('_', ' '))
  if (config.kafka.brokers.length > 0) {
    const { createKafkaLog } = await import('@skein/eventlog/kafka/log')
    return createKafkaLog({ ...config.kafka, partitions, clock, report })
  }
  const { createEmbeddedLog } = await import('@skein/eventlog/embedded/log')
  const directory = join(await prepareDataDirectory(config), 'log')
  const { quotaBytes, reserveBytes } = config.log
  return afterPredecessor(() => createEmbeddedLog({ directory, role, partitions, quotaBytes, reserveBytes, clock, report }), clock() + STOP_DEADLINE_MS)
}

/** A process whose supervisor was killed holds its lock until it has stopped, which it does within its deadline. */
async function afterPredecessor<T>(open: () => Promise<T>, deadlineMs: number): Promise<T> {
  for (;;) {
    try {
      return await open()
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'LogLockedError' || Date.now() > deadlineMs) throw error
    }
    await sleep(LOCK_LOOK_MS)
  }
}

/** The store that the configuration names. */
export async function openStore(config: Config, migrate: boolean): Promise<Store> {
  const { readers, writers, memoryBytes } = config.store
  const { uiSeconds, rowsRead, resultRows, queued, memoryBytes: questionBytes } = config.limits.query
  const limits = { seconds: uiSeconds, memoryBytes: questionBytes, rowsRead, resultRows: Math.max(resultRows, config.limits.query.traceSpans), queued }
  const options = { retention: config.retention, limits, readers, writers, migrate }
  const { url, database, username, password } = config.clickhouse
  if (url !== undefined) {
    const { openHttpStore } = await import('@skein/store/http/store')
    return openHttpStore({ ...options, url, database, username, password })
  }
  const { openChdbStore } = await import('@skein/store/chdb/store')
  return openChdbStore({ ...options, directory: join(await prepareDataDirectory(config), 'store'), memoryBytes })
}
