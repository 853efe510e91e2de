import type { EdgeEffect, EdgeStats } from '@skein/schemas/api/topology-diff'
import { type Histogram, histogramQuantileNs, isEmptyHistogram } from '@skein/schemas/histogram'
import { toMs } from '../milliseconds.ts'
import type { MergedEdge } from '../topology/merged-edge.ts'
import { type Counted, countOf, expectedIn, quantileRange, rangesDiffer, ratesDiffer, type Share, sharesDiffer } from './significance.ts'

/** Fewer calls than this on either side say nothing about how well they went. */
const MIN_CALLS = 20
/** Calls that must have been expected of an edge for its absence to mean something. */
const MIN_EXPECTED = 20
const RATE_RATIO = 1.5
const ERROR_POINTS = 0.005
const LATENCY_RATIO = 1.2
const LATENCY_NS = 1e6

/** An edge in a window of so many minutes. */
export interface EdgeIn {
  edge: MergedEdge
  minutes: number
}

export function statsOf({ edge, minutes }: EdgeIn): EdgeStats {
  const durations = durationsOf(edge)
  return {
    calls: edge.calls,
    callsPerMinute: edge.calls / minutes,
    errors: edge.errors,
    errorRate: errorRateOf(edge),
    p50Ms: quantileMs(durations, 0.5),
    p95Ms: quantileMs(durations, 0.95),
    networkP95Ms: quantileMs(edge.network, 0.95),
    queueWaitP95Ms: quantileMs(edge.queueWait, 0.95),
  }
}

/** Of the callers when they measured, else of the callees. */
function durationsOf({ client, server }: MergedEdge): Histogram {
  return isEmptyHistogram(client) ? server : client
}

function errorRateOf({ calls, errors }: MergedEdge): number {
  return calls > 0 ? errors / calls : 0
}

function quantileMs(histogram: Histogram, quantile: number): number | null {
  const durationNs = histogramQuantileNs(histogram, quantile)
  return durationNs === null ? null : toMs(durationNs)
}

/** Whether an edge that one window does not have would have been in it at the rate it has in the other. */
export function isMissed({ edge, minutes }: EdgeIn, otherMinutes: number): boolean {
  return expectedIn(otherMinutes, { count: edge.callsSeen, minutes }) >= MIN_EXPECTED && edge.callsSeen >= MIN_EXPECTED
}

/** Both windows have enough calls to be compared. */
export function isKnown(now: EdgeIn, base: EdgeIn): boolean {
  return Math.min(now.edge.callsSeen, base.edge.callsSeen) >= MIN_CALLS
}

/** What changed beyond chance and by enough to matter, the largest first. */
export function effectsOf(now: EdgeIn, base: EdgeIn): EdgeEffect[] {
  const effects = [
    rateEffect(now, base),
    errorEffect(now.edge, base.edge),
    latencyEffect('p95', durationsOf(now.edge), durationsOf(base.edge)),
    latencyEffect('network', now.edge.network, base.edge.network),
    latencyEffect('queueWait', now.edge.queueWait, base.edge.queueWait),
  ]
  return effects.filter((effect) => effect !== null).sort((a, b) => magnitudeOf(b) - magnitudeOf(a))
}

function rateEffect(now: EdgeIn, base: EdgeIn): EdgeEffect | null {
  const [rateNow, rateBase] = [now.edge.calls / now.minutes, base.edge.calls / base.minutes]
  const change = rateNow / rateBase
  if ((change < RATE_RATIO && change > 1 / RATE_RATIO) || !ratesDiffer(seenIn(now), seenIn(base))) return null
  return { measure: 'rate', now: rateNow, base: rateBase, change, worse: false }
}

function seenIn({ edge, minutes }: EdgeIn): Counted {
  return { count: edge.callsSeen, minutes }
}

function errorEffect(now: MergedEdge, base: MergedEdge): EdgeEffect | null {
  const [rateNow, rateBase] = [errorRateOf(now), errorRateOf(base)]
  const change = rateNow - rateBase
  if (Math.abs(change) < ERROR_POINTS || !sharesDiffer(seenShare(now), seenShare(base))) return null
  return { measure: 'errorRate', now: rateNow, base: rateBase, change, worse: change > 0 }
}

/** Sampled calls count as what was seen of them: an estimate is no surer than what it was made from. */
function seenShare(edge: MergedEdge): Share {
  return { some: errorRateOf(edge) * edge.callsSeen, all: edge.callsSeen }
}

function latencyEffect(measure: 'p95' | 'network' | 'queueWait', now: Histogram, base: Histogram): EdgeEffect | null {
  if (Math.min(countOf(now), countOf(base)) < MIN_CALLS) return null
  const [a, b] = [quantileRange(now, 0.95), quantileRange(base, 0.95)]
  if (a === null || b === null || !rangesDiffer(a, b)) return null
  const change = a.value / Math.max(1, b.value)
  if (Math.abs(a.value - b.value) < LATENCY_NS || (change < LATENCY_RATIO && change > 1 / LATENCY_RATIO)) return null
  return { measure, now: toMs(a.value), base: toMs(b.value), change, worse: change > 1 }
}

const ERROR_WEIGHT = 10
const RATE_WEIGHT = 0.5
const BETTER_WEIGHT = 0.5

/** 1 is about an e-fold of time, or ten points of errors. */
function magnitudeOf({ measure, change, worse }: EdgeEffect): number {
  if (measure === 'rate') return RATE_WEIGHT * Math.abs(Math.log(change))
  const size = measure === 'errorRate' ? ERROR_WEIGHT * Math.abs(change) : Math.abs(Math.log(Math.max(change, 1e-3)))
  return worse ? size : size * BETTER_WEIGHT
}

/** How much an edge matters by its traffic: what concerns many calls comes first, but not in proportion. */
export function scoreOf(effects: readonly EdgeEffect[], callsPerMinute: number): number {
  return effects.reduce((sum, effect) => sum + magnitudeOf(effect), 0) * Math.log2(1 + callsPerMinute)
}
