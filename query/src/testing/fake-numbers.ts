import { type Histogram, histogramBucket, histogramOf, histogramQuantileNs, NO_HISTOGRAM } from '@skein/schemas/histogram'
import { EVIDENCE, edgeId, type Evidence } from '@skein/schemas/topology'
import type { EdgeRow } from '@skein/store/contract'
import type { Quantiles } from '@skein/store/contract-terms'
import { primeTime, seeded } from './seeded.ts'
import type { FakeEdge } from './tv-operator.ts'

const MINUTE_MS = 60_000
const MAX_MINUTES = 1440

/** Minutes of a window up to now; of a long window every n-th, standing for n. */
export function minutesOf(window: { startMs: number; endMs: number }, nowMs: number): { minuteMs: number; weight: number }[] {
  const endMs = Math.min(window.endMs, nowMs)
  const count = Math.max(0, Math.ceil((endMs - window.startMs) / MINUTE_MS))
  const weight = Math.ceil(count / MAX_MINUTES)
  return Array.from({ length: weight === 0 ? 0 : Math.floor(count / weight) }, (_, i) => ({ minuteMs: window.startMs + i * weight * MINUTE_MS, weight }))
}

export interface MinuteNumbers {
  minuteMs: number
  calls: number
  errors: number
}

/** Calls and errors of an edge by minute. What is in trouble got into it 25 minutes before the hour and out of it 5 before. */
export function edgeMinutes(edge: FakeEdge, window: { startMs: number; endMs: number }, nowMs: number): MinuteNumbers[] {
  const name = edge.source.name + edge.target.name + edge.kind
  return minutesOf(window, nowMs).flatMap(({ minuteMs, weight }) => {
    const noise = 0.9 + 0.2 * seeded(name, minuteMs)
    const calls = Math.floor(edge.callsAMinute * primeTime(minuteMs) * noise * weight + seeded(minuteMs, name))
    const minute = Math.floor(minuteMs / MINUTE_MS) % 60
    const trouble = edge.errorRatio < 0.05 ? 1 : minute >= 35 && minute < 55 ? 2 : 0.6
    const errors = Math.min(calls, Math.floor(calls * edge.errorRatio * trouble + seeded(name, 'errors', minuteMs)))
    return calls === 0 ? [] : [{ minuteMs, calls, errors: edge.errorRatio === 0 ? 0 : errors }]
  })
}

export function edgeRowOf(edge: FakeEdge, minutes: readonly MinuteNumbers[]): EdgeRow {
  const calls = minutes.reduce((sum, each) => sum + each.calls, 0)
  return {
    edgeId: edgeId(edge.source, edge.target, edge.kind),
    kind: edge.kind,
    source: edge.source,
    target: edge.target,
    calls,
    callsSeen: calls,
    errors: minutes.reduce((sum, each) => sum + each.errors, 0),
    evidence: evidenceOf(edge.evidence, calls),
    ...histogramsOf(edge, calls),
    firstSeenMs: (minutes[0]?.minuteMs ?? 0) + 412,
    lastSeenMs: (minutes.at(-1)?.minuteMs ?? 0) + 1500,
  }
}

/** What was measured: by the caller, by the callee, between the two, in the queue. */
function histogramsOf(edge: FakeEdge, calls: number): Pick<EdgeRow, 'client' | 'server' | 'network' | 'queueWait'> {
  const measured = (p50Ms: number, is: boolean) => (is ? durations(p50Ms, calls) : NO_HISTOGRAM)
  const served = edge.target.kind === 'service' && ['http', 'rpc', 'call'].includes(edge.kind)
  return {
    client: measured(edge.p50Ms, edge.source.kind !== 'client' && edge.kind !== 'consume'),
    server: measured(edge.p50Ms * 0.9, served),
    network: measured(edge.p50Ms * 0.06 + 0.2, edge.evidence.paired !== undefined),
    queueWait: measured(edge.p50Ms * 4, edge.kind === 'consume'),
  }
}

function evidenceOf(shares: FakeEdge['evidence'], calls: number): Record<Evidence, number> {
  const counts = Object.fromEntries(EVIDENCE.map((each) => [each, Math.floor((shares[each] ?? 0) * calls)])) as Record<Evidence, number>
  const most = EVIDENCE.toSorted((a, b) => counts[b] - counts[a])[0] ?? 'paired'
  counts[most] += calls - EVIDENCE.reduce((sum, each) => sum + counts[each], 0)
  return counts
}

const POINTS = 200
const SIGMA = 0.55

/** A log-normal histogram of so many calls around a median: most near it, few far out. */
export function durations(p50Ms: number, calls: number): Histogram {
  const buckets = new Map<number, number>()
  let before = 0
  for (let i = 0; i < POINTS; i++) {
    const share = (i + 0.5) / POINTS
    // Logit times 0.588 is the standard normal quantile to a few per cent.
    const bucket = histogramBucket(p50Ms * 1e6 * Math.exp(SIGMA * 0.588 * Math.log(share / (1 - share))))
    const upTo = Math.round((calls * (i + 1)) / POINTS)
    if (upTo > before) buckets.set(bucket, (buckets.get(bucket) ?? 0) + upTo - before)
    before = upTo
  }
  return histogramOf(buckets)
}

export function quantilesOf(buckets: Histogram): Quantiles | null {
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((quantile) => histogramQuantileNs(buckets, quantile) ?? Number.NaN)
  if (p50 === undefined || p95 === undefined || p99 === undefined || Number.isNaN(p50)) return null
  return { p50, p95, p99 }
}
