import { logMetricAnswer, logMetricsAnswer } from '@skein/schemas/api/log-metrics'
import { histogramOf } from '@skein/schemas/histogram'
import type { RuleAction, RuleDefinition } from '@skein/schemas/log-rule'
import { valueBucket } from '@skein/schemas/value-histogram'
import type { MetricScope, MetricStep, MetricSteps, MetricTotal } from '@skein/store/contract-log-metrics'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { buildApp } from '../app.ts'
import { NOW_MS, storeIn, testDeps } from '../testing/test-app.ts'

const PATH = '/api/logs/metrics'
const MINUTE_MS = 60_000
const END_MS = Math.floor(NOW_MS / MINUTE_MS) * MINUTE_MS
const took: RuleAction = { type: 'metric', name: 'took', aggregation: 'histogram', field: 'http.took', unit: 's', by: ['route'] }
const definition: RuleDefinition = { name: 'access', enabled: true, match: 'GET OR POST', actions: [took] }

const step = (minute: number, over: Partial<MetricStep> = {}): MetricStep => ({
  ...{ timeMs: END_MS + minute * MINUTE_MS, values: [], lines: 4, folded: 0, missing: 1, noNumber: 1, sum: 3, least: 1, most: 2 },
  histogram: histogramOf([
    [valueBucket(1), 1],
    [valueBucket(2), 1],
  ]),
  ...over,
})

let app: FastifyInstance
let nowMs: number
let steps: MetricStep[]
let combinations: { values: string[]; lines: number }[]
let totals: MetricTotal[]
let readUntilMs: number | null
let brokenAt: number | null
let asked: { scope: MetricScope; steps: MetricSteps }[]
beforeEach(async () => {
  ;[nowMs, steps, combinations, totals, readUntilMs, brokenAt, asked] = [END_MS - 10 * MINUTE_MS, [step(-2)], [], [], END_MS, null, []]
  const store = storeIn('empty')
  app = await buildApp(
    testDeps({
      clock: () => nowMs,
      store: {
        ...store,
        logRules: { ...store.logRules, dropSeries: async () => (brokenAt === null ? [] : [{ timeMs: brokenAt, reason: 'broken', lines: 7, bytes: 9 }]) },
        logMetrics: {
          totals: async () => totals,
          combinations: async () => combinations,
          versions: async () => [1, 2],
          readUntil: async () => readUntilMs,
          series: async (scope, given) => {
            asked.push({ scope, steps: given })
            return steps
          },
        },
      },
    }),
  )
})
afterEach(() => app.close())

async function send(method: 'GET' | 'POST' | 'PUT', path: string, body?: object): Promise<{ status: number; body: { id?: string } }> {
  const response = await app.inject({ method, url: path, headers: { host: '127.0.0.1' }, ...(body === undefined ? {} : { payload: body }) })
  return { status: response.statusCode, body: response.json() }
}
/** A rule that holds since five minutes and two seconds before what is asked. */
async function created(change: Partial<RuleDefinition> = {}): Promise<string> {
  nowMs = END_MS - 5 * MINUTE_MS - 2000
  const { status, body } = await send('POST', '/api/logs/rules', { definition: { ...definition, ...change } })
  nowMs = END_MS
  expect(status).toBe(201)
  return body.id ?? ''
}
const series = async (query = 'start=now-8m') => logMetricAnswer.parse((await send('GET', `${PATH}/took?${query}`)).body)

test('null is what is not known, 0 what is known not to have come, and what is no number is in no figure but said', async () => {
  await created()
  readUntilMs = END_MS - MINUTE_MS
  const answer = await series()
  expect(answer).toMatchObject({ name: 'took', aggregation: 'histogram', unit: 's', groupBy: [], stepSeconds: 60 })
  const [only] = answer.series
  expect(only?.points).toMatchObject({
    // three before the rule held, two known, the one with lines, one known, and one that was not read yet
    count: [null, null, null, 0, 0, 0, 2, null],
    sum: [null, null, null, 0, 0, 0, 3, null],
    avg: [null, null, null, null, null, null, 1.5, null],
    min: [null, null, null, null, null, null, 1, null],
  })
  expect(Math.abs((only?.points.p99[6] ?? 0) / 2 - 1)).toBeLessThan(0.0111)
  expect(only?.points.rate[6]).toBeCloseTo(2 / 60)
  expect(only?.total).toMatchObject({ count: 2, sum: 3, max: 2 })
  expect(only?.total.rate).toBeCloseTo(2 / 240)
  expect(answer.notes.map(({ code, count }) => [code, count])).toEqual([
    ['metric_changed', 2],
    ['missing', 1],
    ['no_number', 1],
  ])
  expect(answer.since).toBe(new Date(END_MS - 5 * MINUTE_MS).toISOString())
})

