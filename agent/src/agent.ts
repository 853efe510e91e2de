import { mkdirSync } from 'node:fs'
import type { AgentConfig } from '@skein/schemas/agent-config'
import { takeLock } from '@skein/eventlog/embedded/lock'
import type { AgentLogger, Clock } from './agent-deps.ts'
import { fileGroups } from './files/file-group.ts'
import { createFollower, type Timing } from './files/follower.ts'
import type { Attributes } from './otlp/attributes.ts'
import { createPositionKeeper } from './positions/position-keeper.ts'
import { openPositionStore, type PositionStore } from './positions/position-store.ts'
import { type Counters, createCounters } from './send/counters.ts'
import { createExporter } from './send/exporter.ts'
import { createPump } from './send/pump.ts'
import { createSender } from './send/sender.ts'

export interface AgentDeps {
  config: AgentConfig
  /** Where positions are kept; made when missing. */
  dataDirectory: string
  /** Where relative globs begin. */
  workingDirectory: string
  hostName: string
  version: string
  logger: AgentLogger
  clock: Clock
  /** Monotonic ms. */
  nowMs: () => number
  random: () => number
  randomBytes: (bytes: number) => Buffer
  timing?: Partial<Timing>
  /** Stands in for the positions on disk in tests. */
  openPositions?: (directory: string) => PositionStore
}

export interface Agent {
  readonly counters: Readonly<Counters>
  /** Rejects with `LogLockedError` when another agent uses the same directory. */
  start(): Promise<{ files: number }>
  /** What is under way is settled or left within the time; everything else is read after the next start. */
  stop(deadlineMs: number): Promise<void>
}

/** Reads what the configuration names and has it delivered, each line once as far as the collector keeps its uid. */
export function createAgent(deps: AgentDeps): Agent {
  const { config, logger, clock, nowMs } = deps
  mkdirSync(deps.dataDirectory, { recursive: true, mode: 0o700 })
  const lock = takeLock(deps.dataDirectory, 'agent')
  const store = (deps.openPositions ?? openPositionStore)(deps.dataDirectory)
  const counters = createCounters()
  const keeper = createPositionKeeper({ store, logger })
  const exporter = createExporter({ endpoint: config.endpoint, key: config.key, userAgent: `skein-agent/${deps.version}`, connections: config.requests })
  const sender = createSender({ exporter, counters, logger, random: deps.random, sleep })
  const pump = createPump({
    sender,
    counters,
    clock,
    encoding: config.compression === 'auto' ? 'zstd' : config.compression,
    requests: config.requests,
    requestBytes: config.requestBytes,
    after: (ms) => sleep(ms),
  })
  const follower = createFollower({
    groups: fileGroups(config, { resource: resourceOf(deps), directory: deps.workingDirectory, clock }),
    known: store.positions(),
    hasGlob: store.hasGlob,
    keeper,
    counters,
    logger,
    nowMs,
    randomIdentity: () => deps.randomBytes(8).toString('hex'),
    lineBytes: config.lineBytes,
    maxFiles: config.maxFiles,
    wake: pump.wake,
    ...(deps.timing === undefined ? {} : { timing: deps.timing }),
  })
  keeper.onDurable(() => follower.wakeAll())
  return {
    counters,
    async start() {
      await follower.look()
      follower.start()
      return { files: follower.files }
    },
    async stop(deadlineMs) {
      await follower.stop()
      await pump.stop(deadlineMs)
      await follower.close()
      await keeper.stop()
      exporter.close()
      lock.release()
    },
  }
}

function resourceOf({ config, hostName }: AgentDeps): Attributes {
  return {
    'host.name': config.hostName ?? hostName,
    ...(config.environment === undefined ? {} : { 'deployment.environment.name': config.environment }),
    ...(config.cluster === undefined ? {} : { 'k8s.cluster.name': config.cluster }),
    ...config.attributes,
  }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    timer.unref()
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
