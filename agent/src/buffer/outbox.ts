import { type DeliveryDeps, exporterOptions, sleep } from '../delivery.ts'
import { compress } from '../send/compress.ts'
import type { Counters } from '../send/counters.ts'
import { createExporter } from '../send/exporter.ts'
import { createCourier } from './courier.ts'
import { type BufferedSignal, openDiskBuffer } from './disk-buffer.ts'

/** What cannot wait in files: kept on disk, within `agent.bufferBytes`, until the collector has it. */
export interface Outbox {
  /** Resolves when the request is durable, or was counted as dropped because the disk did not take it. */
  post(signal: BufferedSignal, request: Buffer): Promise<void>
  /** Why nothing is taken at the moment; null when the last answers were good. */
  readonly trouble: string | null
  start(): void
  stop(deadlineMs: number): Promise<void>
}

const SIGNALS: readonly BufferedSignal[] = ['logs', 'metrics']

export function createOutbox(deps: DeliveryDeps & { dataDirectory: string; counters: Counters }): Outbox {
  const { config, counters, logger, random, dataDirectory } = deps
  const buffer = openDiskBuffer({ directory: dataDirectory, maxBytes: config.bufferBytes, dropped: () => void counters.bufferDrops++ })
  const encoding = config.compression === 'none' ? 'none' : 'gzip'
  const couriers = new Map(
    SIGNALS.map((signal) => {
      const exporter = createExporter({ ...exporterOptions(deps), signal, connections: 1 })
      return [signal, createCourier({ buffer, signal, exporter, encoding, counters, logger, random, sleep })]
    }),
  )
  const wakeAll = (): void => {
    for (const courier of couriers.values()) courier.wake()
  }
  return {
    get trouble() {
      return [...couriers.values()].map((courier) => courier.trouble).find((why) => why !== null) ?? null
    },
    async post(signal, request) {
      try {
        await buffer.put(signal, await compress(request, encoding))
      } catch (error) {
        counters.bufferDrops++
        logger.error({ event: 'buffer_unwritable', signal, why: String(error) }, 'What waits for the collector cannot be kept on disk')
      }
      couriers.get(signal)?.wake()
    },
    start: wakeAll,
    async stop(deadlineMs) {
      await Promise.all([...couriers.values()].map((courier) => courier.stop(deadlineMs)))
      await buffer.close()
    },
  }
}
