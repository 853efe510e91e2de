import { expect, test } from 'vitest'
import { encodeAttribute, encodeRest } from './attribute-text.ts'
import type { Suite } from './conformance-suite.ts'
import { type HandRow, handBlock } from './conformance-rows.ts'
import type { TraceSearch } from './contract.ts'
import type { TableName } from './tables.ts'

const BUCKET_MS = 300_000
const DAY_MS = Date.UTC(2026, 0, 2)
const NOON_MS = DAY_MS + 43_200_000

/** Traces: found, put together, paged. */
export function traceLaws(suite: Suite): void {
  spanLaws(suite)
  resourceLaws(suite)
  partLaws(suite)
  searchLaws(suite)
  pageLaws(suite)
  pointLaws(suite)
  linkLaws(suite)
}

function spanLaws(suite: Suite): void {
  test('the spans of a trace come once each, by start, with parents, attributes and bytes as they were', async () => {
    const tenant = suite.fresh('tenant')
    const common = { bucket: NOON_MS, trace_id: '1'.repeat(32) }
    const child: HandRow = {
      ...common,
      ts: ns(NOON_MS + 2),
      span_id: 'bbbbbbbb00000001',
      parent_lo: littleEndian('aaaaaaaa'),
      name: 'child',
      service: 'epg',
      status: 2,
      message: 'no "way"',
    }
    const rows: HandRow[] = [
      child,
      {
        ...common,
        ts: ns(NOON_MS + 1),
        span_id: 'aaaaaaaa00000001',
        name: 'root',
        kind: 2,
        duration: 7,
        scope: 'lib',
        resource_fp: 0xff00_0000_0000_0001n,
        events: '\x02hi',
        links: '\x01x',
        items: ['a=1', 'n#2'],
        rest: encodeRest([encodeAttribute('id', 'x\x1ey')]),
      },
      { ...common, ts: ns(NOON_MS + 3), span_id: 'cccccccc00000001', parent_lo: littleEndian('dddddddd'), parent_hi: littleEndian('00000009'), name: 'orphan' },
      { ...common, trace_id: '2'.repeat(32), ts: ns(NOON_MS), span_id: 'eeeeeeee00000001', name: 'other' },
    ]
    await insert(suite, 'spans', tenant, rows)
    await insert(suite, 'spans', tenant, [child])
    for (const aroundMs of [undefined, NOON_MS, NOON_MS + 20 * BUCKET_MS]) {
      const { spans, truncated } = await suite.store().traces.spans(tenant, '1'.repeat(32), 10, aroundMs)
      expect(truncated).toBe(false)
      expect(spans.map(({ name, spanId, parentSpanId }) => [name, spanId, parentSpanId])).toEqual([
        ['root', 'aaaaaaaa00000001', ''],
        ['child', 'bbbbbbbb00000001', 'aaaaaaaa00000001'],
        ['orphan', 'cccccccc00000001', 'dddddddd00000009'],
      ])
      expect(spans[0]).toMatchObject({ kind: 2, scope: 'lib', startNs: String(ns(NOON_MS + 1)), durationNs: '7', resource: 'ff00000000000001' })
      expect(spans[0]?.attributes).toEqual([
        ['a', '1'],
        ['n', 2],
        ['id', 'x\x1ey'],
      ])
      expect(Buffer.from(spans[0]?.events ?? []).toString()).toBe('\x02hi')
      expect(Buffer.from(spans[0]?.links ?? []).toString()).toBe('\x01x')
      expect(spans[1]).toMatchObject({ service: 'epg', status: 2, message: 'no "way"' })
    }
    expect((await suite.store().traces.spans(tenant, '1'.repeat(32), 2)).truncated).toBe(true)
    expect((await suite.store().traces.spans(tenant, '1'.repeat(32), 3)).truncated).toBe(false)
    expect(await suite.store().traces.spans(tenant, 'no id', 3)).toEqual({ spans: [], truncated: false })
  })
}

