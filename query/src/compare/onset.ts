import type { EffectMeasure } from '@skein/schemas/api/topology-diff'
import type { EdgeFrame } from '@skein/store/contract'

/** Steps on either side of an onset: one odd minute is none. */
const MIN_STEPS = 2
/** Share of all variation that the step explains: less is a drift, a burst or noise. */
const EXPLAINED = 0.6

/** A measure of an edge in one step, and how much it weighs. */
interface Point {
  timeMs: number
  calls: number
  value: number
  weight: number
}

/**
 * When a change inside a window began, Unix ms: where two levels, one before and one after, tell the most of what the steps say. Null when
 * the change was there all the window, came and went, or is of a measure that steps do not have.
 */
export function onsetOf(frames: readonly EdgeFrame[], place: number, { measure, rose }: { measure: EffectMeasure; rose: boolean }): number | null {
  const points = frames.flatMap((frame) => pointOf(frame, place, measure))
  const best = bestSplit(points)
  return best !== null && best.explained >= EXPLAINED && best.after > best.before === rose ? (points[best.at]?.timeMs ?? null) : null
}

/** How much longer, or how many more of all calls must fail, for a rise that is worth a look. */
const LONGER = Math.log(2)
const MORE_FAIL = 0.02

/** Where all that is known of the time before is the first step, it must have so many calls, and the rise be so many times as large. */
const FIRST_CALLS = 20
const FIRST_RISE = 3

/** When an edge got much slower, or failed much more, Unix ms; null when neither, or not as two levels. */
export function riseOf(frames: readonly EdgeFrame[], place: number): number | null {
  const rises = (['errorRate', 'p95'] as const).flatMap((measure) => {
    const points = frames.flatMap((frame) => pointOf(frame, place, measure))
    const enough = measure === 'p95' ? LONGER : MORE_FAIL
    const isRise = (split: Split | null, least: number): split is Split => split !== null && split.explained >= EXPLAINED && split.after - split.before >= least
    const best = bestSplit(points)
    const afterFirst = (points[0]?.calls ?? 0) >= FIRST_CALLS ? bestSplit(points, 1) : null
    const risen = isRise(afterFirst, enough * FIRST_RISE) && afterFirst.at < MIN_STEPS ? afterFirst : best
    return isRise(risen, enough) ? [{ timeMs: points[risen.at]?.timeMs ?? null, explained: risen.explained }] : []
  })
  return rises.toSorted((a, b) => b.explained - a.explained)[0]?.timeMs ?? null
}

function pointOf({ timeMs, calls, errors, p95Ns }: EdgeFrame, place: number, measure: EffectMeasure): Point[] {
  const [called = 0, failed = 0, p95 = Number.NaN] = [calls[place], errors[place], p95Ns[place]]
  if (called <= 0) return []
  const step = { timeMs, calls: called }
  if (measure === 'rate') return [{ ...step, value: called, weight: 1 }]
  if (measure === 'errorRate') return [{ ...step, value: failed / called, weight: called }]
  // Durations differ by factors, not by amounts.
  return measure === 'p95' && p95 > 0 ? [{ ...step, value: Math.log(p95), weight: 1 }] : []
}

interface Split {
  /** First point of the second level. */
  at: number
  before: number
  after: number
  explained: number
}

/** `least`: steps before it. */
function bestSplit(points: readonly Point[], least: number = MIN_STEPS): Split | null {
  const all = sums(points)
  const variation = all.squares - all.weighted ** 2 / all.weight
  if (points.length < least + MIN_STEPS || variation <= 0) return null
  let best: Split | null = null
  let [weight, weighted] = [0, 0]
  for (const [index, point] of points.entries()) {
    if (index >= least && index <= points.length - MIN_STEPS) {
      const [before, after] = [weighted / weight, (all.weighted - weighted) / (all.weight - weight)]
      const between = weight * (before - all.weighted / all.weight) ** 2 + (all.weight - weight) * (after - all.weighted / all.weight) ** 2
      if (best === null || between / variation > best.explained) best = { at: index, before, after, explained: between / variation }
    }
    weight += point.weight
    weighted += point.weight * point.value
  }
  return best
}

function sums(points: readonly Point[]): { weight: number; weighted: number; squares: number } {
  const total = { weight: 0, weighted: 0, squares: 0 }
  for (const { value, weight } of points) {
    total.weight += weight
    total.weighted += weight * value
    total.squares += weight * value ** 2
  }
  return total
}
