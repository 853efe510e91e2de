import { expect, test } from 'vitest'
import { encodeRest } from './attribute-text.ts'
import type { Suite } from './conformance-suite.ts'
import { type HandRow, insertRows } from './conformance-rows.ts'
import type { TraceSearch } from './contract-traces.ts'

const BUCKET_MS = 300_000
const NOON_MS = Date.UTC(2026, 0, 2, 12)

/** Traces found: by what they hold, page by page, as points. */
export function traceSearchLaws(suite: Suite): void {
  partLaws(suite)
  searchLaws(suite)
  pageLaws(suite)
  pointLaws(suite)
}

function partLaws(suite: Suite): void {
  test('a trace of several parts is one row: earliest start, longest end, root where it is, services once', async () => {
    const tenant = suite.fresh('tenant')
    const id = '3'.repeat(32)
    await insertRows(suite, 'traces', tenant, [
      {
        bucket: NOON_MS,
        trace_id: id,
        start_ns: ns(NOON_MS + 5),
        end_ns: ns(NOON_MS + 9),
        spans: 2,
        errors: 1,
        root_service: 'first',
        root_operation: 'x',
        services: ['b', 'a'],
      },
    ])
    await insertRows(suite, 'traces', tenant, [
      {
        bucket: NOON_MS - BUCKET_MS,
        trace_id: id,
        start_ns: ns(NOON_MS - 1),
        end_ns: ns(NOON_MS + 2),
        spans: 1,
        has_root: 1,
        root_service: 'gate',
        root_operation: 'GET /',
        services: ['gate', 'a'],
      },
    ])
    const whole = {
      traceId: id,
      hasRoot: true,
      rootService: 'gate',
      rootOperation: 'GET /',
      startNs: String(ns(NOON_MS - 1)),
      durationNs: 10_000_000,
      spans: 3,
      errors: 1,
      services: ['a', 'b', 'gate'],
    }
    expect(await suite.store().traces.search(search(tenant, { startMs: NOON_MS - BUCKET_MS }))).toMatchObject([whole])
    expect(await suite.store().traces.search(search(tenant, { startMs: NOON_MS }))).toEqual([])
    expect(await suite.store().traces.search(search(tenant, { startMs: NOON_MS - 1000, endMs: NOON_MS }))).toMatchObject([whole])
  })
}

function searchLaws(suite: Suite): void {
  test('a search finds by service, operation, entry, error, duration and attribute of one span', async () => {
    const find = await findIn(suite)
    expect(await find({})).toBe('ab')
    expect(await find({ service: 'tv' })).toBe('ab')
    expect(await find({ service: 'epg' })).toBe('a')
    expect(await find({ service: 'tv', error: true })).toBe('')
    expect(await find({ service: 'epg', error: true })).toBe('a')
    expect(await find({ error: true })).toBe('a')
    expect(await find({ error: false, service: 'epg' })).toBe('')
    expect(await find({ operation: 'list' })).toBe('a')
    expect(await find({ service: 'tv', operation: 'list' })).toBe('')
    expect(await find({ entry: 'GET /' })).toBe('ab')
    expect(await find({ entry: 'list' })).toBe('')
    expect(await find({ minDurationNs: 11e6 })).toBe('b')
    expect(await find({ maxDurationNs: 11e6 })).toBe('a')
    expect(await find({ sort: 'longest' })).toBe('ba')
  })

  test('a search finds an attribute of any type wherever it is kept, on one span with the rest', async () => {
    const find = await findIn(suite)
    expect(await find({ attributes: [{ key: 'm', value: 'GET' }] })).toBe('a')
    expect(await find({ attributes: [{ key: 'code', value: '200' }] })).toBe('a')
    expect(await find({ attributes: [{ key: 'user', value: '42' }] })).toBe('ab')
    expect(await find({ attributes: [{ key: 'user', value: '42' }], sort: 'longest' })).toBe('ba')
    expect(
      await find({
        attributes: [
          { key: 'ok', value: 'true' },
          { key: 'user', value: '42' },
        ],
      }),
    ).toBe('a')
    expect(
      await find({
        attributes: [
          { key: 'm', value: 'GET' },
          { key: 'user', value: '42' },
        ],
      }),
    ).toBe('')
    expect(await find({ attributes: [{ key: 'user', value: '42' }], service: 'tv' })).toBe('b')
    expect(await find({ attributes: [{ key: 'x', value: '\x1e' }] })).toBe('b')
    expect(await find({ attributes: [{ key: 'm', value: 'GE' }] })).toBe('')
    expect(await find({ attributes: [{ key: 'method', value: 'GET', aliases: ['verb', 'm'] }] })).toBe('a')
  })
}

/** Plants two traces and answers searches by their letters. */
async function findIn(suite: Suite): Promise<(more: Partial<TraceSearch>) => Promise<string>> {
  const tenant = suite.fresh('tenant')
  await insertTrace(suite, tenant, {
    id: 'a',
    agoMs: 1000,
    durationMs: 10,
    services: ['tv', 'epg'],
    spans: [
      { service: 'tv', name: 'GET /', items: ['m=GET', 'code#200'] },
      { service: 'epg', name: 'list', status: 2, rest: encodeRest(['user=42', 'ok?true']) },
    ],
  })
  await insertTrace(suite, tenant, {
    id: 'b',
    agoMs: 9_000_000,
    durationMs: 500,
    services: ['tv'],
    spans: [{ service: 'tv', name: 'GET /', items: ['m=POST', 'user#42'], rest: encodeRest(['x=\x1d1']) }],
  })
  return async (more) => (await suite.store().traces.search(search(tenant, more))).map(({ traceId }) => traceId[0]).join('')
}

