import type { Histogram } from '@skein/schemas/histogram'
import type { MetricAggregation } from '@skein/schemas/log-rule'
import type { TenantWindow } from './contract-terms.ts'

/** Which rows of `log_metrics` are meant. */
export interface MetricScope extends TenantWindow {
  metric: string
  /** Of one rule; a name may have been another's before. */
  rule?: string | undefined
  service?: string | undefined
  environment?: string | undefined
}

/** What a rule counted for a metric. `lines`: all; `missing` and `noNumber` of them have no number; `folded` have other values than it says. */
export interface MetricTotal {
  metric: string
  rule: string
  aggregation: MetricAggregation
  lines: number
  folded: number
  missing: number
  noNumber: number
  /** Minute of the newest line. */
  lastMs: number
}

export interface MetricStep {
  timeMs: number
  /** Of what was grouped by, in its order. */
  values: string[]
  lines: number
  folded: number
  missing: number
  noNumber: number
  sum: number
  /** Null without a number. */
  least: number | null
  most: number | null
  /** Of `schemas/src/value-histogram.ts`; empty for what is no histogram. */
  histogram: Histogram
}

/** `by`: at most two of `service`, `environment` and fields of the metric. */
export interface MetricSteps {
  stepMs: number
  by: readonly string[]
  /** Combinations that are told apart, others are `other` and `folded`; null: all are. */
  kept: readonly (readonly string[])[] | null
}

/** Questions on what lines count for metrics. Windows are of whole minutes. */
export interface LogMetricQuestions {
  /** Of all metrics, by name and rule; the aggregation is the newest version's. With `sinceMs`, counts are of the window, the newest line of all since then. */
  totals(window: TenantWindow, sinceMs: number): Promise<MetricTotal[]>
  /** Combinations of values with their lines, the most first. */
  combinations(scope: MetricScope, by: readonly string[], limit: number): Promise<{ values: string[]; lines: number }[]>
  /** By step, then values; steps are whole in Unix time, and those without lines are left out. */
  series(scope: MetricScope, steps: MetricSteps): Promise<MetricStep[]>
  /** Versions of rules that counted. */
  versions(scope: MetricScope): Promise<number[]>
  /** When the newest log record that was read and came since a time was received; null for none. */
  readUntil(tenant: string, sinceMs: number): Promise<number | null>
}
