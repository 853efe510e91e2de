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
    await insertRows(suite, 'spans', tenant, [linking, row('3', {}), row('4', { links: link('42'.repeat(16)) }), row('5', { links: link(ascii), bucket: far })])
    await insertRows(suite, 'spans', tenant, [linking])
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

function ns(ms: number): bigint {
  return BigInt(ms) * 1_000_000n
}

/** Four bytes of an id as the number that the block holds. */
function littleEndian(hex: string): number {
  return Buffer.from(hex, 'hex').readUInt32LE()
}
