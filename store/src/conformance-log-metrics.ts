import { plainHistogram } from '@skein/schemas/histogram'
import { expect, test } from 'vitest'
import { insertRows } from './conformance-rows.ts'
import type { Suite } from './conformance-suite.ts'
import type { MetricStep } from './contract-log-metrics.ts'

const DAY_MS = Date.UTC(2026, 0, 2)
const MINUTE_MS = 60_000
const NONE = { lines: 0, folded: 0, missing: 0, noNumber: 0 }

const row = (minute: number, over: Record<string, string | number | readonly (readonly [number, number])[]> = {}) => ({
  ...{ minute: DAY_MS + minute * MINUTE_MS, metric: 'took', rule: 'r1', version: 2, aggregation: 'histogram', service: 'epg', environment: 'prod' },
  ...{
    key_1: 'route',
    value_1: '/a',
    lines: 2,
    whole: 7,
    nano: 500_000_000,
    least: 2.5,
    most: 5,
    buckets: [
      [1000, 1],
      [1010, 1],
    ] as const,
  },
  ...over,
})
const plain = ({ histogram, ...step }: MetricStep): object => ({ ...step, histogram: plainHistogram(histogram) })

/** What lines count for metrics can be asked for, told apart by what it was told apart by. */
export function logMetricLaws(suite: Suite): void {
  test('a metric is summed up by step and values, exactly, with nothing where there is no number', async () => {
    const tenant = suite.fresh('tenant')
    const noNumber = { lines: 3, missing: 2, no_number: 1, whole: 0, nano: 0, least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY, buckets: [] }
    await insertRows(suite, 'log_metrics', tenant, [row(0), row(1, { whole: -8, nano: -100_000_000, least: -9, most: 0.9 }), row(3, noNumber)])
    await insertRows(suite, 'log_metrics', tenant, [row(0, { value_1: '/b' }), row(0), row(0, { rule: 'gone' }), row(60), row(0, { metric: 'other' })])
    await insertRows(suite, 'log_metrics', suite.fresh('tenant'), [row(0)])
    const questions = suite.store().logMetrics
    const scope = { tenant, startMs: DAY_MS, endMs: DAY_MS + 4 * MINUTE_MS, metric: 'took', rule: 'r1' }
    const all = await questions.series(scope, { stepMs: 2 * MINUTE_MS, by: [], kept: null })
    expect(all.map(plain)).toEqual([
      { ...NONE, timeMs: DAY_MS, values: [], lines: 8, sum: 14.4, least: -9, most: 5, histogram: { from: 1000, counts: [4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4] } },
      {
        ...NONE,
        timeMs: DAY_MS + 2 * MINUTE_MS,
        values: [],
        lines: 3,
        missing: 2,
        noNumber: 1,
        sum: 0,
        least: null,
        most: null,
        histogram: { from: 0, counts: [] },
      },
    ])
    const by = await questions.series({ ...scope, endMs: DAY_MS + MINUTE_MS }, { stepMs: MINUTE_MS, by: ['route', 'service'], kept: null })
    expect(by.map(({ values, lines, sum }) => [values, lines, sum])).toEqual([
      [['/a', 'epg'], 4, 15],
      [['/b', 'epg'], 2, 7.5],
    ])
    expect(await questions.series({ ...scope, service: 'drm' }, { stepMs: MINUTE_MS, by: [], kept: null })).toEqual([])
    expect((await questions.series({ ...scope, environment: 'prod' }, { stepMs: MINUTE_MS, by: ['unknown'], kept: null })).map(({ values }) => values)).toEqual(
      [[''], [''], ['']],
    )
  })

  test('combinations are listed by their lines, and those that are not kept are other ones', async () => {
    const tenant = suite.fresh('tenant')
    const valued = (value_1: string, lines: number, over = {}) => row(0, { value_1, key_2: 'zone', value_2: 'z1', lines, ...over })
    await insertRows(suite, 'log_metrics', tenant, [valued('/a', 5), valued('/b', 9), valued('/c', 1), valued('other', 4, { value_2: 'other', folded: 4 })])
    const questions = suite.store().logMetrics
    const scope = { tenant, startMs: DAY_MS, endMs: DAY_MS + MINUTE_MS, metric: 'took' }
    expect(await questions.combinations(scope, ['route'], 3)).toEqual([
      { values: ['/b'], lines: 9 },
      { values: ['/a'], lines: 5 },
      { values: ['other'], lines: 4 },
    ])
    const kept = [
      ['/b', 'z1'],
      ['other', 'other'],
    ]
    const steps = await questions.series(scope, { stepMs: MINUTE_MS, by: ['route', 'zone'], kept })
    expect(steps.map(({ values, lines, folded }) => [values, lines, folded])).toEqual([
      [['/b', 'z1'], 9, 0],
      [['other', 'other'], 10, 10],
    ])
    const services = await questions.series(scope, { stepMs: MINUTE_MS, by: ['service'], kept: null })
    expect(services.map(({ values, lines, folded }) => [values, lines, folded])).toEqual([[['epg'], 19, 0]])
  })

  test('metrics are listed with what the window has, and when the newest line came', async () => {
    const tenant = suite.fresh('tenant')
    await insertRows(suite, 'log_metrics', tenant, [
      row(0, { version: 1, aggregation: 'sum' }),
      row(5, { missing: 1 }),
      row(9),
      row(2, { metric: 'old', folded: 1 }),
    ])
    const questions = suite.store().logMetrics
    const window = { tenant, startMs: DAY_MS + 5 * MINUTE_MS, endMs: DAY_MS + 10 * MINUTE_MS }
    const of = { rule: 'r1', aggregation: 'histogram' }
    expect(await questions.totals(window, DAY_MS)).toEqual([
      { ...NONE, ...of, metric: 'old', lastMs: DAY_MS + 2 * MINUTE_MS },
      { ...NONE, ...of, metric: 'took', lines: 4, missing: 1, lastMs: DAY_MS + 9 * MINUTE_MS },
    ])
    expect((await questions.totals(window, window.endMs)).map(({ metric }) => metric)).toEqual(['took'])
    expect(await questions.versions({ ...window, startMs: DAY_MS, metric: 'took' })).toEqual([1, 2])
    expect(await questions.readUntil(tenant, 0)).toBeNull()
    await insertRows(suite, 'ranges', tenant, [{ received: DAY_MS, range: 'x', topic: 'skein.logs', partition: 1 }])
    await insertRows(suite, 'ranges', tenant, [{ received: DAY_MS + 5, range: 'y', topic: 'skein.traces', partition: 1 }])
    expect([await questions.readUntil(tenant, 0), await questions.readUntil(tenant, DAY_MS + 1)]).toEqual([DAY_MS, null])
  })
}
