import type { TraceQuestions } from '@skein/store/contract-traces'
import { QueryLimitError } from '@skein/store/errors'
import { expect, test } from 'vitest'
import { START_MS } from '../topology/spans-for-tests.ts'
import { createIngestMetrics } from './ingest-metrics.ts'
import { ALONE, finder, ITSELF, LINKED, linkTo, row, rowsOf, SILENT, TRACE } from './late-spans-for-tests.ts'
import { createLateSpans } from './late-spans.ts'

const manyOwners: TraceQuestions['linkOwners'] = ({ traceIds }) =>
  Promise.resolve(
    traceIds.flatMap((linkedTraceId) => Array.from({ length: 1000 }, (_, i) => ({ linkedTraceId, traceId: `${i}`.padStart(32, 'e'), startMs: START_MS }))),
  )

test('of a trace that alone is over the row limit as many spans come back as fit, and the look-up is told and counted as cut', async () => {
  for (const [limit, rows] of [
    [300, 250],
    [0, 0],
  ] as const) {
    const { find, metrics } = finder(({ spansPerTrace }) =>
      spansPerTrace > limit ? Promise.reject(new QueryLimitError('rows', 'too many')) : Promise.resolve(Array.from({ length: spansPerTrace }, () => row)),
    )
    const found = await find([{ ...ALONE, ...ITSELF }], new AbortController().signal)
    expect([rowsOf(found), found.cut]).toEqual([rows, [`0 t ${TRACE}`]])
    expect(metrics.text(0)).toContain('skein_ingest_look_ups_cut_total{reason="over_limits"} 1')
  }
})

test('a trace that alone is always too much for the store is given up after some tries, those beside it come back', async () => {
  const other = '8'.padStart(32, '0')
  const { find } = finder(({ traceIds }) =>
    traceIds.includes(TRACE) ? Promise.reject(new QueryLimitError('time', 'too long')) : Promise.resolve([{ ...row, traceId: other }]),
  )
  const found = await find(
    [TRACE, other].map((traceId) => ({ ...ALONE, ...ITSELF, traceId })),
    new AbortController().signal,
  )
  expect([rowsOf(found), found.cut]).toEqual([1, [`0 t ${TRACE}`]])
})

test('more spans of a trace, or more who link to it, than come back are told and counted', async () => {
  const stored =
    (spans: number): TraceQuestions['stored'] =>
    ({ spansPerTrace }) =>
      Promise.resolve(Array.from({ length: Math.min(spans, spansPerTrace) }, () => row))
  const owners =
    (count: number): TraceQuestions['linkOwners'] =>
    ({ ownersPerTrace }) =>
      Promise.resolve(
        Array.from({ length: Math.min(count, ownersPerTrace) }, (_, i) => ({ linkedTraceId: TRACE, traceId: `${i}`.padStart(32, '0'), startMs: START_MS })),
      )
  for (const [spans, linking, reason] of [
    [1000, 1000, ''],
    [1001, 0, 'spans_per_trace'],
    [0, 1001, 'owners_per_trace'],
  ] as const) {
    const { find, metrics } = finder(stored(spans), 1, owners(linking))
    const { cut } = await find([{ ...ALONE, ...LINKED }], new AbortController().signal)
    expect([cut.length, metrics.text(0).includes(`cut_total{reason="${reason}"} 1`)]).toEqual(reason === '' ? [0, false] : [1, true])
  }
})

test('what many traces bring back together is bounded, as are those who link to them: the rest is told as cut', async () => {
  const all = { stored: () => Promise.resolve([row]), resources: () => Promise.resolve(new Map<string, Uint8Array>()), linkOwners: manyOwners }
  const metrics = createIngestMetrics()
  const find = createLateSpans({ traces: all, partitions: () => Promise.resolve(1), backoff: { firstMs: 1, lastMs: 2 }, logger: SILENT, metrics, maxSpans: 3 })
  const hours = Array.from({ length: 70 }, (_, hour) => ({
    ...ALONE,
    ...LINKED,
    traceId: `${hour}`.padStart(32, '0'),
    fromMs: hour * 3_600_000,
    toMs: hour * 3_600_000 + 1,
  }))
  expect(rowsOf(await find(hours, new AbortController().signal))).toBe(3)
  expect(metrics.text(0)).toContain('skein_ingest_look_ups_cut_total{reason="too_many_together"} 70')
  const { find: findAll } = finder(() => Promise.resolve([]), 1, manyOwners)
  expect((await findAll(hours, new AbortController().signal)).cut).toHaveLength(5)
})

test('a store that is at its limits whatever it is asked is not asked for ever: all that is left is told as cut', async () => {
  let asked = 0
  const { find } = finder(() => {
    asked++
    return Promise.reject(new QueryLimitError('time', 'too long'))
  })
  const wants = Array.from({ length: 4096 }, (_, i) => ({ ...ALONE, ...ITSELF, traceId: `${i + 1}`.padStart(32, '0') }))
  const { cut } = await find(wants, new AbortController().signal)
  expect(cut).toHaveLength(wants.length)
  expect(asked).toBeLessThanOrEqual(40)
})

test('targets of links are bounded together, and whoever wanted more of them is told as cut', async () => {
  const links = Buffer.concat(Array.from({ length: 128 }, (_, i) => linkTo(`${i + 1}`.padStart(32, 'd'))))
  const asked = new Set<string>()
  const { find, metrics } = finder(({ traceIds, spansPerTrace }) => {
    for (const traceId of traceIds) asked.add(traceId)
    return Promise.resolve(traceIds.includes(TRACE) ? Array.from({ length: spansPerTrace - 1 }, () => ({ ...row, links })) : [])
  })
  const { cut } = await find([{ ...ALONE, ...ITSELF, targetsBackMs: 1000 }], new AbortController().signal)
  expect([cut, asked.size]).toEqual([[`0 t ${TRACE}`], 129])
  expect(metrics.text(0)).toContain('skein_ingest_look_ups_cut_total{reason="too_many_together"} 1')
})
