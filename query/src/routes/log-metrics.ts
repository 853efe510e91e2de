import {
  logMetricAnswer,
  type LogMetricAnswer,
  logMetricParameters,
  logMetricsAnswer,
  type LogMetricsAnswer,
  logMetricsParameters,
  MAX_METRIC_POINTS,
} from '@skein/schemas/api/log-metrics'
import { MAX_METRIC_COMBINATIONS, MAX_METRIC_DIMENSIONS, metricName } from '@skein/schemas/log-rule'
import type { MetricScope, MetricTotal } from '@skein/store/contract-log-metrics'
import type { DropStep } from '@skein/store/contract-log-rules'
import { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { type DefinedMetric, definedMetrics } from '../log-metrics/defined-metrics.ts'
import { addMetricSums, type MetricSum, NO_LINES } from '../log-metrics/figures.ts'
import { knownSteps } from '../log-metrics/known-steps.ts'
import { metricNotes } from '../log-metrics/metric-notes.ts'
import { seriesOf } from '../log-metrics/metric-series.ts'
import { invalidParameter, ProblemError } from '../problem-error.ts'
import { isoTime, parseWindow, seriesSteps, type Window, windowAnswerOf } from '../window.ts'

const WEEK_MS = 7 * 86_400_000
const SERIES_POINTS = 120
const tags = ['logs']

export function logMetricsRoute(app: App, deps: RouteDeps): void {
  const all = {
    summary: 'Metrics that rules make from log lines',
    description: 'By name, each with the rule that makes it, what it counted in the window and when its newest line came.',
    tags,
    querystring: logMetricsParameters.strict(),
    response: { 200: logMetricsAnswer },
  }
  app.get('/api/logs/metrics', { schema: all }, async (request): Promise<LogMetricsAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    return deps.ask(request, async (tenant) => {
      const [{ rules }, totals] = await Promise.all([deps.logRules.of(tenant), deps.store.logMetrics.totals({ tenant, ...window }, window.endMs - WEEK_MS)])
      return { window: windowAnswerOf(window), metrics: listed(definedMetrics(rules), totals) }
    })
  })
  const one = {
    summary: 'A metric from log lines over time',
    description:
      'Counts, rates, sums, averages and quantiles by step, as far as its aggregation has them. null: not known (before the rule held, after what was read, while it was off, of no value). 0: known that nothing came.',
    tags,
    params: z.object({ name: metricName }),
    querystring: logMetricParameters.strict(),
    response: { 200: logMetricAnswer },
  }
  app.get('/api/logs/metrics/:name', { schema: one }, async (request): Promise<LogMetricAnswer> => {
    const window = parseWindow(request.query, deps.clock())
    const steps = stepsOf(window, request.query.step)
    return deps.ask(request, async (tenant) => {
      const { rules } = await deps.logRules.of(tenant)
      const asked = await find(deps, tenant, { name: request.params.name, window, defined: definedMetrics(rules) })
      return answerOf(deps, { tenant, window, steps, asked, query: request.query })
    })
  })
}

