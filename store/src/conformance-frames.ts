import { histogramBucketNs } from '@skein/schemas/histogram'
import { expect, test } from 'vitest'
import type { Suite } from './conformance-suite.ts'
import { type HandRow, insertRows } from './conformance-rows.ts'

const MINUTE_MS = 60_000
const START_MS = Date.UTC(2026, 0, 2, 20)
const [ONE, TWO, THREE] = ['0000000000000001', 'fedcba9876543210', '00000000000000ff'] as const

/** Steps of a window say what its minutes say. */
export function frameLaws(suite: Suite): void {
  test('frames have the calls, errors and p95 of each step and group, and steps without calls are none', async () => {
    const tenant = suite.fresh('tenant')
    await plant(suite, tenant, [
      edge(0, ONE, { calls: 4, errors: 1, client: [[320, 4]] }),
      edge(0, TWO, { calls: 2, server: [[640, 2]] }),
      edge(2, ONE, { calls: 1 }),
      edge(2, THREE, { calls: 9, client: [[100, 9]] }),
      edge(3, ONE, { calls: 5 }),
      edge(3, ONE, { calls: -5 }),
    ])
    expect(await framesOf(suite, tenant, { step: 60, groups: [[ONE], [TWO]] })).toEqual([
      [0, [4, 2], [1, 0], [histogramBucketNs(320), histogramBucketNs(640)]],
      [2, [1, 0], [0, 0], [Number.NaN, Number.NaN]],
    ])
    expect(await framesOf(suite, tenant, { step: 60, groups: [[ONE, THREE]] })).toEqual([
      [0, [4], [1], [histogramBucketNs(320)]],
      [2, [10], [0], [histogramBucketNs(100)]],
    ])
    expect(await framesOf(suite, tenant, { step: 60, groups: [] })).toEqual([])
  })

  test.each([60, 300, 600, 3600])('steps of %i s add up to the window, and their p95 is that of all their calls', async (step) => {
    const tenant = suite.fresh('tenant')
    const rows = Array.from({ length: 150 }, (_, minute) =>
      edge(minute, minute % 3 === 0 ? TWO : ONE, { calls: 1 + (minute % 7), client: [[300 + minute, 1]] }),
    )
    await plant(suite, tenant, rows)
    const frames = await framesOf(suite, tenant, { step, groups: [[THREE], [ONE, TWO]] })
    const expected = Array.from({ length: Math.ceil((150 * 60) / step) }, (_, at) => rows.slice((at * step) / 60, ((at + 1) * step) / 60))
    expect(frames.map(([minute]) => minute)).toEqual(expected.map((_, at) => (at * step) / 60))
    expect(frames.map(([, calls]) => calls[1])).toEqual(expected.map((own) => own.reduce((sum, row) => sum + Number(row['calls']), 0)))
    const apart = await framesOf(suite, tenant, { step, groups: [[ONE], [TWO]] })
    expect(apart.map(([, [one = 0, two = 0]]) => one + two)).toEqual(frames.map(([, calls]) => calls[1]))
    for (const [at, [, , , p95]] of frames.entries()) {
      const minutes = expected[at]?.length ?? 0
      expect(p95[1]).toBe(histogramBucketNs(300 + (at * step) / 60 + Math.ceil(0.95 * minutes) - 1))
    }
  })

  test.each([60, 300])('a late correction changes its step of %i s alone', async (step) => {
    const tenant = suite.fresh('tenant')
    await plant(suite, tenant, [edge(1, ONE, { calls: 3 }), edge(8, ONE, { calls: 5 })])
    const calls = async () => (await framesOf(suite, tenant, { step, groups: [[ONE]] })).map(([minute, [count]]) => [minute, count])
    const at = (minute: number): number => minute - (minute % (step / 60))
    expect(await calls()).toEqual([
      [at(1), 3],
      [at(8), 5],
    ])
    for (const left of [2, 1]) {
      await plant(suite, tenant, [edge(1, ONE, { calls: -1 })])
      expect(await calls()).toEqual([
        [at(1), left],
        [at(8), 5],
      ])
    }
  })
}

type Frame = [minute: number, calls: number[], errors: number[], p95Ns: number[]]

async function framesOf(suite: Suite, tenant: string, { step, groups }: { step: number; groups: readonly (readonly string[])[] }): Promise<Frame[]> {
  const window = { tenant, startMs: START_MS, endMs: START_MS + 150 * MINUTE_MS }
  const frames = await suite.store().topology.edgeFrames(window, step, groups)
  return frames.map(({ timeMs, calls, errors, p95Ns }) => [(timeMs - START_MS) / MINUTE_MS, [...calls], [...errors], [...p95Ns]])
}

function edge(minute: number, id: string, more: HandRow): HandRow {
  return { minute: START_MS + minute * MINUTE_MS, edge_id: BigInt(`0x${id}`), source_name: 'a', target_name: id, ...more }
}

function plant(suite: Suite, tenant: string, rows: readonly HandRow[]): Promise<void> {
  return insertRows(suite, 'edges', tenant, rows)
}
