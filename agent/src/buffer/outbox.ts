import { type DeliveryDeps, exporterOptions, sleep } from '../delivery.ts'
import { compress } from '../send/compress.ts'
import type { AgentSignal, Counters } from '../send/counters.ts'
import { createExporter } from '../send/exporter.ts'
import { createSender } from '../send/sender.ts'
import { createCourier } from './courier.ts'
import { type BufferFile, openDiskBuffer } from './disk-buffer.ts'

/** What cannot wait in files: kept on disk, within `agent.bufferBytes`, until the collector has it. */
export interface Outbox {
  /** Resolves when the request of so many records or data points is durable, or was counted as dropped because the disk did not take it. */
  post(signal: AgentSignal, request: Buffer, records: number): Promise<void>
  /** Why nothing is taken at the moment, by the collector or by the disk; null when the last answers were good. */
  readonly troubles: { collector: string | null; disk: string | null }
  /** Disk in use. */
  readonly bytes: number
  start(): void
  stop(deadlineMs: number): Promise<void>
}

export interface OutboxDeps extends DeliveryDeps {
  dataDirectory: string
  counters: Counters
  /** Stands in for the file in tests. */
  openBuffer?: (path: string) => BufferFile
}

const SIGNALS: readonly AgentSignal[] = ['logs', 'metrics']
const MEANWHILE = 'they wait on disk, and the oldest go when that is full'

export function createOutbox(deps: OutboxDeps): Outbox {
  const { config, counters, logger, random, dataDirectory } = deps
  const dropped = ([, signal, , records]: readonly [number, AgentSignal, number, number]): void =>
    counters.dropped({ signal, reason: 'agent_buffer_full', records })
  const buffer = openDiskBuffer({
    directory: dataDirectory,
    maxBytes: config.bufferBytes,
    dropped,
    ...(deps.openBuffer === undefined ? {} : { open: deps.openBuffer }),
  })
  const encoding = config.compression === 'none' ? 'none' : 'gzip'
  let unwritable: string | null = null
  const ways = SIGNALS.map((signal) => {
    const exporter = createExporter({ ...exporterOptions(deps), signal, connections: 1 })
    const sender = createSender({ signal, exporter, encoding, counters, logger, random, sleep, meanwhile: MEANWHILE })
    const courier = createCourier({ buffer, signal, sender, logger, sleep, cutOff: exporter.close })
    return { signal, sender, courier }
  })
  const wakeAll = (): void => {
    for (const { courier } of ways) courier.wake()
  }
  return {
    get troubles() {
      const first = (all: (string | null)[]): string | null => all.find((why) => why !== null) ?? null
      return { collector: first(ways.map(({ sender }) => sender.trouble)), disk: first([unwritable, ...ways.map(({ courier }) => courier.trouble)]) }
    },
    get bytes() {
      return buffer.bytes
    },
    async post(signal, request, records) {
      try {
        await buffer.put(signal, await compress(request, encoding), records)
        unwritable = null
      } catch (error) {
        counters.dropped({ signal, reason: 'agent_disk_refused', records })
        if (unwritable === null) logger.error({ event: 'buffer_unwritable', signal, why: String(error) }, 'What waits for the collector cannot be kept on disk')
        unwritable = String(error)
      }
      ways.find((way) => way.signal === signal)?.courier.wake()
    },
    start: wakeAll,
    async stop(deadlineMs) {
      await Promise.all(ways.map(({ courier }) => courier.stop(deadlineMs)))
      await buffer.close()
    },
  }
}
