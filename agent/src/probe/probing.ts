import { createCourier } from '../buffer/courier.ts'
import { type DiskBuffer, openDiskBuffer } from '../buffer/disk-buffer.ts'
import { type DeliveryDeps, exporterOptions, sleep } from '../delivery.ts'
import type { Attributes } from '../otlp/attributes.ts'
import { compress } from '../send/compress.ts'
import type { Counters } from '../send/counters.ts'
import { createExporter } from '../send/exporter.ts'
import { createPeerServer } from './peer-server.ts'
import { encodeProbe, type ProbeResult } from './probe-record.ts'
import { createProber } from './prober.ts'

export interface ProbingDeps extends DeliveryDeps {
  /** Where results wait for the collector. */
  dataDirectory: string
  /** Monotonic ms. */
  nowMs: () => number
  counters: Counters
  /** Of the host. */
  resource: Attributes
  /** Stands in for the buffer on disk in tests. */
  openBuffer?: (options: Parameters<typeof openDiskBuffer>[0]) => DiskBuffer
}

/** The agent's part in measuring the network: it is measured, it measures, and results are kept until the collector has them. */
export interface Probing {
  /** Resolves with the port of the peer server, 0 when it is off. */
  start(options: { anyPort: boolean }): Promise<number>
  stop(deadlineMs: number): Promise<void>
}

const SERVICE = 'skein-agent'

export function createProbing(deps: ProbingDeps): Probing {
  const { config, counters, logger, clock, nowMs, random, dataDirectory } = deps
  const { probe } = config
  const identity = { name: probe.name ?? config.hostName ?? deps.hostName, labels: probe.labels }
  const server = createPeerServer({ ...probe, identity, nowMs })
  const buffer = (deps.openBuffer ?? openDiskBuffer)({ directory: dataDirectory, maxBytes: config.bufferBytes, dropped: () => void counters.bufferDrops++ })
  const encoding = config.compression === 'none' ? 'none' : 'gzip'
  const exporter = createExporter({ ...exporterOptions(deps), signal: 'logs', connections: 1 })
  const courier = createCourier({ buffer, exporter, encoding, counters, logger, random, sleep })
  const resource = { 'service.name': SERVICE, ...deps.resource }

  async function found(result: ProbeResult): Promise<void> {
    counters.probes++
    if (result.measured.errors.length > 0) counters.failedProbes++
    try {
      await buffer.put(await compress(encodeProbe(result, resource), encoding))
    } catch (error) {
      counters.bufferDrops++
      logger.error({ event: 'buffer_unwritable', why: String(error) }, 'What a probe found cannot be kept on disk')
    }
    courier.wake()
  }

  const prober = createProber({ config: probe, identity, logger, clock, nowMs, random, sleep, found })
  return {
    async start({ anyPort }) {
      const port = probe.port === 0 && !anyPort ? 0 : await server.start()
      if (probe.peers.length > 0) prober.start()
      courier.wake()
      return port
    },
    async stop(deadlineMs) {
      await prober.stop()
      server.stop()
      await courier.stop(deadlineMs)
      await buffer.close()
    },
  }
}
