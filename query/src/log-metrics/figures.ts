import { addHistograms, NO_HISTOGRAM } from '@skein/schemas/histogram'
import type { MetricFigure } from '@skein/schemas/api/log-metrics'
import type { MetricAggregation } from '@skein/schemas/log-rule'
import { valueQuantiles } from '@skein/schemas/value-histogram'
import type { MetricStep } from '@skein/store/contract-log-metrics'

/** What lines of a step, or of several, add up to. */
export type MetricSum = Omit<MetricStep, 'timeMs' | 'values'>
export type Figures = Record<MetricFigure, number | null>

const NOTHING: Figures = { count: null, rate: null, sum: null, avg: null, min: null, max: null, p50: null, p95: null, p99: null }

export const NO_LINES: MetricSum = { lines: 0, folded: 0, missing: 0, noNumber: 0, sum: 0, least: null, most: null, histogram: NO_HISTOGRAM }

export function addMetricSums(a: MetricSum, b: MetricSum): MetricSum {
  return {
    lines: a.lines + b.lines,
    folded: a.folded + b.folded,
    missing: a.missing + b.missing,
    noNumber: a.noNumber + b.noNumber,
    sum: a.sum + b.sum,
    least: outer(Math.min, a.least, b.least),
    most: outer(Math.max, a.most, b.most),
    histogram: addHistograms(a.histogram, b.histogram),
  }
}

function outer(of: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : of(a, b)
}

/** `seconds`: how long is known of; 0 = nothing is, and where there are no lines either, no figure is. `isWhole`: it is known that no other lines came. */
export function figuresOf(aggregation: MetricAggregation, sum: MetricSum, { seconds, isWhole }: { seconds: number; isWhole: boolean }): Figures {
  if (sum.lines === 0 && !isWhole) return NOTHING
  const count = aggregation === 'count' ? sum.lines : sum.lines - sum.missing - sum.noNumber
  const counted = { ...NOTHING, count, rate: seconds > 0 ? count / seconds : null }
  if (aggregation === 'count') return counted
  // where all lines that came have no number, their sum is not 0 but unknown
  if (count === 0) return { ...counted, sum: sum.lines === 0 ? 0 : null }
  const summed = { ...counted, sum: sum.sum, avg: sum.sum / count, min: sum.least, max: sum.most }
  return aggregation === 'sum' ? summed : { ...summed, ...quantilesOf(sum) }
}

/** Buckets are wider than what was measured: no quantile is beyond the least and the most. */
function quantilesOf({ histogram, least, most }: MetricSum): Pick<Figures, 'p50' | 'p95' | 'p99'> {
  const found = valueQuantiles(histogram, [0.5, 0.95, 0.99])
  const inside = (at: number): number | null => {
    const value = found?.[at]
    return value === undefined || least === null || most === null ? null : Math.min(most, Math.max(least, value))
  }
  return { p50: inside(0), p95: inside(1), p99: inside(2) }
}