function pageLaws(suite: Suite): void {
  for (const sort of ['newest', 'longest'] as const) {
    test(`pages by ${sort} show every trace once, also those that are equal`, async () => {
      const tenant = suite.fresh('tenant')
      const digits = '0123456789abcdef'.split('')
      const rows = digits.map((digit, at) => ({
        bucket: NOON_MS + Math.floor(((at >> 2) * 400_000) / BUCKET_MS) * BUCKET_MS,
        trace_id: digit.repeat(32),
        start_ns: ns(NOON_MS + (at >> 2) * 400_000),
        end_ns: ns(NOON_MS + (at >> 2) * 400_000 + 5),
        spans: 1,
        services: ['s'],
      }))
      await insertRows(suite, 'traces', tenant, rows)
      await insertRows(
        suite,
        'trace_services',
        tenant,
        rows.map(({ bucket, trace_id }) => ({ bucket, trace_id, service: 's' })),
      )
      const seen: string[] = []
      let after: string | undefined
      do {
        const page = await suite.store().traces.search(search(tenant, { sort, service: 's', limit: 3, ...(after === undefined ? {} : { after }) }))
        seen.push(...page.map(({ traceId }) => traceId[0] ?? ''))
        after = page.length === 3 ? page.at(-1)?.after : undefined
      } while (after !== undefined)
      expect(seen.join('')).toBe(digits.toReversed().join(''))
    })
  }

  test('a cursor that is no position finds nothing', async () => {
    expect(await suite.store().traces.search(search(suite.fresh('tenant'), { after: "1' OR 1" }))).toEqual([])
  })
}

function pointLaws(suite: Suite): void {
  test('points are the traces a search finds, and an even sample of them says of how many', async () => {
    const tenant = suite.fresh('tenant')
    const rows = Array.from({ length: 400 }, (_, at) => ({
      bucket: NOON_MS,
      trace_id: (at + 1).toString(16).padStart(32, '0'),
      start_ns: ns(NOON_MS + at),
      end_ns: ns(NOON_MS + at + (at % 2 === 0 ? 5 : 50)),
      spans: 1,
      errors: at % 4 === 0 ? 1 : 0,
      services: ['s'],
    }))
    await insertRows(suite, 'traces', tenant, rows)
    const { sort: _sort, limit: _limit, ...all } = search(tenant, {})
    const points = suite.store().traces.points
    const whole = await points(all, 1000)
    expect(whole.total).toBe(400)
    expect(new Set(whole.points.map(({ traceId }) => traceId))).toEqual(new Set(rows.map(({ trace_id }) => trace_id)))
    expect(whole.points.find(({ traceId }) => traceId.endsWith('00005'))).toEqual({
      traceId: rows[4]?.trace_id,
      startNs: String(ns(NOON_MS + 4)),
      durationNs: 5e6,
      errors: 1,
    })
    expect((await points({ ...all, minDurationNs: 10e6 }, 1000)).points).toHaveLength(200)
    expect((await points({ ...all, error: true }, 1000)).points).toHaveLength(100)
    const some = await points(all, 100)
    expect(some.total).toBe(400)
    expect(some.points).toHaveLength(100)
    expect(await points(all, 100)).toEqual(some)
    expect(new Set(some.points.map(({ startNs }) => startNs < String(ns(NOON_MS + 200)))).size).toBe(2)
    expect(await points({ ...all, tenant: suite.fresh('tenant') }, 10)).toEqual({ points: [], total: 0 })
  })
}

interface HandTrace {
  id: string
  agoMs: number
  durationMs: number
  services: string[]
  spans: HandRow[]
}

async function insertTrace(suite: Suite, tenant: string, trace: HandTrace): Promise<void> {
  const startMs = NOON_MS + BUCKET_MS - trace.agoMs
  const common = { bucket: Math.floor(startMs / BUCKET_MS) * BUCKET_MS, trace_id: trace.id.repeat(32) }
  const errorOf = (service: string): number => (trace.spans.some((span) => span['service'] === service && span['status'] === 2) ? 1 : 0)
  const [root] = trace.spans
  await insertRows(
    suite,
    'spans',
    tenant,
    trace.spans.map((span, at) => ({ ...common, ts: ns(startMs), span_id: `0${at}`, ...span })),
  )
  await insertRows(
    suite,
    'trace_services',
    tenant,
    trace.services.map((service) => ({ ...common, service, error: errorOf(service) })),
  )
  await insertRows(suite, 'traces', tenant, [
    {
      ...common,
      start_ns: ns(startMs),
      end_ns: ns(startMs + trace.durationMs),
      spans: trace.spans.length,
      errors: trace.spans.filter((span) => span['status'] === 2).length,
      has_root: 1,
      root_service: root?.['service'] ?? '',
      root_operation: root?.['name'] ?? '',
      services: trace.services,
    },
  ])
}

function search(tenant: string, more: Partial<TraceSearch>): TraceSearch {
  return { tenant, startMs: NOON_MS - 40 * BUCKET_MS, endMs: NOON_MS + 10 * BUCKET_MS, attributes: [], sort: 'newest', limit: 20, ...more }
}

function ns(ms: number): bigint {
  return BigInt(ms) * 1_000_000n
}
