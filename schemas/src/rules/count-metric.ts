import type { FieldValue } from '../filter/tree.ts'
import { MAX_METRIC_VALUE, type MetricAction } from '../log-rule.ts'
import { fieldOf, type RuleLine } from './rule-line.ts'
import { type Act, type FoundMetric, kept } from './run.ts'

/** Of a value of `by`; a longer one is cut. */
const MAX_VALUE_CHARS = 128
const MAX_NUMBER_CHARS = 64
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i

/** Tells what each line counts; the line stays as it is. */
export function counterOf(metric: MetricAction, place: string): Act {
  const { name, field, by = [] } = metric
  return (line, run) => {
    const value = field === undefined ? 'none' : numberIn(fieldOf(line, field))
    run.metric({ metric, place, value, by: by.map((each) => dimensionOf(line, each)) })
    return kept(field === undefined ? `counts for ${name}` : saidOf(name, field, value))
  }
}

function saidOf(name: string, field: string, value: FoundMetric['value']): string {
  if (value === 'missing') return `has no ${field}, which ${name} counts apart`
  return value === 'no_number' ? `${field} is no number, which ${name} counts apart` : `${String(value)} for ${name}`
}

/** What reads as a number of at most `MAX_METRIC_VALUE`, in decimals; never 0 for what is none. */
export function numberIn(value: FieldValue | undefined): number | 'missing' | 'no_number' {
  if (value === undefined || value === '') return 'missing'
  const number = typeof value === 'number' ? value : typeof value === 'string' ? readNumber(value.trim()) : Number.NaN
  return Math.abs(number) <= MAX_METRIC_VALUE ? number : 'no_number'
}

function readNumber(text: string): number {
  return text.length <= MAX_NUMBER_CHARS && NUMBER.test(text) ? Number(text) : Number.NaN
}

function dimensionOf(line: RuleLine, field: string): string {
  const value = fieldOf(line, field)
  return value === undefined ? '' : String(value).slice(0, MAX_VALUE_CHARS).replaceAll('\0', '\ufffd')
}
