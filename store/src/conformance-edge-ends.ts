import { expect, test } from 'vitest'
import { insertRows } from './conformance-rows.ts'
import type { Suite } from './conformance-suite.ts'

const HOUR_MS = 1_767_304_800_000
const MINUTE_MS = 60_000
const EDGE = '0123456789abcdef'
const OTHER = 'fedcba9876543210'
const ids = { [EDGE]: 0x0123_4567_89ab_cdefn, [OTHER]: 0xfedc_ba98_7654_3210n }

/** Laws of what stands at the ends of edges, and of spans that are asked for again. */
export function edgeEndLaws(suite: Suite): void {
  test('instances of an edge are those of a window, each side busiest first, with what was taken back taken back', async () => {
    const tenant = suite.fresh('tenant')
    const row = (minute: number, side: string, instance: string, calls: number) => ({
      minute,
      edge_id: ids[EDGE]!,
      side,
      instance,
      calls,
      duration: [[100, calls]] as const,
    })
    await insertRows(suite, 'edge_instances', tenant, [
      row(HOUR_MS, 'target', 'a', 1),
      row(HOUR_MS + MINUTE_MS, 'target', 'b', 5),
      row(HOUR_MS, 'source', 'c', 2),
      { ...row(HOUR_MS, 'target', 'gone', 3) },
      { ...row(HOUR_MS, 'target', 'gone', -3) },
      row(HOUR_MS + 2 * MINUTE_MS, 'target', 'later', 9),
      { ...row(HOUR_MS, 'target', 'elsewhere', 9), edge_id: ids[OTHER]! },
    ])
    const window = { tenant, startMs: HOUR_MS, endMs: HOUR_MS + 2 * MINUTE_MS }
    const rows = await suite.store().topology.edgeInstances(window, [EDGE], 10)
    expect(rows.map(({ side, instance, calls }) => [side, instance, calls])).toEqual([
      ['source', 'c', 2],
      ['target', 'b', 5],
      ['target', 'a', 1],
    ])
    // Bucket 100 of scale 2 lies between 2^25 and 2^25.25 ns.
    expect(rows.every(({ p95 }) => p95 !== null && p95 > 2 ** 25 && p95 < 2 ** 25.25)).toBe(true)
    const [source, target] = [
      { instances: 1, calls: 2 },
      { instances: 2, calls: 6 },
    ]
    expect((await suite.store().topology.edgeInstances(window, [EDGE], 1)).map(({ instance, ofSide }) => ({ instance, ofSide }))).toMatchObject([
      { instance: 'c', ofSide: source },
      { instance: 'b', ofSide: target },
    ])
  })

  test('a viewer counts once over minutes, hours and edges that are one', async () => {
    const tenant = suite.fresh('tenant')
    const seen = (minuteMs: number, edge: bigint, viewers: string[]) =>
      [60, 3600].map((step) => ({ minute: Math.floor(minuteMs / (step * 1000)) * step * 1000, step, edge_id: edge, viewers }))
    await insertRows(suite, 'edge_viewers', tenant, [
      ...seen(HOUR_MS - MINUTE_MS, ids[EDGE]!, ['1', '2']),
      ...seen(HOUR_MS, ids[EDGE]!, ['2', '3']),
      ...seen(HOUR_MS + 59 * MINUTE_MS, ids[EDGE]!, ['3', '4']),
      ...seen(HOUR_MS + 60 * MINUTE_MS, ids[EDGE]!, ['5']),
      ...seen(HOUR_MS, ids[OTHER]!, ['2', '9']),
    ])
    const { topology } = suite.store()
    const of = async (fromMinutes: number, toMinutes: number) =>
      (await topology.viewers({ tenant, startMs: HOUR_MS + fromMinutes * MINUTE_MS, endMs: HOUR_MS + toMinutes * MINUTE_MS })).get(EDGE)
    expect([await of(-1, 1), await of(0, 60), await of(-1, 61), await of(1, 59), await of(59, 61)]).toEqual([3, 3, 5, undefined, 3])
    const window = { tenant, startMs: HOUR_MS - MINUTE_MS, endMs: HOUR_MS + 61 * MINUTE_MS }
    expect(await topology.viewersOfGroups(window, [[], [EDGE, OTHER]])).toEqual([0, 6])
    expect(await topology.viewersOfGroups(window, [[EDGE], [OTHER]])).toEqual([5, 2])
  })

  test('very many viewers are counted to within 5 %', async () => {
    const tenant = suite.fresh('tenant')
    const viewers = Array.from({ length: 20_000 }, (_, i) => String((BigInt(i + 1) * 0x9e37_79b9_7f4a_7c15n) & 0xffff_ffff_ffff_ffffn))
    await insertRows(suite, 'edge_viewers', tenant, [{ minute: HOUR_MS, step: 60, edge_id: ids[EDGE]!, viewers }])
    const count = (await suite.store().topology.viewers({ tenant, startMs: HOUR_MS, endMs: HOUR_MS + MINUTE_MS })).get(EDGE) ?? 0
    expect(Math.abs(count / viewers.length - 1)).toBeLessThan(0.05)
  })

  test('a service is a proxy when any of its instances is one', async () => {
    const tenant = suite.fresh('tenant')
    await insertRows(suite, 'instances', tenant, [
      { minute: HOUR_MS, environment: 'prod', service: 'edge', instance: 'a' },
      { minute: HOUR_MS, environment: 'prod', service: 'edge', instance: 'b', proxy: 'nginx' },
      { minute: HOUR_MS, environment: 'prod', service: 'epg', instance: 'c' },
    ])
    const rows = await suite.store().topology.proxies({ tenant, startMs: HOUR_MS, endMs: HOUR_MS + MINUTE_MS })
    expect(rows).toEqual([{ environment: 'prod', cluster: '', namespace: '', service: 'edge', proxy: 'nginx' }])
  })

  test('stored spans are those that had arrived before a log time for certain, whatever came since', async () => {
    const tenant = suite.fresh('tenant')
    const trace = 'ab'.repeat(16)
    const span = (span_id: string, lateSeconds: number, more: Record<string, number | string> = {}) => ({
      ...{ bucket: HOUR_MS, ts: BigInt(HOUR_MS) * 1_000_000n, trace_id: trace, span_id, kind: 2, name: span_id, late: lateSeconds, ...more },
    })
    await insertRows(suite, 'spans', tenant, [span('01', 0, { weight: 4 }), span('02', 600), span('03', 601), { ...span('04', 0), trace_id: 'cd'.repeat(16) }])
    const lookUp = { tenant, traceIds: [trace, 'no id'], fromMs: HOUR_MS - 1000, toMs: HOUR_MS + 1000, spansPerTrace: 10 }
    const found = async (beforeMs: number) =>
      (await suite.store().traces.stored({ ...lookUp, beforeMs })).map(({ name, arrivedByMs, weight }) => [name, arrivedByMs - HOUR_MS, weight])
    expect(await found(HOUR_MS + 601_000)).toEqual([
      ['01', 60_000, 4],
      ['02', 600_000, 0],
    ])
    expect(await found(HOUR_MS + 60_000)).toEqual([])
    expect(await suite.store().traces.stored({ ...lookUp, traceIds: [], beforeMs: HOUR_MS })).toEqual([])
  })
}
