import { expect, test } from 'vitest'
import { encodeAttribute, encodeRest } from './attribute-text.ts'
import type { Suite } from './conformance-suite.ts'
import { type HandRow, insertRows } from './conformance-rows.ts'
import type { PointSearch } from './contract-traces.ts'
import type { TraceSelection } from './contract-comparison.ts'
import type { TableName } from './tables.ts'

const NOON_MS = Date.UTC(2026, 0, 2, 12)
const BUCKET_MS = 300_000
const NONE: TraceSelection = { attributes: [] }

interface PlantedTrace {
  /** Seconds after noon. */
  at: number
  durationMs?: number
  errors?: number
  spans: { service?: string; name?: string; status?: number; items?: string[]; rest?: string[]; resource?: bigint; at?: number }[]
}

/** Two sides of a search, and what stands in how many traces of each. */
export function comparisonLaws(suite: Suite): void {
  test('a box, a failure or an attribute selects whole traces, and the others are the rest', async () => {
    const search = await plant(suite, [
      { at: 10, durationMs: 500, errors: 1, spans: [{ status: 2 }, { items: ['v=2'] }] },
      { at: 20, durationMs: 40, spans: [{ items: ['v=2'] }] },
      { at: 400, durationMs: 500, spans: [{ rest: ['v=2'] }] },
      { at: 500, durationMs: 30, spans: [{ items: ['v=1'] }] },
    ])
    const sides = async (selection: Partial<TraceSelection>): Promise<number[]> => {
      const { selected, rest, selectedOfAll, restOfAll } = await suite.store().traces.differences(search, { ...NONE, ...selection }, 10)
      expect([selectedOfAll, restOfAll]).toEqual([selected, rest])
      return [selected, rest]
    }
    expect(await sides({ minDurationNs: 100e6 })).toEqual([2, 2])
    expect(await sides({ minDurationNs: 100e6, startMs: NOON_MS + 399_999, endMs: NOON_MS + 400_001 })).toEqual([1, 3])
    expect(await sides({ startMs: NOON_MS + 400_001, maxDurationNs: 1e9 })).toEqual([1, 3])
    expect(await sides({ error: true })).toEqual([1, 3])
    expect(await sides({ error: false, maxDurationNs: 100e6 })).toEqual([2, 2])
    expect(await sides({ attributes: [{ key: 'v', value: '2' }] })).toEqual([3, 1])
    expect(await sides({ attributes: [{ key: 'v', value: '9' }] })).toEqual([0, 4])
    expect(await sides({})).toEqual([4, 0])
  })

  test('what stands in a trace counts once for it, however many of its spans have it', async () => {
    const search = await plant(suite, [
      {
        at: 1,
        durationMs: 500,
        spans: [
          { service: 'tv', items: ['v=2', 'n#5'] },
          { service: 'epg', items: ['v=2'], name: 'q' },
        ],
      },
      { at: 2, durationMs: 600, spans: [{ service: 'tv', items: ['v=2'], rest: ['id=own-1'], at: 301 }] },
      { at: 3, durationMs: 5, spans: [{ service: 'tv', items: ['v=1'], rest: ['id=own-2'] }] },
      { at: 4, durationMs: 5, spans: [{ service: 'tv', items: ['v=1', 'n#5'], status: 2 }] },
    ])
    const found = await suite.store().traces.differences(search, { ...NONE, minDurationNs: 100e6 }, 10)
    expect(found.pairs.filter(({ of }) => of === 'attribute').map(({ key, value, selected, rest }) => [key, value, selected, rest])).toEqual([
      ['v', '1', 0, 2],
      ['v', '2', 2, 0],
      ['n', 5, 1, 1],
    ])
    expect(found.pairs.filter(({ of }) => of !== 'attribute').map(({ of, value, selected, rest }) => [of, value, selected, rest])).toEqual([
      ['status', 'unset', 2, 1],
      ['operation', 'op', 2, 2],
      ['service', 'tv', 2, 2],
    ])
    expect(found.keys.toSorted((a, b) => (a.key < b.key ? -1 : 1))).toEqual([
      { key: 'id', selected: 1, rest: 1 },
      { key: 'n', selected: 1, rest: 1 },
      { key: 'v', selected: 2, rest: 2 },
    ])
  })

  test('keys and values of any text come back as they were', async () => {
    const odd = encodeAttribute('a=b#\x1e?:', 'x\x1ey=\x1d')
    const search = await plant(suite, [
      { at: 1, durationMs: 500, spans: [{ items: [odd] }] },
      { at: 2, durationMs: 500, spans: [{ rest: [odd] }] },
      { at: 3, durationMs: 1, spans: [{}] },
    ])
    const { pairs, keys } = await suite.store().traces.differences(search, { ...NONE, minDurationNs: 100e6 }, 10)
    expect(pairs.find(({ of }) => of === 'attribute')).toEqual({ of: 'attribute', key: 'a=b#\x1e?:', value: 'x\x1ey=\x1d', selected: 2, rest: 0 })
    expect(keys).toEqual([{ key: 'a=b#\x1e?:', selected: 2, rest: 0 }])
  })

  test('what stands in traces is counted in a sample of them, drawn by lot, keys of unlike values too', async () => {
    const search = await plant(suite, [
      {
        at: 1,
        spans: [
          { service: 'tv', items: ['v=2'], rest: ['id=own-1'], resource: 1n },
          { service: 'epg', items: ['v=2'], status: 2 },
        ],
      },
      { at: 2, spans: [{ service: 'tv', items: ['v=1'], rest: ['id=own-2'], resource: 1n }] },
      { at: 3, spans: [{ service: 'radio', items: ['v=1', 'n#5'] }] },
    ])
    const { traces } = suite.store()
    const all = await traces.attributes(search, 10)
    const said = (of: string) => all.pairs.filter((pair) => pair.of === of).map((pair) => [pair.key, pair.value, pair.traces])
    expect([all.traces, all.ofAll]).toEqual([3, 3])
    expect(said('attribute')).toEqual([
      ['v', '1', 2],
      ['id', 'own-1', 1],
      ['id', 'own-2', 1],
      ['n', 5, 1],
      ['v', '2', 1],
    ])
    expect(said('service').map(([, value, count]) => [value, count])).toEqual([
      ['tv', 2],
      ['epg', 1],
      ['radio', 1],
    ])
    expect(said('status').map(([, value, count]) => [value, count])).toEqual([
      ['unset', 3],
      ['error', 1],
    ])
    expect(all.keys).toEqual([
      { key: 'v', traces: 3 },
      { key: 'id', traces: 2 },
      { key: 'n', traces: 1 },
    ])
    expect(all.resources.map(({ fingerprint, traceIds }) => [fingerprint.slice(-1), traceIds.length])).toEqual([
      ['0', 2],
      ['1', 2],
    ])
    expect(await traces.attributes({ ...search, service: 'radio' }, 10)).toMatchObject({ traces: 1, ofAll: 1 })
    expect(await traces.attributes(search, 2)).toMatchObject({ traces: 2, ofAll: 3 })
    expect(await traces.attributes(search, 2)).toEqual(await traces.attributes(search, 2))
  })

  test('resources name the traces they took part in', async () => {
    const search = await plant(suite, [
      { at: 1, durationMs: 500, spans: [{ resource: 1n }, { resource: 2n }] },
      { at: 2, durationMs: 1, spans: [{ resource: 2n }, { resource: 2n }] },
    ])
    const { resources } = await suite.store().traces.differences(search, { ...NONE, minDurationNs: 100e6 }, 10)
    expect(resources.map(({ fingerprint, selected, rest }) => [fingerprint.slice(-1), selected.length, rest.length])).toEqual([
      ['2', 1, 1],
      ['1', 1, 0],
    ])
  })

  test('a search narrows both sides; more traces than are looked at are drawn by lot, the same each time', async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ at, durationMs: at % 2 === 0 ? 500 : 1, spans: [{ service: at < 40 ? 'tv' : 'epg' }] }))
    const search = await plant(suite, many)
    const first = await suite.store().traces.differences({ ...search, service: 'tv' }, { ...NONE, minDurationNs: 100e6 }, 8)
    expect(first).toMatchObject({ selected: 8, rest: 8, selectedOfAll: 20, restOfAll: 20 })
    expect(await suite.store().traces.differences({ ...search, service: 'tv' }, { ...NONE, minDurationNs: 100e6 }, 8)).toEqual(first)
  })
}

