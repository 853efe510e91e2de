import { type Histogram, histogramQuantilesNs } from '@skein/schemas/histogram'
import type { Quantiles } from '@skein/store/contract-terms'

/** Nanoseconds as milliseconds, to the microsecond: less is below the histogram's error. */
export function toMs(durationNs: number): number {
  return Math.round(durationNs / 1000) / 1000
}

export interface Percentiles {
  p50Ms: number
  p95Ms: number
  p99Ms: number
}

export interface MaybePercentiles {
  p50Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
}

const QUANTILES = [0.5, 0.95, 0.99]

export function histogramPercentiles(histogram: Histogram): Percentiles | null {
  const [p50, p95, p99] = histogramQuantilesNs(histogram, QUANTILES) ?? []
  if (p50 === undefined || p95 === undefined || p99 === undefined) return null
  return { p50Ms: toMs(p50), p95Ms: toMs(p95), p99Ms: toMs(p99) }
}

export function quantilePercentiles(quantiles: Quantiles | null): MaybePercentiles {
  if (quantiles === null) return { p50Ms: null, p95Ms: null, p99Ms: null }
  return { p50Ms: toMs(quantiles.p50), p95Ms: toMs(quantiles.p95), p99Ms: toMs(quantiles.p99) }
}
