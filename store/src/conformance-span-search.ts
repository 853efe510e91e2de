import { expect, test } from 'vitest'
import type { Suite } from './conformance-suite.ts'
import { type HandRow, handBlock, insertRows } from './conformance-rows.ts'
import type { TraceSearch } from './contract-traces.ts'
import type { TableName } from './tables.ts'

const BUCKET_MS = 300_000
const NOON_MS = Date.UTC(2026, 0, 2, 12)

/** What is asked of a span is asked of one span. */
export function spanSearchLaws(suite: Suite): void {
  test('one span has the kind, status, duration, service and operation together', async () => {
    const search = await plant(suite, [
      [
        { service: 'tv', name: 'a', kind: 3, status: 2, duration: 50 },
        { service: 'tv', name: 'b', kind: 2, status: 1, duration: 5 },
      ],
      [{ service: 'tv', name: 'a', kind: 2, status: 0, duration: 50 }],
      [{ service: 'epg', name: 'a', kind: 3, status: 2, duration: 500 }],
    ])
    const found = async (more: Partial<TraceSearch>) =>
      (await suite.store().traces.search({ ...search, ...more })).map(({ traceId }) => Number(traceId)).sort((a, b) => a - b)
    expect(await found({ kind: 3 })).toEqual([0, 2])
    expect(await found({ kind: 3, service: 'tv' })).toEqual([0])
    expect(await found({ kind: 2, operation: 'a' })).toEqual([1])
    expect(await found({ status: 1 })).toEqual([0])
    expect(await found({ status: 1, operation: 'a' })).toEqual([])
    expect(await found({ minSpanNs: 50 })).toEqual([0, 1, 2])
    expect(await found({ minSpanNs: 50, maxSpanNs: 499 })).toEqual([0, 1])
    expect(await found({ maxSpanNs: 5 })).toEqual([0])
    expect(await found({ minSpanNs: 50, kind: 2, service: 'tv' })).toEqual([1])
  })

  test('an attribute is of the span or of the resource that sent it, of any type', async () => {
    const search = await plant(suite, [
      [
        { service: 'tv', name: 'a', resource_fp: 0xfn },
        { service: 'epg', name: 'b', items: ['pod=tv-1'] },
      ],
      [{ service: 'tv', name: 'b', resource_fp: 0xfn, items: ['v=1'] }],
      [{ service: 'tv', name: 'a', resource_fp: 0xen }],
      [{ service: 'tv', name: 'c', items: ['pod=tv-2'] }],
    ])
    const pod = (name: string): string => `\x0a\x0d\x0a\x03pod\x12\x06\x0a\x04${name}`
    const day = NOON_MS - (NOON_MS % 86_400_000)
    const resources = [
      { tenant: search.tenant, day, fp: 0xfn, attributes: `${pod('tv-1')}\x0a\x0a\x0a\x04beta\x12\x02\x10\x01` },
      { tenant: search.tenant, day, fp: 0xen, attributes: `${pod('tv-9')}\x0a\x0b\x0a\x05cores\x12\x02\x18\x04` },
      { tenant: suite.fresh('tenant'), day, fp: 0xen, attributes: pod('tv-8') },
    ]
    await suite.store().ingest.insert(`${suite.fresh('topic')}:0:0-9`, handBlock('resources', resources), false)
    const found = async (attributes: Record<string, string>, more: Partial<TraceSearch> = {}) => {
      const asked = { ...search, ...more, attributes: Object.entries(attributes).map(([key, value]) => ({ key, value })) }
      const ids = (await suite.store().traces.search(asked)).map(({ traceId }) => Number(traceId)).sort((a, b) => a - b)
      expect((await suite.store().traces.points(asked, 10)).points.map(({ traceId }) => Number(traceId)).sort((a, b) => a - b)).toEqual(ids)
      return ids
    }
    expect(await found({ pod: 'tv-1' })).toEqual([0, 1])
    expect(await found({ pod: 'tv-1' }, { operation: 'a' })).toEqual([0])
    expect(await found({ pod: 'tv-1', v: '1' })).toEqual([1])
    expect(await found({ v: '1', pod: 'tv-1' })).toEqual([1])
    expect(await found({ pod: 'tv-2' })).toEqual([3])
    expect(await found({ beta: 'true' })).toEqual([0, 1])
    expect(await found({ cores: '4' })).toEqual([2])
    expect(await found({ pod: 'tv-8' })).toEqual([])
    expect(await found({ pod: 'tv' })).toEqual([])
  })

  test('the names of a service are those of its spans, the most frequent first', async () => {
    const search = await plant(suite, [
      [
        { service: 'tv', name: 'a', kind: 3 },
        { service: 'tv', name: 'b', kind: 2 },
        { service: 'epg', name: 'c' },
      ],
      [{ service: 'tv', name: 'b', kind: 2 }],
    ])
    expect(await suite.store().traces.spanNames(search, 'tv', 10)).toEqual([
      { name: 'b', kind: 2 },
      { name: 'a', kind: 3 },
    ])
    expect(await suite.store().traces.spanNames(search, 'tv', 1)).toHaveLength(1)
  })
}

/** Traces numbered from 0, a second apart. */
async function plant(suite: Suite, traces: readonly (readonly HandRow[])[]): Promise<TraceSearch> {
  const tenant = suite.fresh('tenant')
  const insert = (table: TableName, rows: readonly HandRow[]): Promise<void> =>
    insertRows(
      suite,
      table,
      tenant,
      rows.map((row) => ({ bucket: NOON_MS, ...row })),
    )
  const idOf = (at: number): string => String(at).padStart(32, '0')
  const ns = (at: number): bigint => BigInt(NOON_MS + at * 1000) * 1_000_000n
  await insert(
    'traces',
    traces.map((spans, at) => ({ trace_id: idOf(at), start_ns: ns(at), end_ns: ns(at) + 1n, spans: spans.length })),
  )
  await insert(
    'spans',
    traces.flatMap((spans, at) => spans.map((span, index) => ({ ...span, trace_id: idOf(at), ts: ns(at), span_id: String(index).padStart(16, '0') }))),
  )
  return { tenant, startMs: NOON_MS, endMs: NOON_MS + BUCKET_MS, attributes: [], sort: 'newest', limit: 10 }
}
