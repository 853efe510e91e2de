import { join } from 'node:path'
import type { EventLog } from '@skein/eventlog/contract'
import type { Config } from '@skein/schemas/config'
import { Topic } from '@skein/schemas/topics'
import type { Store } from '@skein/store/contract'
import { prepareDataDirectory } from '../data-directory.ts'
import type { Logger } from '../logger.ts'

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
  return createEmbeddedLog({ directory, role, partitions, quotaBytes: config.log.quotaBytes, reserveBytes: config.log.reserveBytes, clock, report })
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
