import type { AgentConfig } from '@skein/schemas/agent-config'
import type { Clock } from '../agent-deps.ts'
import type { Outbox } from '../buffer/outbox.ts'
import type { Attributes } from '../otlp/attributes.ts'
import { encodeMetrics, pointsIn, type ResourceReadings } from '../otlp/metric-request.ts'
import { containerReadings, findContainers } from './container-readings.ts'
import type { HostFiles } from './host-files.ts'
import { bootSeconds, cpuReadings, diskReadings, memoryReadings, networkReadings } from './host-readings.ts'

/** Reads the host and its containers every so often, and posts what it read. */
export interface HostMetrics {
  start(): void
  stop(): Promise<void>
}

export interface HostMetricsOptions {
  config: AgentConfig['metrics']
  files: HostFiles
  outbox: Outbox
  /** Of the host. */
  resource: Attributes
  clock: Clock
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

export function createHostMetrics(options: HostMetricsOptions): HostMetrics {
  const { config, files, outbox, resource, clock, sleep } = options
  const stopping = new AbortController()
  const everyMs = config.seconds * 1000
  let running: Promise<void> = Promise.resolve()

  async function readAll(): Promise<void> {
    const [stat, meminfo, diskstats, dev] = await Promise.all(['proc/stat', 'proc/meminfo', 'proc/diskstats', 'proc/net/dev'].map((path) => files.read(path)))
    const readings = [...cpuReadings(stat ?? ''), ...memoryReadings(meminfo ?? ''), ...diskReadings(diskstats ?? ''), ...networkReadings(dev ?? '')]
    const all: ResourceReadings[] = [{ resource, readings: readings.filter(({ points }) => points.length > 0) }]
    if (config.containers) {
      for (const container of await findContainers(files)) {
        const pod = container.podUid === null ? {} : { 'k8s.pod.uid': container.podUid }
        all.push({ resource: { ...resource, 'container.id': container.id, ...pod }, readings: await containerReadings(files, container) })
      }
    }
    const full = all.filter((each) => each.readings.length > 0)
    const timeNs = BigInt(clock()) * 1_000_000n
    const startNs = BigInt(bootSeconds(stat ?? '') ?? 0) * 1_000_000_000n
    if (full.length > 0) await outbox.post('metrics', encodeMetrics(full, { startNs, timeNs }), pointsIn(full))
  }

  async function readings(): Promise<void> {
    while (!stopping.signal.aborted) {
      await readAll()
      // At whole multiples of the interval, so that hosts can be compared.
      await sleep(everyMs - (clock() % everyMs), stopping.signal)
    }
  }

  return {
    start() {
      running = readings()
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}