async function plant(suite: Suite, traces: readonly PlantedTrace[]): Promise<PointSearch> {
  const tenant = suite.fresh('tenant')
  const idOf = (at: number): string => (at + 1).toString(16).padStart(32, '0')
  const insert = (table: TableName, rows: readonly HandRow[]): Promise<void> => insertRows(suite, table, tenant, rows)
  const bucketOf = (second: number): number => Math.floor((NOON_MS + second * 1000) / BUCKET_MS) * BUCKET_MS
  const spans = traces.flatMap((trace, at) => trace.spans.map((span, index) => ({ trace, at, span, index, second: span.at ?? trace.at })))
  await insert(
    'traces',
    spans.map(({ trace, at, second }) => ({
      bucket: bucketOf(second),
      trace_id: idOf(at),
      start_ns: ns(NOON_MS + trace.at * 1000),
      end_ns: ns(NOON_MS + trace.at * 1000 + (trace.durationMs ?? 1)),
      spans: 1,
      errors: trace.errors ?? 0,
    })),
  )
  await insert(
    'trace_services',
    spans.map(({ at, span, second }) => ({ bucket: bucketOf(second), trace_id: idOf(at), service: span.service ?? 'tv' })),
  )
  await insert(
    'spans',
    spans.map(({ at, span, index, second }) => ({
      bucket: bucketOf(second),
      ts: ns(NOON_MS + second * 1000),
      trace_id: idOf(at),
      span_id: index.toString(16).padStart(16, '0'),
      name: span.name ?? 'op',
      service: span.service ?? 'tv',
      status: span.status ?? 0,
      resource_fp: span.resource ?? 0n,
      items: span.items ?? [],
      rest: encodeRest(span.rest ?? []),
    })),
  )
  return { tenant, startMs: NOON_MS, endMs: NOON_MS + 600_000, attributes: [] }
}

function ns(ms: number): bigint {
  return BigInt(ms) * 1_000_000n
}
