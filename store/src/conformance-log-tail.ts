import { logLineId } from '@skein/schemas/log'
import { expect, test } from 'vitest'
import { BODIES, bucketOf, idsOf, LINES, MINUTE_MS, searchOf, START_MS } from './conformance-log-lines.ts'
import { insertRows } from './conformance-rows.ts'
import type { Suite } from './conformance-suite.ts'
import type { TailPosition } from './contract-logs.ts'

const SECOND_MS = 1000

/** What a tail is given. */
export function logTailLaws(suite: Suite): void {
  /** A range of a partition as ingest inserts it: the lines, then that it is there. */
  const insertRange = async (tenant: string, range: { partition: number; offset: number; receivedMs: number; times: readonly number[] }): Promise<string[]> => {
    const { partition, offset, receivedMs, times } = range
    const rows = times.map((timeMs, place) => {
      const seq = (BigInt(partition) << 56n) + (BigInt(offset) << 20n) + BigInt(place)
      return {
        ...LINES[place]?.row,
        bucket: bucketOf(timeMs),
        ts: BigInt(timeMs) * 1_000_000n,
        seq,
        received: receivedMs,
        service: 'epg',
      }
    })
    await insertRows(suite, 'logs', tenant, rows)
    await insertRows(suite, 'ranges', tenant, [
      { received: receivedMs, range: `r${partition}:${offset}`, topic: 'skein.logs', partition, first: offset, last: offset, visible: rows.length },
    ])
    return rows.map(({ ts, seq }) => logLineId(ts, seq))
  }

  test('a tail gives every line that is inserted behind its position once, whatever its time', async () => {
    const tenant = suite.fresh('tenant')
    const now = START_MS
    await insertRange(tenant, { partition: 0, offset: 5, receivedMs: now, times: [now] })
    let position: TailPosition = await suite.store().logs.newestPosition(tenant, now - MINUTE_MS)
    expect([...position.partitions]).toEqual([[0, { offset: 5, receivedMs: now }]])
    const step = async () => {
      const answer = await suite.store().logs.tail(tenant, position, { search: null, limit: 100 })
      position = answer.position
      return answer
    }
    expect(await step()).toMatchObject({ rows: [], left: 0, seen: 0, oldestMs: null })
    const old = await insertRange(tenant, { partition: 0, offset: 6, receivedMs: now + 500, times: [now - 20 * MINUTE_MS, now + 400] })
    const other = await insertRange(tenant, { partition: 200, offset: 0, receivedMs: now - 30 * SECOND_MS, times: [now - SECOND_MS] })
    const first = await step()
    expect(idsOf(first.rows).toSorted()).toEqual([...old, ...other].toSorted())
    expect([first.oldestMs, first.seen]).toEqual([now - 30 * SECOND_MS, 3])
    expect((await step()).rows).toEqual([])
    const late = await insertRange(tenant, { partition: 200, offset: 1, receivedMs: now - 20 * SECOND_MS, times: [now, now - 2 * 3_600_000] })
    expect(idsOf((await step()).rows).toSorted()).toEqual(late.toSorted())
  })

  test('a tail has the lines its search finds, and counts those beyond its limit', async () => {
    const tenant = suite.fresh('tenant')
    const position = await suite.store().logs.newestPosition(tenant, START_MS)
    await insertRange(tenant, { partition: 1, offset: 0, receivedMs: START_MS + 1, times: [START_MS, START_MS + 1, START_MS + 2] })
    const found = await suite.store().logs.tail(tenant, position, { search: searchOf('failed'), limit: 100 })
    expect([found.rows.map(({ body }) => body), found.seen]).toEqual([[BODIES[0], BODIES[2]], 3])
    expect(await suite.store().logs.tail(tenant, position, { search: null, limit: 2 })).toMatchObject({ left: 1 })
  })
}
