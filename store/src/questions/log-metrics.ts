import { type MetricAggregation, OTHER_VALUE } from '@skein/schemas/log-rule'
import { Topic } from '@skein/schemas/topics'
import type { LogMetricQuestions, MetricScope, MetricSteps } from '../contract-log-metrics.ts'
import type { TenantWindow } from '../contract-terms.ts'
import type { Engine } from '../engine.ts'
import { asHistogram, asNumber, asText, asTexts } from '../sql/column.ts'
import { list, sql, text, texts, uint32 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Column, Fragment } from '../sql/terms.ts'
import { minutesOf, sinceMs } from '../sql/window.ts'
import { summedHistogram } from './red.ts'

export function createLogMetricQuestions(engine: Engine): LogMetricQuestions {
  return {
    totals: (window, since) => engine.ask(metricTotalsQuery(window, since)),
    combinations: (scope, by, limit) => engine.ask(metricCombinationsQuery(scope, by, limit)),
    series: (scope, steps) => engine.ask(metricSeriesQuery(scope, steps)),
    async versions(scope) {
      const rows = await engine.ask(metricVersionsQuery(scope))
      return rows.map(({ version }) => version)
    },
    async readUntil(tenant, since) {
      const [found] = await engine.ask(readUntilQuery(tenant, since))
      return found === undefined || found.ranges === 0 ? null : found.receivedMs
    },
  }
}

const AGGREGATION: Column<MetricAggregation> = { expression: sql`argMax(aggregation, version)`, read: (value) => String(value) as MetricAggregation }

export function metricTotalsQuery(window: TenantWindow, since: number) {
  const inside = minutesOf(window)
  const of = (count: Fragment): Column<number> => asNumber(sql`sumIf(${count}, ${inside})`)
  return compile({
    scope: window,
    from: 'log_metrics',
    columns: {
      metric: asText(sql`metric`),
      rule: asText(sql`rule`),
      aggregation: AGGREGATION,
      lines: of(sql`lines`),
      folded: of(sql`folded`),
      missing: of(sql`missing`),
      noNumber: of(sql`no_number`),
      lastMs: asNumber(sql`toUnixTimestamp(max(minute)) * 1000`),
    },
    where: [minutesOf({ ...window, startMs: Math.min(since, window.startMs) })],
    groupBy: sql`metric, rule`,
    orderBy: sql`metric, rule`,
  })
}

export function metricCombinationsQuery(scope: MetricScope, by: readonly string[], limit: number) {
  return compile({
    scope,
    from: 'log_metrics',
    columns: { values: asTexts(valuesOf(by)), lines: asNumber(sql`sum(lines)`) },
    where: conditions(scope),
    groupBy: valuesOf(by),
    orderBy: sql`sum(lines) DESC, ${valuesOf(by)}`,
    limit,
  })
}

/** Between values that are looked for as one text; stands in no text that people write. */
const BETWEEN = '\u001f'

export function metricSeriesQuery(scope: MetricScope, { stepMs, by, kept }: MetricSteps) {
  const step = sql`intDiv(toUnixTimestamp(minute), ${uint32(stepMs / 1000)})`
  const timeMs: Column<number> = { expression: step, read: (value) => Number(value) * stepMs }
  const isKept = kept === null ? sql`1` : sql`has(${texts(kept.map((values) => values.join(BETWEEN)))}, arrayStringConcat(${valuesOf(by)}, ${text(BETWEEN)}))`
  const other = sql`arrayResize(emptyArrayString(), ${uint32(by.length)}, ${text(OTHER_VALUE)})`
  const values = kept === null ? valuesOf(by) : sql`if(${isKept}, ${valuesOf(by)}, ${other})`
  return compile({
    scope,
    from: 'log_metrics',
    columns: {
      timeMs,
      values: asTexts(values),
      lines: asNumber(sql`sum(lines)`),
      folded: asNumber(sql`sumIf(lines, NOT ${isKept}) + ${by.some(isField) ? sql`sumIf(folded, ${isKept})` : sql`0`}`),
      missing: asNumber(sql`sum(missing)`),
      noNumber: asNumber(sql`sum(no_number)`),
      sum: asNumber(sql`sum(toFloat64(whole)) + sum(toFloat64(nano)) / 1e9`),
      least: finite(sql`min(least)`),
      most: finite(sql`max(most)`),
      histogram: asHistogram(summedHistogram(sql`buckets`)),
    },
    where: conditions(scope),
    groupBy: sql`${step}, ${values}`,
    orderBy: sql`${step}, ${values}`,
  })
}

export function metricVersionsQuery(scope: MetricScope) {
  return compile({
    scope,
    from: 'log_metrics',
    columns: { version: asNumber(sql`version`) },
    where: conditions(scope),
    groupBy: sql`version`,
    orderBy: sql`version`,
  })
}

export function readUntilQuery(tenant: string, since: number) {
  return compile({
    scope: { tenant },
    from: 'ranges',
    columns: { ranges: asNumber(sql`count()`), receivedMs: asNumber(sql`toUnixTimestamp64Milli(max(received))`) },
    where: [sql`topic = ${text(Topic.logs)}`, sinceMs(sql`received`, since)],
  })
}

/** An infinite one, of no number at all, is none. */
function finite(expression: Fragment): Column<number | null> {
  return { expression: sql`toString(${expression})`, read: (value) => (Number.isFinite(Number(value)) ? Number(value) : null) }
}

/** An array of the values of each, '' where a row has no such field. */
function valuesOf(by: readonly string[]): Fragment {
  return by.length === 0 ? sql`emptyArrayString()` : sql`array(${list(by.map(valueOf))})`
}

/** Values of fields may have been folded where lines were counted, services and environments were not. */
const isField = (key: string): boolean => key !== 'service' && key !== 'environment'

function valueOf(key: string): Fragment {
  if (key === 'service') return sql`toString(service)`
  if (key === 'environment') return sql`toString(environment)`
  return sql`multiIf(key_1 = ${text(key)}, toString(value_1), key_2 = ${text(key)}, toString(value_2), '')`
}

function conditions({ metric, rule, service, environment, ...window }: MetricScope): Fragment[] {
  return [
    minutesOf(window),
    sql`metric = ${text(metric)}`,
    ...(rule === undefined ? [] : [sql`rule = ${text(rule)}`]),
    ...(service === undefined ? [] : [sql`service = ${text(service)}`]),
    ...(environment === undefined ? [] : [sql`environment = ${text(environment)}`]),
  ]
}
