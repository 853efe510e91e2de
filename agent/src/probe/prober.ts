import type { AgentProbeConfig, ProbeMeasure, ProbePeer } from '@skein/schemas/agent-probe'
import type { AgentLogger, Clock } from '../agent-deps.ts'
import { measurePeer, PARALLEL } from './measure.ts'
import { createPeerClient } from './peer-client.ts'
import type { Identity } from './peer-words.ts'
import type { ProbeResult } from './probe-record.ts'

/** Measures the ways to all peers, one after the other, round by round. */
export interface Prober {
  start(): void
  /** What is under way is ended and not told of. */
  stop(): Promise<void>
}

export interface ProberOptions {
  config: AgentProbeConfig
  identity: Identity
  logger: AgentLogger
  clock: Clock
  nowMs: () => number
  random: () => number
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Takes a result before the next way is measured. */
  found: (result: ProbeResult) => Promise<void>
}

/** What loads the network, and is measured less often. */
const LOADING: readonly ProbeMeasure[] = ['requests', 'bandwidth']

export function createProber(options: ProberOptions): Prober {
  const { config, nowMs, random, sleep, logger } = options
  const stopping = new AbortController()
  /** As each address named itself last: it keeps its name while it is down. */
  const known = new Map<string, Identity>()
  let running: Promise<void> = Promise.resolve()
  let loadedMs = Number.NEGATIVE_INFINITY

  async function round(): Promise<void> {
    const startMs = nowMs()
    const loads = startMs - loadedMs >= config.bandwidthSeconds * 1000
    if (loads) loadedMs = startMs
    const measures = new Set(config.measure.filter((each) => loads || !LOADING.includes(each)))
    for (const peer of config.peers) {
      if (stopping.signal.aborted) return
      const result = await probe(options, { peer, measures, known, signal: stopping.signal })
      if (stopping.signal.aborted) return
      if (result.measured.errors.length > 0)
        logger.debug({ event: 'probe_failed', peer: peer.address, why: result.measured.errors }, 'A way to a peer cannot be measured')
      await options.found(result)
    }
  }

  async function rounds(): Promise<void> {
    const everyMs = config.seconds * 1000
    // Agents that start together do not measure each other at the same moment.
    let nextMs = nowMs() + Math.min(everyMs, 5000) * random()
    while (!stopping.signal.aborted) {
      await sleep(Math.max(0, nextMs - nowMs()), stopping.signal)
      await round()
      nextMs = Math.max(nextMs + everyMs, nowMs())
    }
  }

  return {
    start() {
      running = rounds()
    },
    async stop() {
      stopping.abort()
      await running
    },
  }
}

interface Way {
  peer: ProbePeer
  measures: ReadonlySet<ProbeMeasure>
  known: Map<string, Identity>
  signal: AbortSignal
}

async function probe({ config, identity, clock, nowMs }: ProberOptions, { peer, measures, known, signal }: Way): Promise<ProbeResult> {
  const timeMs = clock()
  const { transferBytes, limitMs } = config
  const client = createPeerClient({ address: peer.address, key: config.key, connections: PARALLEL, nowMs, signal })
  const measured = await measurePeer({ client, measures, transferBytes, limitMs, nowMs })
  client.close()
  if (measured.identity !== undefined) known.set(peer.address, measured.identity)
  const to = known.get(peer.address) ?? { name: peer.address, labels: {} }
  const withLabels = (end: Identity): Identity => ({ name: end.name, labels: { ...end.labels, ...peer.labels } })
  return { from: withLabels(identity), to: withLabels(to), address: peer.address, measured, timeMs }
}