/** One that no rule makes any more is known by what it counted. */
function listed(defined: readonly DefinedMetric[], totals: readonly MetricTotal[]): LogMetricsAnswer['metrics'] {
  const names = new Set(defined.map(({ metric }) => metric.name))
  const gone = [...Map.groupBy(totals, ({ metric }) => metric).values()].flatMap((rules) => {
    const last = rules.toSorted((a, b) => b.lastMs - a.lastMs)[0]
    return last === undefined || names.has(last.metric) ? [] : [listedMetric(goneMetric(last), last)]
  })
  const live = defined.map((each) =>
    listedMetric(
      liveMetric(each),
      totals.find(({ metric, rule }) => metric === each.metric.name && rule === each.rule.id),
    ),
  )
  return [...live, ...gone].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

type Asked = Pick<LogMetricAnswer, 'name' | 'aggregation' | 'field' | 'unit' | 'by' | 'rule'> & { ruleId: string; sinceMs: number | null }

function liveMetric({ metric: { name, aggregation, field, unit, by = [] }, rule, sinceMs }: DefinedMetric): Asked {
  return { name, aggregation, field: field ?? null, unit: unit ?? null, by, rule, ruleId: rule.id, sinceMs }
}

function goneMetric({ metric, aggregation, rule }: MetricTotal): Asked {
  return { name: metric, aggregation, field: null, unit: null, by: [], rule: null, ruleId: rule, sinceMs: null }
}

function listedMetric({ ruleId: _ruleId, sinceMs, ...metric }: Asked, total: MetricTotal | undefined): LogMetricsAnswer['metrics'][number] {
  const { lines = 0, missing = 0, noNumber = 0, folded = 0 } = total ?? {}
  const lastAt = total === undefined ? null : isoTime(total.lastMs)
  return { ...metric, since: sinceMs === null ? null : isoTime(sinceMs), lastAt, lines, missing, noNumber, folded }
}

async function find(
  deps: RouteDeps,
  tenant: string,
  { name, window, defined }: { name: string; window: Window; defined: readonly DefinedMetric[] },
): Promise<Asked> {
  const live = defined.find(({ metric }) => metric.name === name)
  if (live !== undefined) return liveMetric(live)
  const totals = await deps.store.logMetrics.totals({ tenant, ...window }, window.endMs - WEEK_MS)
  const [last] = totals.filter(({ metric }) => metric === name).toSorted((a, b) => b.lastMs - a.lastMs)
  if (last !== undefined) return goneMetric(last)
  throw new ProblemError('log_metric_not_found', {
    detail: `No rule makes a metric ${name}, and none did in the week before the window's end.`,
    hint: 'GET /api/logs/metrics lists them; a rule with the action metric makes one.',
  })
}

interface Question {
  tenant: string
  window: Window
  steps: { stepSeconds: number; timesMs: number[] }
  asked: Asked
  query: z.infer<typeof logMetricParameters>
}

async function answerOf({ store }: RouteDeps, { tenant, window, steps, asked, query }: Question): Promise<LogMetricAnswer> {
  const { ruleId, sinceMs, ...metric } = asked
  const by = groupsOf(asked, query.by)
  const { service, environment } = query
  const scope: MetricScope = { tenant, ...window, metric: metric.name, rule: ruleId, service, environment }
  const stepMs = steps.stepSeconds * 1000
  const [combinations, versions, drops, readUntilMs] = await Promise.all([
    by.length === 0 ? [] : store.logMetrics.combinations(scope, by, MAX_METRIC_COMBINATIONS + 1),
    store.logMetrics.versions(scope),
    store.logRules.dropSeries({ tenant, ...window, rule: ruleId, reason: 'broken', service }, stepMs),
    store.logMetrics.readUntil(tenant, window.startMs),
  ])
  const kept = combinations.length > MAX_METRIC_COMBINATIONS ? combinations.slice(0, MAX_METRIC_COMBINATIONS).map(({ values }) => values) : null
  const found = await store.logMetrics.series(scope, { stepMs, by, kept })
  const known = knownSteps({ window, stepMs, sinceMs, readUntilMs, broken: new Map(drops.map(({ timeMs, lines }) => [timeMs, lines])) })
  const sum = found.reduce<MetricSum>(addMetricSums, NO_LINES)
  return {
    ...metric,
    window: windowAnswerOf(window),
    stepSeconds: steps.stepSeconds,
    groupBy: by,
    since: sinceMs === null ? null : isoTime(sinceMs),
    readUntil: readUntilMs === null ? null : isoTime(readUntilMs),
    times: steps.timesMs.map(isoTime),
    series: seriesOf({ aggregation: metric.aggregation, steps: found, timesMs: steps.timesMs, known, isWhole: by.length === 0 }),
    notes: metricNotes({
      sum,
      field: metric.field,
      versions,
      broken: linesOf(drops),
      isDefined: metric.rule !== null,
      isRead: sinceMs === null || (readUntilMs !== null && readUntilMs >= sinceMs),
    }),
  }
}

function linesOf(drops: readonly DropStep[]): number {
  return drops.reduce((sum, { lines }) => sum + lines, 0)
}

/** Of a metric that no rule makes any more, what its lines were told apart by is not kept. */
function groupsOf({ by, rule }: Asked, text: string | undefined): string[] {
  const groups = text === undefined || text.trim() === '' ? [] : text.split(',').map((part) => part.trim())
  const known = ['service', 'environment', ...by]
  if (groups.length > MAX_METRIC_DIMENSIONS || new Set(groups).size < groups.length) throw invalidParameter('by', 'is one or two names, each once')
  const wrong = groups.find((group) => !known.includes(group))
  if (wrong === undefined) return groups
  throw invalidParameter('by', `${wrong} is none of ${known.join(', ')}${rule === null ? '; no rule makes this metric any more' : ''}`)
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

function stepsOf(window: Window, text: string | undefined): { stepSeconds: number; timesMs: number[] } {
  if (text === undefined) return seriesSteps(window, SERIES_POINTS)
  const stepMs = Number(text.slice(0, -1)) * (UNIT_MS[text.slice(-1)] ?? 0)
  if (stepMs === 0) throw invalidParameter('step', 'is no time at all')
  const firstMs = Math.floor(window.startMs / stepMs) * stepMs
  const points = Math.ceil((window.endMs - firstMs) / stepMs)
  if (points > MAX_METRIC_POINTS) throw invalidParameter('step', `makes ${points} points of this window, more than ${MAX_METRIC_POINTS}: take a longer one`)
  return { stepSeconds: stepMs / 1000, timesMs: Array.from({ length: points }, (_, at) => firstMs + at * stepMs) }
}
