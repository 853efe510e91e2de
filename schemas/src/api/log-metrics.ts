import { z } from 'zod'
import { METRIC_AGGREGATIONS } from '../log-rule.ts'
import { noteOf } from './note.ts'
import { windowAnswer, windowParameters } from './window.ts'

/**
 * `metric_changed`: the rule got another version in the window, and what came before was counted by the one that held then. `broken_rule`: the rule was off
 * for some lines, which are not counted; count = lines. `folded`: lines counted as `other`, since there were more combinations than are told apart.
 * `missing`: lines without the field. `no_number`: lines whose field is no number, or one beyond 10^12. `no_rule`: no rule makes the metric any more.
 * `not_yet`: no log line came since the rule holds, so that nothing is known.
 */
export const METRIC_NOTES = ['metric_changed', 'broken_rule', 'folded', 'missing', 'no_number', 'no_rule', 'not_yet'] as const
export const metricNote = noteOf(METRIC_NOTES).meta({ id: 'LogMetricNote' })
export type MetricNote = z.infer<typeof metricNote>

const lines = z.number().int()
const defined = z.object({
  name: z.string(),
  aggregation: z.enum(METRIC_AGGREGATIONS),
  field: z.string().nullable(),
  unit: z.string().nullable(),
  by: z.array(z.string()),
  /** What makes it; null: no rule any more. `match`: of rule and pipeline together, a search that finds the lines. */
  rule: z.object({ id: z.string(), name: z.string(), version: z.number().int(), match: z.string(), enabled: z.boolean() }).nullable(),
})

export const logMetric = defined
  .extend({
    /** Since when lines are counted without a break, as far as versions are kept; null: they are not. */
    since: z.string().nullable(),
    /** Minute of the newest line that counted, of the last week before the window's end; null: none did. */
    lastAt: z.string().nullable(),
    /** Of the window: lines that counted, those without the field, and those where it is no number. */
    lines,
    missing: lines,
    noNumber: lines,
    folded: lines,
  })
  .meta({ id: 'LogMetric' })
export type LogMetric = z.infer<typeof logMetric>

/** By name. Metrics that no rule makes any more are listed as long as they have values in the week before the window's end. */
export const logMetricsAnswer = z.object({ window: windowAnswer, metrics: z.array(logMetric) }).meta({ id: 'LogMetrics' })
export type LogMetricsAnswer = z.infer<typeof logMetricsAnswer>

export const logMetricsParameters = windowParameters

export const MAX_METRIC_POINTS = 1500

export const logMetricParameters = windowParameters.extend({
  by: z
    .string()
    .max(600)
    .optional()
    .meta({ description: 'One or two of service, environment and the fields of the metric, between commas: a series for each of their values' }),
  step: z
    .string()
    .regex(/^\d{1,5}[mhd]$/, 'is no step: whole minutes, hours or days, as 5m')
    .optional()
    .meta({ description: `Whole minutes, as 5m, 1h, 1d; at most ${MAX_METRIC_POINTS} points. Default: what the window needs for 120` }),
  service: z.string().max(256).optional(),
  environment: z.string().max(256).optional(),
})

const number = z.number().nullable()
/** `count`: lines, for sum and histogram those with a number. `rate`: count a second. */
export const METRIC_FIGURES = ['count', 'rate', 'sum', 'avg', 'min', 'max', 'p50', 'p95', 'p99'] as const
export type MetricFigure = (typeof METRIC_FIGURES)[number]

const figures = <Value extends z.ZodType>(value: Value) =>
  z.object({ count: value, rate: value, sum: value, avg: value, min: value, max: value, p50: value, p95: value, p99: value })

/**
 * Null where nothing is known: before the rule held, after the newest line that was read, while the rule was off, and for figures that its aggregation does not
 * have or that nothing has (the average of no value). 0 where it is known that nothing came.
 */
export const logMetricAnswer = defined
  .extend({
    window: windowAnswer,
    stepSeconds: z.number().int(),
    /** What series are told apart by. */
    groupBy: z.array(z.string()),
    since: z.string().nullable(),
    /** Until when log lines were read; null: none came in the window. */
    readUntil: z.string().nullable(),
    times: z.array(z.string()),
    /** Most lines first. `values`: of `groupBy`, '' = the line had none; `folded`: how many of its lines have other values than it says. */
    series: z.array(z.object({ values: z.array(z.string()), folded: lines, total: figures(number), points: figures(z.array(number)) })),
    notes: z.array(metricNote),
  })
  .meta({ id: 'LogMetricSeries' })
export type LogMetricAnswer = z.infer<typeof logMetricAnswer>