function resourceLaws(suite: Suite): void {
  test('resources come by fingerprint, however often they were inserted', async () => {
    const tenant = suite.fresh('tenant')
    const row: HandRow = { day: DAY_MS, fp: 0x0000_0000_0000_00ffn, attributes: '\x0a\x00binary' }
    await insert(suite, 'resources', tenant, [row])
    await insert(suite, 'resources', tenant, [row, { ...row, fp: 1n, attributes: 'one' }])
    const found = await suite.store().traces.resources(tenant, ['00000000000000ff', 'eeeeeeeeeeeeeeee', 'no id'])
    expect([...found].map(([id, bytes]) => [id, Buffer.from(bytes).toString()])).toEqual([['00000000000000ff', '\x0a\x00binary']])
    expect(await suite.store().traces.resources(tenant, [])).toEqual(new Map())
  })
}

function partLaws(suite: Suite): void {
  test('a trace of several parts is one row: earliest start, longest end, root where it is, services once', async () => {
    const tenant = suite.fresh('tenant')
    const id = '3'.repeat(32)
    await insert(suite, 'traces', tenant, [
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
    await insert(suite, 'traces', tenant, [
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
      await insert(suite, 'traces', tenant, rows)
      await insert(
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
    await insert(suite, 'traces', tenant, rows)
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

function linkLaws(suite: Suite): void {
  test('spans of other traces that link to a trace are found in the window, each once', async () => {
    const tenant = suite.fresh('tenant')
    const target = 'ab'.repeat(16)
    const link = (id: string) => `\x12\x0a\x10${Buffer.from(id, 'hex').toString('latin1')}`
    const row = (digit: string, more: HandRow): HandRow => ({
      bucket: NOON_MS,
      ts: ns(NOON_MS + 1),
      trace_id: digit.repeat(32),
      span_id: digit.repeat(16),
      name: `do ${digit}`,
      ...more,
    })
    const ascii = '41'.repeat(16)
    const linking = row('2', { links: link(ascii), service: 'mailer' })
    const far = NOON_MS + 20 * BUCKET_MS
    await insert(suite, 'spans', tenant, [linking, row('3', {}), row('4', { links: link('42'.repeat(16)) }), row('5', { links: link(ascii), bucket: far })])
    await insert(suite, 'spans', tenant, [linking])
    const window = { tenant, startMs: NOON_MS, endMs: NOON_MS + BUCKET_MS }
    const ask = suite.store().traces.linking
    expect(await ask(window, ascii, 10)).toMatchObject([{ traceId: '2'.repeat(32), spanId: '2'.repeat(16), name: 'do 2', service: 'mailer' }])
    expect(await ask({ ...window, endMs: far + 1000 }, ascii, 10)).toHaveLength(2)
    expect(await ask(window, target, 10)).toEqual([])
    expect(await ask(window, '2'.repeat(32), 10)).toEqual([])
    expect(await ask(window, 'no id', 10)).toEqual([])
    expect(await ask({ ...window, tenant: suite.fresh('tenant') }, ascii, 10)).toEqual([])
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
  await insert(
    suite,
    'spans',
    tenant,
    trace.spans.map((span, at) => ({ ...common, ts: ns(startMs), span_id: `0${at}`, ...span })),
  )
  await insert(
    suite,
    'trace_services',
    tenant,
    trace.services.map((service) => ({ ...common, service, error: errorOf(service) })),
  )
  await insert(suite, 'traces', tenant, [
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

/** Four bytes of an id as the number that the block holds. */
function littleEndian(hex: string): number {
  return Buffer.from(hex, 'hex').readUInt32LE()
}

async function insert(suite: Suite, table: TableName, tenant: string, rows: readonly HandRow[]): Promise<void> {
  await suite.store().ingest.insert(
    `${suite.fresh('topic')}:0:0-9`,
    handBlock(
      table,
      rows.map((row) => ({ tenant, ...row })),
    ),
    false,
  )
}
