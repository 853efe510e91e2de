import type { AgentConfig } from '@skein/schemas/agent-config'
import type { Clock } from '../agent-deps.ts'
import type { Outbox } from '../buffer/outbox.ts'
import type { Attributes } from '../otlp/attributes.ts'
import { encodeMetrics, pointsIn, type ResourceReadings } from '../otlp/metric-request.ts'
import { readContainers } from './container-surroundings.ts'
import { filesystemReadings } from './filesystem-readings.ts'
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
    const [stat, meminfo, diskstats, dev] = await Promise.all([
      ...['proc/stat', 'proc/meminfo', 'proc/diskstats'].map((path) => files.read(path)),
      hostNetwork(files),
    ])
    const readings = [
      ...cpuReadings(stat ?? ''),
      ...memoryReadings(meminfo ?? ''),
      ...diskReadings(diskstats ?? ''),
      ...(await filesystemReadings(files)),
      ...networkReadings(dev ?? ''),
    ]
    const all: ResourceReadings[] = [{ resource, readings }]
    if (config.containers)
      for (const { attributes, readings: own } of await readContainers(files)) all.push({ resource: { ...resource, ...attributes }, readings: own })
    const full = all.map((each) => ({ ...each, readings: each.readings.filter(({ points }) => points.length > 0) })).filter((each) => each.readings.length > 0)
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

/** That of the first process: in a container the agent's own is another. */
async function hostNetwork(files: HostFiles): Promise<string | null> {
  return (await files.read('proc/1/net/dev')) ?? files.read('proc/net/dev')
}
