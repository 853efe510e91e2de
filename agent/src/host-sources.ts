import { createOutbox, type Outbox } from './buffer/outbox.ts'
import { type DeliveryDeps, sleep } from './delivery.ts'
import { hostFiles } from './metrics/host-files.ts'
import { createHostMetrics } from './metrics/host-metrics.ts'
import type { Attributes } from './otlp/attributes.ts'
import { createProbing } from './probe/probing.ts'
import type { Counters } from './send/counters.ts'

export interface HostSourcesDeps extends DeliveryDeps {
  /** Where positions and what waits for the collector are kept; made when missing. */
  dataDirectory: string
  /** Monotonic ms. */
  nowMs: () => number
  /** Be measured on a free port when the configuration names none. */
  anyProbePort?: boolean
}

/** What the agent finds out by itself: metrics of the host, and how good the network is. */
export interface HostSources {
  /** Resolves with the port that peers measure, 0 when it is off. */
  start(): Promise<number>
  readonly troubles: Outbox['troubles']
  /** Disk in use by what waits for the collector. */
  readonly bufferBytes: number
  stop(deadlineMs: number): Promise<void>
}

/** Null when the configuration wants neither. */
export function createHostSources(deps: HostSourcesDeps & { counters: Counters; resource: Attributes }): HostSources | null {
  const { config, clock } = deps
  const anyPort = deps.anyProbePort === true
  const probes = config.probe.port !== 0 || config.probe.peers.length > 0 || anyPort
  if (!probes && !config.metrics.enabled) return null
  const outbox = createOutbox(deps)
  const resource = { 'service.name': 'skein-agent', ...deps.resource }
  const probing = probes ? createProbing({ ...deps, outbox, resource }) : null
  const files = hostFiles(config.metrics.root)
  const metrics = config.metrics.enabled ? createHostMetrics({ config: config.metrics, files, outbox, resource: deps.resource, clock, sleep }) : null
  return {
    get troubles() {
      return outbox.troubles
    },
    get bufferBytes() {
      return outbox.bytes
    },
    async start() {
      outbox.start()
      metrics?.start()
      return (await probing?.start({ anyPort })) ?? 0
    },
    async stop(deadlineMs) {
      await Promise.all([probing?.stop(), metrics?.stop()])
      await outbox.stop(deadlineMs)
    },
  }
}
