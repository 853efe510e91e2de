import { expect, test } from 'vitest'
import { encodeAttribute, encodeRest } from './attribute-text.ts'
import type { Suite } from './conformance-suite.ts'
import { type HandRow, insertRows } from './conformance-rows.ts'

const BUCKET_MS = 300_000
const DAY_MS = Date.UTC(2026, 0, 2)
const NOON_MS = DAY_MS + 43_200_000

/** Traces put together from their rows. */
export function traceLaws(suite: Suite): void {
  spanLaws(suite)
  serviceLaws(suite)
  resourceLaws(suite)
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
    await insertRows(suite, 'spans', tenant, rows)
    await insertRows(suite, 'spans', tenant, [child])
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

function serviceLaws(suite: Suite): void {
  test('the services of traces come with their spans, errors and spans without their parents, a span sent twice once', async () => {
    const tenant = suite.fresh('tenant')
    const span = (trace: string, id: string, parent: string, row: HandRow): HandRow => ({
      bucket: NOON_MS,
      trace_id: trace.repeat(32),
      ts: ns(NOON_MS),
      span_id: id,
      parent_lo: littleEndian(parent.slice(0, 8)),
      parent_hi: littleEndian(parent.slice(8)),
      ...row,
    })
    const NO_PARENT = '0'.repeat(16)
    const twice = span('1', 'bbbbbbbb00000001', 'aaaaaaaa00000001', { service: 'epg', status: 2 })
    await insertRows(suite, 'spans', tenant, [
      span('1', 'aaaaaaaa00000001', NO_PARENT, { service: 'gate' }),
      twice,
      span('1', 'bbbbbbbb00000002', 'aaaaaaaa00000000', { service: 'epg' }),
      span('1', 'bbbbbbbb00000003', 'aaaaaaaa00000002', { service: 'epg', bucket: NOON_MS - BUCKET_MS }),
      span('1', 'bbbbbbbb00000004', 'eeeeeeee00000000', { service: 'epg', status: 2 }),
      span('2', 'eeeeeeee00000000', NO_PARENT, { service: 'epg' }),
      span('3', '0000000000000005', '0000000000000006', { service: 'small ids' }),
      span('3', '0000000000000006', NO_PARENT, { service: 'small ids' }),
    ])
    await insertRows(suite, 'spans', tenant, [twice])
    const window = { tenant, startMs: NOON_MS, endMs: NOON_MS + 1 }
    const traces = ['1', '3', '4'].map((digit) => digit.repeat(32))
    expect(await suite.store().traces.services(window, [...traces, 'no id'])).toEqual([
      { traceId: traces[0], service: 'epg', spans: 4, errors: 2, orphans: 2 },
      { traceId: traces[0], service: 'gate', spans: 1, errors: 0, orphans: 0 },
      { traceId: traces[1], service: 'small ids', spans: 2, errors: 0, orphans: 0 },
    ])
    expect(await suite.store().traces.services(window, [])).toEqual([])
    expect(await suite.store().traces.services({ ...window, tenant: 'other' }, traces)).toEqual([])
  })
}

function resourceLaws(suite: Suite): void {
  test('resources come by fingerprint, however often they were inserted', async () => {
    const tenant = suite.fresh('tenant')
    const row: HandRow = { day: DAY_MS, fp: 0x0000_0000_0000_00ffn, attributes: '\x0a\x00binary' }
    await insertRows(suite, 'resources', tenant, [row])
    await insertRows(suite, 'resources', tenant, [row, { ...row, fp: 1n, attributes: 'one' }])
    const found = await suite.store().traces.resources(tenant, ['00000000000000ff', 'eeeeeeeeeeeeeeee', 'no id'])
    expect([...found].map(([id, bytes]) => [id, Buffer.from(bytes).toString()])).toEqual([['00000000000000ff', '\x0a\x00binary']])
    expect(await suite.store().traces.resources(tenant, [])).toEqual(new Map())
  })
}

function linkLaws(suite: Suite): void {
  const TARGET = '41'.repeat(16)
  const link = (from: string, to: string, more: HandRow = {}): HandRow => ({
    bucket: NOON_MS,
    ts: ns(NOON_MS + 1),
    trace_id: from.repeat(32),
    span_id: from.repeat(16),
    linked_trace: to,
    linked_span: '0a'.repeat(8),
    name: `do ${from}`,
    ...more,
  })

  test('spans of other traces that link to a trace are found whenever they were, each once with all that it names', async () => {
    const tenant = suite.fresh('tenant')
    const far = { bucket: NOON_MS - 40 * 86_400_000, ts: ns(NOON_MS - 40 * 86_400_000) }
    const rows = [link('2', TARGET, { service: 'mailer' }), link('2', TARGET, { linked_span: '0b'.repeat(8), service: 'mailer' })]
    await insertRows(suite, 'span_links', tenant, [...rows, link('4', '42'.repeat(16)), link('5', TARGET, far), { ...link('4', TARGET), trace_id: TARGET }])
    await insertRows(suite, 'span_links', tenant, rows)
    const ask = suite.store().traces.linking
    const [first, second, ...rest] = await ask(tenant, TARGET, 10)
    expect(first).toMatchObject({ traceId: '5'.repeat(32), startNs: String(far.ts), to: ['0a'.repeat(8)] })
    expect(second).toMatchObject({ traceId: '2'.repeat(32), spanId: '2'.repeat(16), name: 'do 2', service: 'mailer', to: ['0a'.repeat(8), '0b'.repeat(8)] })
    expect(rest).toEqual([])
    expect(await ask(tenant, TARGET, 1)).toHaveLength(1)
    for (const none of ['2'.repeat(32), 'no id', '']) expect(await ask(tenant, none, 10)).toEqual([])
    expect(await ask(suite.fresh('tenant'), TARGET, 10)).toEqual([])
  })

  test('owners of links are those that had arrived for certain, so many for each trace, also of the trace itself', async () => {
    const tenant = suite.fresh('tenant')
    const other = '43'.repeat(16)
    await insertRows(suite, 'span_links', tenant, [
      link('2', TARGET),
      link('3', TARGET, { late: 600, ts: ns(NOON_MS) }),
      link('4', other, { ts: ns(NOON_MS + 2) }),
      { ...link('5', other, { ts: ns(NOON_MS + 3) }), trace_id: other },
    ])
    const ask = async (beforeMs: number, ownersPerTrace: number): Promise<string[]> => {
      const found = await suite.store().traces.linkOwners({ tenant, traceIds: [TARGET, other, 'no id'], beforeMs, ownersPerTrace })
      return found.map(({ linkedTraceId, traceId, startMs }) => `${linkedTraceId[1]} ${traceId[0]} ${startMs - NOON_MS}`)
    }
    expect(await ask(NOON_MS + 60_001, 10)).toEqual([])
    expect(await ask(NOON_MS + 60_004, 10)).toEqual(['1 2 1', '3 4 2', '3 4 3'])
    expect(await ask(NOON_MS + 600_001, 10)).toEqual(['1 3 0', '1 2 1', '3 4 2', '3 4 3'])
    expect(await ask(NOON_MS + 600_001, 1)).toEqual(['1 3 0', '3 4 2'])
  })
}

function ns(ms: number): bigint {
  return BigInt(ms) * 1_000_000n
}

/** Four bytes of an id as the number that the block holds. */
function littleEndian(hex: string): number {
  return Buffer.from(hex, 'hex').readUInt32LE()
}
