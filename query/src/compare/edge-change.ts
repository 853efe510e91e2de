import type { EdgeEffect, EdgeStats } from '@skein/schemas/api/topology-diff'
import { type Histogram, histogramQuantileNs, isEmptyHistogram } from '@skein/schemas/histogram'
import { toMs } from '../milliseconds.ts'
import type { MergedEdge } from '../topology/merged-edge.ts'
import {
  type Counted,
  countOf,
  type Estimate,
  expectedIn,
  meansDiffer,
  quantileRange,
  rangesDiffer,
  ratesDiffer,
  type Share,
  sharesDiffer,
} from './significance.ts'

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
  /** Time on critical paths per call, ns. */
  self: Estimate | null
}

export function statsOf({ edge, minutes, self }: EdgeIn): EdgeStats {
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
    selfTimeMs: self === null ? null : toMs(self.value),
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
export function isMissed({ edge, minutes }: Pick<EdgeIn, 'edge' | 'minutes'>, otherMinutes: number): boolean {
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
    selfTimeEffect(now.self, base.self),
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
  return a === null || b === null || !rangesDiffer(a, b) ? null : timeEffect(measure, a.value, b.value)
}

function selfTimeEffect(now: Estimate | null, base: Estimate | null): EdgeEffect | null {
  return now === null || base === null || !meansDiffer(now, base) ? null : timeEffect('selfTime', now.value, base.value)
}

/** Null of a difference too small to matter. */
function timeEffect(measure: EdgeEffect['measure'], nowNs: number, baseNs: number): EdgeEffect | null {
  const change = nowNs / Math.max(1, baseNs)
  if (Math.abs(nowNs - baseNs) < LATENCY_NS || (change < LATENCY_RATIO && change > 1 / LATENCY_RATIO)) return null
  return { measure, now: toMs(nowNs), base: toMs(baseNs), change, worse: change > 1 }
}

const ERROR_WEIGHT = 10
const RATE_WEIGHT = 0.5
const BETTER_WEIGHT = 0.5
/** Who calls sees that a call got longer; that it was waited for too says where to look. */
const SELF_TIME_WEIGHT = 0.5

/** 1 is about an e-fold of time, or ten points of errors. */
function magnitudeOf(effect: EdgeEffect): number {
  if (effect.measure === 'rate') return RATE_WEIGHT * Math.abs(Math.log(effect.change))
  return effect.worse ? sizeOf(effect) : sizeOf(effect) * BETTER_WEIGHT
}

function sizeOf({ measure, change, now, base }: EdgeEffect): number {
  if (measure === 'errorRate') return ERROR_WEIGHT * Math.abs(change)
  // what was never waited for before has no factor: a millisecond more on either side gives it one
  if (measure === 'selfTime') return SELF_TIME_WEIGHT * Math.abs(Math.log((now + 1) / (base + 1)))
  return Math.abs(Math.log(Math.max(change, 1e-3)))
}

/** How much an edge matters by its traffic: what concerns many calls comes first, but not in proportion. */
export function scoreOf(effects: readonly EdgeEffect[], callsPerMinute: number): number {
  return effects.reduce((sum, effect) => sum + magnitudeOf(effect), 0) * Math.log2(1 + callsPerMinute)
}
