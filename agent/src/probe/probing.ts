import type { Outbox } from '../buffer/outbox.ts'
import { type DeliveryDeps, sleep } from '../delivery.ts'
import type { Attributes } from '../otlp/attributes.ts'
import { encodeMetrics, pointsIn } from '../otlp/metric-request.ts'
import type { Counters } from '../send/counters.ts'
import { createPeerServer } from './peer-server.ts'
import { probeReadings } from './probe-metrics.ts'
import { encodeProbe, type ProbeResult } from './probe-record.ts'
import { createProber } from './prober.ts'

export interface ProbingDeps extends DeliveryDeps {
  /** Takes what was found. */
  outbox: Outbox
  /** Monotonic ms. */
  nowMs: () => number
  counters: Counters
  /** Of the agent. */
  resource: Attributes
}

/** The agent's part in measuring the network: it is measured, and it measures. */
export interface Probing {
  /** Resolves with the port of the peer server, 0 when it is off. */
  start(options: { anyPort: boolean }): Promise<number>
  stop(): Promise<void>
}

export function createProbing(deps: ProbingDeps): Probing {
  const { config, counters, logger, clock, nowMs, random, outbox, resource } = deps
  const { probe } = config
  const identity = { name: probe.name ?? config.hostName ?? deps.hostName, labels: probe.labels }
  const server = createPeerServer({ ...probe, identity, nowMs, logger })

  async function found(result: ProbeResult): Promise<void> {
    counters.probes++
    if (result.measured.errors.length > 0) counters.failedProbes++
    await outbox.post('logs', encodeProbe(result, resource), 1)
    if (!config.metrics.enabled) return
    const timeNs = BigInt(result.timeMs) * 1_000_000n
    const readings = [{ resource, readings: probeReadings(result) }]
    await outbox.post('metrics', encodeMetrics(readings, { startNs: timeNs, timeNs }), pointsIn(readings))
  }

  const prober = createProber({ config: probe, identity, logger, clock, nowMs, random, sleep, found })
  return {
    async start({ anyPort }) {
      const port = probe.port === 0 && !anyPort ? 0 : await server.start()
      if (probe.peers.length > 0) prober.start()
      return port
    },
    async stop() {
      await prober.stop()
      server.stop()
    },
  }
}
