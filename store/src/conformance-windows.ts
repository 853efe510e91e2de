import { addHistograms, histogramOf, NO_HISTOGRAM, plainHistogram } from '@skein/schemas/histogram'
import { expect, test } from 'vitest'
import type { Suite } from './conformance-suite.ts'
import { type HandRow, insertRows } from './conformance-rows.ts'

const MINUTE_MS = 60_000
const START_MS = Date.UTC(2026, 0, 2, 20)
const MINUTES = 130

/** Answers kept by segment say what the rows say, whatever came when. */
export function windowLaws(suite: Suite): void {
  test('a late correction inside a window that was answered is seen at once, in every window and after merges', async () => {
    const tenant = suite.fresh('tenant')
    await insertRows(suite, 'edges', tenant, [edge(7, 1, 10), edge(70, 1, 5)])
    expect(await callsOf(suite, tenant, 0, 120)).toEqual([15])
    await insertRows(suite, 'edges', tenant, [edge(7, 1, -4), edge(8, 2, 1)])
    expect(await callsOf(suite, tenant, 0, 120)).toEqual([11, 1])
    expect(await callsOf(suite, tenant, 5, 10)).toEqual([6, 1])
    await suite.run('OPTIMIZE TABLE edges FINAL')
    expect(await callsOf(suite, tenant, 0, 120)).toEqual([11, 1])
    await insertRows(suite, 'edges', tenant, [edge(8, 2, -1)])
    expect(await callsOf(suite, tenant, 0, 120)).toEqual([11])
    expect(await callsOf(suite, tenant, 8, 9)).toEqual([])
  })

  test('marks are the same before and after a merge, and different after a row that takes another one back', async () => {
    const tenant = suite.fresh('tenant')
    const marks = (): Promise<unknown[][]> => suite.run(`SELECT toString(sum(mark)) FROM edges WHERE tenant = '${tenant}'`)
    for (const calls of [3, 4, 5]) await insertRows(suite, 'edges', tenant, [edge(1, 1, calls)])
    const before = await marks()
    await suite.run('OPTIMIZE TABLE edges FINAL')
    expect(await marks()).toEqual(before)
    await insertRows(suite, 'edges', tenant, [edge(1, 1, 1)])
    await insertRows(suite, 'edges', tenant, [edge(1, 1, -1)])
    expect(await marks()).not.toEqual(before)
  })

  test('an answered window of one tenant is nothing to another, and each has its own', async () => {
    const [one, other, nobody] = [suite.fresh('tenant'), suite.fresh('tenant'), suite.fresh('tenant')]
    await insertRows(suite, 'edges', one, [edge(1, 1, 1)])
    await insertRows(suite, 'edges', other, [edge(1, 1, 2)])
    for (let again = 0; again < 2; again++) {
      expect([await callsOf(suite, one, 0, 60), await callsOf(suite, other, 0, 60), await callsOf(suite, nobody, 0, 60)]).toEqual([[1], [2], []])
    }
  })

  test('services, instances, addresses and exemplars that come late are seen at once', async () => {
    const tenant = suite.fresh('tenant')
    const window = windowOf(tenant, 0, 60)
    const { services, topology } = suite.store()
    const add = async (minute: number, calls: number, name: string): Promise<void> => {
      const at = { minute: START_MS + minute * MINUTE_MS, service: 'tv' }
      await insertRows(suite, 'red', tenant, [{ ...at, calls, duration: [[50, calls]] }])
      await insertRows(suite, 'instances', tenant, [{ ...at, instance: name, addresses: [name] }])
      await insertRows(suite, 'exemplars', tenant, [{ minute: at.minute, edge_id: 1n, trace_id: 'aa', span_id: name, duration: calls, ts: at.minute }])
    }
    await add(3, 10, 'a1')
    expect(await services.services(window)).toMatchObject([{ service: 'tv', calls: 10, instances: 1 }])
    expect(await topology.exemplars(window, 1)).toMatchObject([{ durationNs: 10 }])
    await add(4, 20, 'a2')
    expect(await services.services(window)).toMatchObject([{ service: 'tv', calls: 30, instances: 2 }])
    expect((await services.addresses(window)).map(({ address }) => address)).toEqual(['a1', 'a2'])
    expect(await topology.exemplars(window, 1)).toMatchObject([{ durationNs: 20 }])
  })

  test('an hour that was read ahead shows what came late, in it and in a longer window, and nothing to another tenant', async () => {
    const [tenant, other] = [suite.fresh('tenant'), suite.fresh('tenant')]
    const { services, topology } = suite.store()
    const readAhead = async (of: string): Promise<void> => {
      await topology.readAhead(windowOf(of, 0, 60))
      await services.readAhead(windowOf(of, 0, 60))
    }
    const add = async (minute: number, calls: number): Promise<void> => {
      const at = { minute: START_MS + minute * MINUTE_MS, service: 'tv' }
      await insertRows(suite, 'edges', tenant, [edge(minute, 1, calls)])
      await insertRows(suite, 'red', tenant, [{ ...at, calls }])
      await insertRows(suite, 'exemplars', tenant, [{ minute: at.minute, edge_id: 1n, trace_id: 'aa', span_id: `${calls}`, duration: calls, ts: at.minute }])
    }
    await add(7, 10)
    for (const late of [20, 40]) {
      await Promise.all([readAhead(tenant), readAhead(other)])
      await add(8, late)
      const calls = late === 20 ? 30 : 70
      for (const minutes of [60, 120]) {
        const window = windowOf(tenant, 0, minutes)
        expect(await callsOf(suite, tenant, 0, minutes)).toEqual([calls])
        expect(await services.services(window)).toMatchObject([{ service: 'tv', calls }])
        expect(await topology.exemplars(window, 1)).toMatchObject([{ durationNs: late }])
      }
    }
    expect(await callsOf(suite, other, 0, 120)).toEqual([])
  })

  test('any window adds up to its rows, in any order of windows and side by side', async () => {
    const tenant = suite.fresh('tenant')
    const rows = Array.from({ length: 300 }, (_, at) => ({ minute: (at * 37) % MINUTES, id: 1 + (at % 7), calls: 1 + (at % 5), bucket: ((at * 13) % 90) - 1 }))
    await insertRows(
      suite,
      'edges',
      tenant,
      rows.map(({ minute, id, calls, bucket }) => ({ ...edge(minute, id, calls), operation: `${bucket}`, client: [[bucket, calls]] })),
    )
    const windows = [
      [0, 130],
      [3, 64],
      [59, 121],
      [60, 120],
      [7, 8],
      [5, 10],
      [3, 64],
      [4, 65],
      [0, 130],
    ] as const
    const answers = await Promise.all(windows.map(([from, to]) => suite.store().topology.edges(windowOf(tenant, from, to))))
    for (const [at, [from, to]] of windows.entries()) {
      const inside = rows.filter(({ minute }) => minute >= from && minute < to)
      const sum = (id: number) => ({
        calls: inside.filter((row) => row.id === id).reduce((calls, row) => calls + row.calls, 0),
        client: plainHistogram(
          inside.filter((row) => row.id === id).reduce((client, row) => addHistograms(client, histogramOf([[row.bucket, row.calls]])), NO_HISTOGRAM),
        ),
      })
      const found = (answers[at] ?? [])
        .toSorted((a, b) => (a.edgeId < b.edgeId ? -1 : 1))
        .map(({ edgeId, calls, client }) => [Number(edgeId), { calls, client: plainHistogram(client) }])
      expect(found).toEqual([...new Set(inside.map(({ id }) => id))].sort((a, b) => a - b).map((id) => [id, sum(id)]))
    }
  })
}

function edge(minute: number, id: number, calls: number): HandRow {
  return { minute: START_MS + minute * MINUTE_MS, edge_id: BigInt(id), kind: 'http', source_kind: 'service', source_name: 'tv', operation: 'a', calls }
}

function windowOf(tenant: string, fromMinute: number, toMinute: number) {
  return { tenant, startMs: START_MS + fromMinute * MINUTE_MS, endMs: START_MS + toMinute * MINUTE_MS }
}

/** Calls of each edge, by id. */
async function callsOf(suite: Suite, tenant: string, fromMinute: number, toMinute: number): Promise<number[]> {
  const edges = await suite.store().topology.edges(windowOf(tenant, fromMinute, toMinute))
  return edges.toSorted((a, b) => (a.edgeId < b.edgeId ? -1 : 1)).map(({ calls }) => calls)
}
