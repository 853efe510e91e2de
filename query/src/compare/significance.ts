import { type Histogram, histogramQuantileNs } from '@skein/schemas/histogram'

/** A window's count and how many minutes it was counted over. */
export interface Counted {
  count: number
  minutes: number
}

/** Failures among trials. */
export interface Share {
  some: number
  all: number
}

/** Standard errors beyond which a difference is no chance: with thousands of edges looked at, fewer than one in 10^4 would be. */
const SURE = 4
/** Of order statistics: both ends are off, so each may be a little nearer. */
const SURE_OF_QUANTILE = 2.8
/** Calls come in bursts: their count varies more than a Poisson process does, by this factor of its variance. */
const BURSTS = 4

/** Whether two rates differ by more than chance. */
export function ratesDiffer(a: Counted, b: Counted): boolean {
  const variance = (a.count / a.minutes ** 2 + b.count / b.minutes ** 2) * BURSTS
  return variance > 0 && Math.abs(a.count / a.minutes - b.count / b.minutes) > SURE * Math.sqrt(variance)
}

/** Calls that would be expected in a window at the rate of another one. */
export function expectedIn(minutes: number, at: Counted): number {
  return (at.count / at.minutes) * minutes
}

/** A mean, and the square of how far it is likely off. */
export interface Estimate {
  value: number
  variance: number
}

/** Whether two means differ by more than chance, what they are of coming in bursts. */
export function meansDiffer(a: Estimate, b: Estimate): boolean {
  return Math.abs(a.value - b.value) > SURE * Math.sqrt((a.variance + b.variance) * BURSTS)
}

/** Whether two shares differ by more than chance: two proportions, half a failure added to each so that none of few says nothing. */
export function sharesDiffer(a: Share, b: Share): boolean {
  if (a.all <= 0 || b.all <= 0) return false
  const [p, q] = [a, b].map(({ some, all }) => (some + 0.5) / (all + 1)) as [number, number]
  const error = Math.sqrt((p * (1 - p)) / a.all + (q * (1 - q)) / b.all)
  return Math.abs(a.some / a.all - b.some / b.all) > SURE * error
}

/** A quantile of what was measured, and between which durations it lies, ns. */
export interface QuantileRange {
  value: number
  low: number
  high: number
}

/** Null when nothing was measured. The range is that of order statistics, so that it makes no guess about the shape. */
export function quantileRange(histogram: Histogram, quantile: number): QuantileRange | null {
  const value = histogramQuantileNs(histogram, quantile)
  if (value === null) return null
  const count = countOf(histogram)
  const margin = (SURE_OF_QUANTILE * Math.sqrt(quantile * (1 - quantile) * count)) / count
  const at = (rank: number): number => histogramQuantileNs(histogram, Math.min(1, Math.max(0, rank))) ?? value
  return { value, low: at(quantile - margin), high: at(quantile + margin) }
}

export function rangesDiffer(a: QuantileRange, b: QuantileRange): boolean {
  return a.low > b.high || b.low > a.high
}

export function countOf({ counts }: Histogram): number {
  let total = 0
  for (let i = 0; i < counts.length; i++) total += Math.max(0, counts[i]!)
  return total
}
