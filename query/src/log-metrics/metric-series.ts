import { type LogMetricAnswer, METRIC_FIGURES, type MetricFigure } from '@skein/schemas/api/log-metrics'
import type { MetricAggregation } from '@skein/schemas/log-rule'
import type { MetricStep } from '@skein/store/contract-log-metrics'
import { addMetricSums, type Figures, figuresOf, type MetricSum, NO_LINES } from './figures.ts'
import type { Known } from './known-steps.ts'

type Series = LogMetricAnswer['series'][number]

export interface SeriesOf {
  aggregation: MetricAggregation
  steps: readonly MetricStep[]
  timesMs: readonly number[]
  known: Known
  /** Without lines there is one series of what is known to be 0. */
  isWhole: boolean
}

/** A series for each combination of values, most lines first. */
export function seriesOf({ aggregation, steps, timesMs, known, isWhole }: SeriesOf): Series[] {
  const groups = [...Map.groupBy(steps, ({ values }) => JSON.stringify(values)).values()]
  const series = groups.map((group) => ({ group, sum: group.reduce<MetricSum>(addMetricSums, NO_LINES) })).toSorted((a, b) => b.sum.lines - a.sum.lines)
  if (series.length === 0 && isWhole) series.push({ group: [], sum: NO_LINES })
  const counted = new Set(steps.map(({ timeMs }) => timeMs))
  const spans = timesMs.map((timeMs) => ({ timeMs, seconds: known.secondsOf(timeMs, counted.has(timeMs)), isWhole: known.isWhole(timeMs) }))
  return series.map(({ group, sum }) => oneSeries(group, sum, { aggregation, spans }))
}

interface Span {
  timeMs: number
  seconds: number
  isWhole: boolean
}

function oneSeries(group: readonly MetricStep[], sum: MetricSum, { aggregation, spans }: { aggregation: MetricAggregation; spans: readonly Span[] }): Series {
  const byTime = new Map(group.map((step) => [step.timeMs, step]))
  const points = spans.map((span) => figuresOf(aggregation, byTime.get(span.timeMs) ?? NO_LINES, span))
  const total = figuresOf(aggregation, sum, { seconds: spans.reduce((all, { seconds }) => all + seconds, 0), isWhole: spans.some(({ isWhole }) => isWhole) })
  return { values: group[0]?.values ?? [], folded: sum.folded, total, points: columnsOf(points) }
}

function columnsOf(points: readonly Figures[]): Series['points'] {
  return Object.fromEntries(METRIC_FIGURES.map((figure) => [figure, points.map((point) => point[figure])])) as Record<MetricFigure, (number | null)[]>
}
