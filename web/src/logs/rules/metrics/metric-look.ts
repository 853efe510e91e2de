import type { MetricFigure } from '@skein/schemas/api/log-metrics'
import { type MetricAggregation, OTHER_VALUE } from '@skein/schemas/log-rule'
import type { Format } from '../../../format/format.ts'
import { quoted } from '../../../search/suggestion.ts'

const FIGURES: Readonly<Record<MetricAggregation, readonly MetricFigure[]>> = {
  count: ['count', 'rate'],
  sum: ['sum', 'avg', 'min', 'max', 'count', 'rate'],
  histogram: ['p95', 'p50', 'p99', 'avg', 'max', 'sum', 'count', 'rate'],
}

/** What an aggregation has, the one that says most first. */
export function figuresFor(aggregation: MetricAggregation): readonly MetricFigure[] {
  return FIGURES[aggregation]
}

/** A figure with its unit: of UCUM, times and bytes as everywhere. */
export function valueText(format: Format, figure: MetricFigure, unit: string | null): (value: number) => string {
  if (figure === 'count') return (value) => format.text(format.count(value))
  if (figure === 'rate') return (value) => format.text(format.rate(value, 1))
  if (unit === 's' || unit === 'ms') return (value) => format.text(format.duration(unit === 's' ? value * 1000 : value))
  if (unit === 'By') return (value) => format.text(format.bytes(value))
  const name = (unit ?? '').replaceAll(/[{}]/g, '')
  return (value) => [format.text(format.count(value)), name].filter((part) => part !== '').join(' ')
}

export interface SeriesName {
  groupBy: readonly string[]
  values: readonly string[]
  /** Lines of other values are among its lines. */
  folded: number
}

/** The search that finds the lines of a series, as far as they were kept: what the rule wants, and the values of the series. */
export function linesSearch(match: string, { groupBy, values, folded }: SeriesName): string {
  const tests = groupBy.flatMap((field, at) => {
    const value = values[at] ?? ''
    if (value === OTHER_VALUE && folded > 0) return []
    return [value === '' ? `-${field}:*` : `${field}:${quoted(value)}`]
  })
  if (tests.length === 0 || match === '') return [match, ...tests].filter((part) => part !== '').join(' ')
  return [`(${match})`, ...tests].join(' ')
}
