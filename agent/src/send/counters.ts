import type { OutcomeReason } from '@skein/schemas/outcomes'

/** Path below `/v1/` that a request is for. */
export type AgentSignal = 'logs' | 'metrics'

/** Records, or data points, that will not arrive. */
export interface Drop {
  signal: AgentSignal
  reason: OutcomeReason
  records: number
}

/** What the agent did since it started; shown on `/metrics`. */
export interface Counters {
  records: number
  bytes: number
  requests: number
  retries: number
  cutLines: number
  blankLines: number
  /** Bytes that were truncated or deleted before they were read. */
  lostBytes: number
  /** Files of which nobody knows how much was lost: the rest is nowhere to be found, or a compressed one is broken. */
  lostFiles: number
  /** Ways to peers that were measured, and those of which a measure failed. */
  probes: number
  failedProbes: number
  /** One for each signal and reason that occurred. */
  readonly drops: readonly Readonly<Drop>[]
  dropped(drop: Drop): void
}

export function createCounters(): Counters {
  const drops: Drop[] = []
  return {
    records: 0,
    bytes: 0,
    requests: 0,
    retries: 0,
    cutLines: 0,
    blankLines: 0,
    lostBytes: 0,
    lostFiles: 0,
    probes: 0,
    failedProbes: 0,
    drops,
    dropped({ signal, reason, records }) {
      const known = drops.find((drop) => drop.signal === signal && drop.reason === reason)
      if (known === undefined) drops.push({ signal, reason, records })
      else known.records += records
    },
  }
}