test('lines of which none has a number make no sum of 0, and a minute in which the rule was off is not known', async () => {
  await created()
  steps = [step(-2, { missing: 4, noNumber: 0, sum: 0, least: null, most: null, histogram: histogramOf([]) })]
  brokenAt = END_MS - 3 * MINUTE_MS
  const answer = await series('start=now-4m')
  expect(answer.series[0]?.points).toMatchObject({ count: [0, null, 0, 0], sum: [0, null, null, 0], p50: [null, null, null, null] })
  expect(answer.notes).toContainEqual(expect.objectContaining({ code: 'broken_rule', count: 7 }))
})

test('a rate counts the time that lines are of, also of lines that are older than the rule', async () => {
  await created()
  steps = [step(-8), step(-2)]
  const [only] = (await series()).series
  expect(only?.points.rate[0]).toBeCloseTo(2 / 60)
  expect(only?.total.rate).toBeCloseTo(4 / (6 * 60))
})

test('figures are those of the aggregation', async () => {
  await created({ actions: [{ type: 'metric', name: 'took', aggregation: 'count' }] })
  const counted = (await series()).series[0]?.total
  expect(counted).toMatchObject({ count: 4, sum: null, avg: null, max: null, p50: null })
})

test('series are told apart by what the metric is, at most 50, and others are other', async () => {
  await created()
  combinations = Array.from({ length: 51 }, (_, at) => ({ values: [`/r${at}`], lines: 100 - at }))
  steps = [step(-2, { values: ['/r0'] }), step(-1, { values: ['/r0'] }), step(-1, { values: ['other'], lines: 50, folded: 50 })]
  const answer = await series('start=now-4m&by=route&step=2m&service=nginx&environment=prod')
  expect(asked[0]).toMatchObject({ scope: { service: 'nginx', environment: 'prod', metric: 'took' }, steps: { by: ['route'], stepMs: 2 * MINUTE_MS } })
  expect(asked[0]?.steps.kept).toHaveLength(50)
  expect(answer.series.map(({ values, folded }) => [values, folded])).toEqual([
    [['other'], 50],
    [['/r0'], 0],
  ])
  expect(answer.notes).toContainEqual(expect.objectContaining({ code: 'folded', count: 50 }))
})

test.each([
  ['by=host', /host is none of service, environment, route/],
  ['by=service,service', /each once/],
  ['by=service,environment,route', /one or two/],
  ['step=90s', /is no step/],
  ['step=0m', /no time at all/],
  ['step=1m&start=now-30d', /more than 1500/],
])('%s is refused with why', async (query, message) => {
  await created()
  const refused = await send('GET', `${PATH}/took?${query}`)
  expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_parameter', errors: [{ message: expect.stringMatching(message) as string }] } })
})

test('metrics are listed with who makes them and since when, also those that nobody makes any more', async () => {
  const id = await created()
  const of = { rule: id, aggregation: 'histogram' as const, lines: 3, folded: 0, missing: 1, noNumber: 0, lastMs: END_MS - MINUTE_MS }
  totals = [
    { ...of, metric: 'took' },
    { ...of, metric: 'took', rule: 'before' },
    { ...of, metric: 'gone', rule: 'before', aggregation: 'sum' },
  ]
  const listed = logMetricsAnswer.parse((await send('GET', PATH)).body).metrics
  expect(listed).toMatchObject([
    { name: 'gone', aggregation: 'sum', rule: null, since: null, lines: 3 },
    { name: 'took', rule: { id, name: 'access', match: 'GET OR POST', enabled: true }, field: 'http.took', lines: 3, missing: 1 },
  ])
  expect(listed[1]?.since).toBe(new Date(END_MS - 5 * MINUTE_MS).toISOString())
  await send('PUT', `/api/logs/rules/${id}`, { definition: { ...definition, enabled: false } })
  expect(logMetricsAnswer.parse((await send('GET', PATH)).body).metrics[1]).toMatchObject({ since: null, rule: { enabled: false } })
  const gone = logMetricAnswer.parse((await send('GET', `${PATH}/gone`)).body)
  expect(gone).toMatchObject({ rule: null, notes: [{ code: 'no_rule' }, {}, {}, {}] })
  totals = []
  expect(await send('GET', `${PATH}/gone`)).toMatchObject({ status: 404, body: { code: 'log_metric_not_found' } })
})

test('without any line read since the rule holds, nothing is known', async () => {
  await created()
  ;[steps, readUntilMs] = [[], null]
  const answer = await series()
  expect(answer.series[0]?.points.count).toEqual(Array(8).fill(null))
  expect(answer.notes).toContainEqual(expect.objectContaining({ code: 'not_yet' }))
})
