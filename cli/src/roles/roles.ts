import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { createCollector } from '@skein/collector/collector'
import type { EventLog } from '@skein/eventlog/contract'
import { createIngest, type IngestOptions } from '@skein/ingest/ingest'
import type { MetadataStore } from '@skein/metadata/contract'
import { createLogRules } from '@skein/metadata/log-rules'
import { createScenarios } from '@skein/metadata/scenarios'
import { createOpenTails, type OpenTails } from '@skein/query/open-tails'
import { createQuery } from '@skein/query/query'
import type { Config } from '@skein/schemas/config'
import { INGEST_GROUP, Topic } from '@skein/schemas/topics'
import type { Store } from '@skein/store/contract'
import { createLogger, type Logger } from '../logger.ts'
import { type Role, runRole } from '../process-role.ts'
import { StartError } from '../start-error.ts'
import { ROOT, skeinVersion } from '../version.ts'
import { prepareDataDirectory } from '../data-directory.ts'
import { modeOf, openLog, openStore, partitionsOf } from './backends.ts'
import { type Backends, openWhenRoom } from './late-backends.ts'
import { openKeys } from './metadata.ts'

type RoleName = 'collector' | 'engine' | 'ingest' | 'query'

const clock = (): number => Date.now()

/** Whether the launcher has built them. */
export type Workers = Pick<IngestOptions, 'builtWorkers'>

/** Runs one role in this process until it is told to stop. */
export async function startRole(name: RoleName, config: Config, workers: Workers): Promise<void> {
  const logger = createLogger(name, config.logLevel)
  const start: Record<RoleName, () => Promise<Role>> = {
    collector: () => collectorRole(config, logger),
    engine: () => engineRole(config, logger, workers),
    ingest: () => ingestRole(config, logger, workers),
    query: () => queryRole(config, logger),
  }
  await runRole(logger, start[name])
}

async function collectorRole(config: Config, logger: Logger): Promise<Role> {
  if (config.kafka.brokers.length > 0 && config.keysFile === undefined && config.host !== '127.0.0.1')
    logger.warn({ event: 'no_keys_file' }, 'Keys are read from this machine alone; set SKEIN_KEYS_FILE so that all collectors know the same ones')
  const backends = await openWhenRoom({
    directory: await prepareDataDirectory(config),
    open: () => collectorBackends(config, logger),
    partitions: partitionsOf(config),
    waiting: (why) => logger.warn({ event: 'disk_full', why }, 'The disk is full: requests are answered by 503 until there is room'),
  })
  const { log, keys } = backends
  const collector = createCollector({ config, log, keys, clock, logger, random: Math.random, randomBytes })
  const { httpPort, grpcPort } = await collector.start()
  return {
    ready: { otlpHttp: httpPort, otlpGrpc: grpcPort },
    failed: backends.failed,
    async stop(deadlineMs) {
      await collector.stop(deadlineMs / 2)
      await backends.close(deadlineMs / 2)
    },
  }
}

async function collectorBackends(config: Config, logger: Logger): Promise<Backends> {
  const { keys, metadata } = openKeys(config)
  try {
    const log = await openLog(config, 'writer', logger)
    return {
      log,
      keys,
      async close(deadlineMs) {
        await log.close(deadlineMs)
        await metadata.close()
      },
    }
  } catch (error) {
    await metadata.close()
    throw error
  }
}

async function engineRole(config: Config, logger: Logger, workers: Workers): Promise<Role> {
  const { metadata } = openKeys(config)
  const log = await openLog(config, 'reader', logger)
  const store = await openStore(config, true)
  const openTails = createOpenTails()
  const ingest = createIngest({ config, log, store, ...judgesOf(metadata), inHurry: () => openTails.any(), ...workers, clock, logger })
  await ingest.start()
  const query = buildQuery(config, { log, store, metadata, openTails, logger, metrics: [() => ingest.metrics()] })
  const { port } = await query.start()
  return {
    ready: { http: port },
    failed: Promise.race([ingest.failed, store.failed]),
    async stop(deadlineMs) {
      await query.stop(deadlineMs / 4)
      await ingest.stop(deadlineMs / 2)
      await store.close()
      await log.close(deadlineMs / 4)
      await metadata.close()
    },
  }
}

/** What is read anew before each range. */
function judgesOf(metadata: MetadataStore): Pick<IngestOptions, 'scenarios' | 'logRules'> {
  const scenarios = createScenarios({ metadata, clock, randomBytes })
  const logRules = createLogRules({ metadata, clock, randomBytes })
  return { scenarios: () => scenarios.list(), logRules: () => logRules.all() }
}

async function ingestRole(config: Config, logger: Logger, workers: Workers): Promise<Role> {
  needsServer(config)
  const { metadata } = openKeys(config)
  const log = await openLog(config, 'reader', logger)
  const store = await openStore(config, false)
  const ingest = createIngest({ config, log, store, ...judgesOf(metadata), ...workers, clock, logger })
  await ingest.start()
  const health = createServer((request, response) => {
    if (request.url === '/metrics') response.setHeader('content-type', 'text/plain; version=0.0.4').end(ingest.metrics())
    else response.writeHead(request.url === '/livez' || request.url === '/readyz' ? 200 : 404).end()
  })
  if (config.ports.health > 0) health.listen(config.ports.health, config.host)
  return {
    ready: { health: config.ports.health },
    failed: Promise.race([ingest.failed, store.failed]),
    async stop(deadlineMs) {
      health.close()
      await ingest.stop(deadlineMs / 2)
      await store.close()
      await log.close(deadlineMs / 2)
      await metadata.close()
    },
  }
}

async function queryRole(config: Config, logger: Logger): Promise<Role> {
  needsServer(config)
  const log = config.kafka.brokers.length > 0 ? await openLog(config, 'reader', logger) : null
  const { metadata } = openKeys(config)
  const store = await openStore(config, false)
  const query = buildQuery(config, { log, store, metadata, openTails: createOpenTails(), logger, metrics: [] })
  const { port } = await query.start()
  return {
    ready: { http: port },
    failed: store.failed,
    async stop(deadlineMs) {
      await query.stop(deadlineMs / 2)
      await store.close()
      await log?.close(deadlineMs / 2)
      await metadata.close()
    },
  }
}

interface QueryParts {
  log: EventLog | null
  store: Store
  metadata: MetadataStore
  openTails: OpenTails
  logger: Logger
  metrics: readonly (() => string)[]
}

function buildQuery(config: Config, { log, store, metadata, openTails, logger, metrics }: QueryParts) {
  const host = config.host === '0.0.0.0' || config.host === '::' ? 'localhost' : config.host
  return createQuery({
    config,
    store,
    scenarios: createScenarios({ metadata, clock, randomBytes }),
    logRules: createLogRules({ metadata, clock, randomBytes }),
    openTails,
    logger,
    clock,
    metrics,
    lag: () => (log === null ? Promise.reject(new Error('no log is configured for this process')) : log.lag([Topic.traces, Topic.logs], INGEST_GROUP)),
    probe: () => Promise.resolve(),
    webDirectory: join(ROOT, 'web', 'out'),
    version: skeinVersion(),
    mode: modeOf(config),
    otlp: { http: `http://${host}:${config.ports.otlpHttp}`, grpc: `http://${host}:${config.ports.otlpGrpc}` },
  })
}

function needsServer(config: Config): void {
  if (config.clickhouse.url !== undefined) return
  throw new StartError(
    'The embedded store belongs to one process: use skein up, or set SKEIN_CLICKHOUSE_URL (and SKEIN_KAFKA_BROKERS) to run ingest and query apart.',
  )
}
