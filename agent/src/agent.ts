import { mkdirSync } from 'node:fs'
import { takeLock } from '@skein/eventlog/embedded/lock'
import { createDelivery } from './delivery.ts'
import { fileGroups } from './files/file-group.ts'
import { createFollower } from './files/follower.ts'
import type { Timing } from './files/timing.ts'
import { createHealthServer } from './health/health-server.ts'
import { createJournalFeed } from './journal/journal-feed.ts'
import { createPositionKeeper } from './positions/position-keeper.ts'
import { openPositionStore, type PositionStore } from './positions/position-store.ts'
import { createHostSources, type HostSourcesDeps } from './host-sources.ts'
import type { Counters } from './send/counters.ts'

export interface AgentDeps extends HostSourcesDeps {
  /** Where relative globs begin. */
  workingDirectory: string
  randomBytes: (bytes: number) => Buffer
  timing?: Partial<Timing>
  /** Stands in for the positions on disk in tests. */
  openPositions?: (directory: string) => PositionStore
  /** Serve health on a free port when the configuration names none. */
  anyHealthPort?: boolean
  /** What prints the journal; `journalctl` when unset. */
  journalCommand?: readonly string[]
}

export interface Agent {
  readonly counters: Readonly<Counters>
  /** Ports are 0 when what they are for is off. */
  start(): Promise<{ files: number; healthPort: number; probePort: number }>
  /** What is under way is settled or left within the time; everything else is read after the next start. */
  stop(deadlineMs: number): Promise<void>
}

/** The host's part of an agent: reads what the configuration names and has it delivered. Throws `LogLockedError` when another agent uses the directory. */
export function createAgent(deps: AgentDeps): Agent {
  const { config, logger, clock, nowMs } = deps
  mkdirSync(deps.dataDirectory, { recursive: true, mode: 0o700 })
  const lock = takeLock(deps.dataDirectory, 'agent')
  const store = (deps.openPositions ?? openPositionStore)(deps.dataDirectory)
  const keeper = createPositionKeeper({ store, logger })
  const delivery = createDelivery(deps)
  const { pump, counters, resource, sender } = delivery
  const { lineBytes, maxFiles, journald } = config
  const follower = createFollower({
    groups: fileGroups(config, { resource, directory: deps.workingDirectory, clock }),
    known: store.positions(),
    hasGlob: store.hasGlob,
    keeper,
    counters,
    logger,
    clock,
    nowMs,
    randomIdentity: () => deps.randomBytes(8).toString('hex'),
    lineBytes,
    maxFiles,
    wake: pump.wake,
    ...(deps.timing === undefined ? {} : { timing: deps.timing }),
  })
  keeper.onDurable(() => follower.wakeAll())
  const command = deps.journalCommand ?? ['journalctl']
  const cursor = store.journalCursor()
  const journal = journald.enabled ? createJournalFeed({ command, units: journald.units, cursor, resource, lineBytes, keeper, logger, wake: pump.wake }) : null
  const host = createHostSources({ ...deps, counters, resource })
  const troubles = (): string[] =>
    troublesOf({
      collector: sender.trouble ?? host?.troubles.collector ?? null,
      buffer: host?.troubles.disk ?? null,
      positions: keeper.trouble,
      journal: journal?.trouble ?? null,
    })
  const health = createHealthServer(config.healthPort, { counters, logger, follower, bufferBytes: () => host?.bufferBytes ?? 0, troubles })
  return {
    counters,
    async start() {
      const healthPort = config.healthPort === 0 && deps.anyHealthPort !== true ? 0 : await health.start()
      await follower.look()
      follower.start()
      journal?.start()
      const probePort = (await host?.start()) ?? 0
      return { files: follower.files, healthPort, probePort }
    },
    async stop(deadlineMs) {
      await follower.stop()
      journal?.stop()
      await Promise.all([delivery.stop(deadlineMs), host?.stop(deadlineMs)])
      await follower.close()
      await keeper.stop()
      health.stop()
      lock.release()
    },
  }
}

const TROUBLES = {
  collector: 'The collector takes nothing',
  buffer: 'The buffer on disk cannot be used',
  positions: 'Positions cannot be saved',
  journal: 'The journal cannot be read',
} as const

function troublesOf(troubles: Readonly<Record<keyof typeof TROUBLES, string | null>>): string[] {
  return Object.entries(troubles).flatMap(([key, why]) => (why === null ? [] : `${TROUBLES[key as keyof typeof TROUBLES]}: ${why}`))
}
