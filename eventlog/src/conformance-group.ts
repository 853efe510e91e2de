import { expect, test } from 'vitest'
import { CONFORMANCE_PARTITIONS, createRecorder, everywhere, numbered, quiet, union, until } from './conformance-recorder.ts'
import type { EventLog } from './contract.ts'
import { OwnershipLostError } from './errors.ts'

/** Opens a log that the suite closes after the test. */
export type Open = (side?: 'append' | 'both') => Promise<EventLog>

const DEADLINE_MS = 10_000

/** Commits, notes, seeking and pausing. */
export function progressLaws(open: Open, freshTopic: () => string): void {
  test('a commit moves offset and note together, over the contiguous prefix, and both come back', async () => {
    const topic = freshTopic()
    const log = await open()
    await log.append(topic, numbered(0, 6))
    const before = createRecorder()
    const subscription = await log.consume([topic], 'notes', before.handler)
    await until(() => before.values(0).length === 6)
    await subscription.commit([{ topic, partition: 0, next: 2, note: 'plan 2-5' }])
    await subscription.commit([
      { topic, partition: 0, next: 3, note: `plan ${'ß'.repeat(2000)}` },
      { topic, partition: 1, next: 0, note: 'nothing yet' },
    ])
    await subscription.stop(DEADLINE_MS)
    const after = createRecorder()
    await log.consume([topic], 'notes', after.handler)
    await until(() => after.values(0).length >= 3 && after.owned().length === CONFORMANCE_PARTITIONS)
    expect(after.assignment(0)).toMatchObject({ committed: 3, note: `plan ${'ß'.repeat(2000)}`, earliest: 0 })
    expect(after.assignment(1)).toMatchObject({ committed: 0, note: 'nothing yet' })
    expect(after.assignment(2)).toMatchObject({ committed: null, note: null })
    expect(after.values(0)).toEqual([3, 4, 5])
  })

  test('what assigned returns is where reading starts', async () => {
    const topic = freshTopic()
    const log = await open()
    await log.append(topic, numbered(0, 6))
    const seen = createRecorder({ startAt: 4 })
    await log.consume([topic], 'seek', seen.handler)
    await until(() => seen.values(0).length === 2)
    expect(seen.values(0)).toEqual([4, 5])
  })

  test('a paused partition gets no run, and after resume nothing is lost or repeated', async () => {
    const topic = freshTopic()
    const log = await open()
    const seen = createRecorder()
    const subscription = await log.consume([topic], 'pause', seen.handler)
    await log.append(topic, numbered(0, 3))
    await until(() => seen.values(0).length === 3)
    subscription.pause(topic, 0)
    await log.append(topic, [...numbered(0, 3, 3), ...numbered(1, 3)])
    await until(() => seen.values(1).length === 3)
    await quiet()
    expect(seen.values(0)).toEqual([0, 1, 2])
    subscription.resume(topic, 0)
    await until(() => seen.values(0).length >= 6)
    expect(seen.values(0)).toEqual([0, 1, 2, 3, 4, 5])
  })
}

/** What happens when a group has a second member, or a broken one. */
export function membershipLaws(open: Open, freshTopic: () => string): void {
  test('a rebalance loses nothing: the second member goes on where the first committed', { timeout: 120_000 }, async () => {
    const topic = freshTopic()
    const log = await open()
    await log.append(topic, everywhere(0, 5))
    const first = createRecorder({ commitOnRevoke: true })
    first.subscription = await log.consume([topic], 'team', first.handler)
    await until(() => first.total() === 20)
    const second = createRecorder()
    second.subscription = await log.consume([topic], 'team', second.handler)
    await until(() => first.owned().length + second.owned().length === CONFORMANCE_PARTITIONS && second.owned().length > 0)
    await log.append(topic, everywhere(5, 5))
    await until(() => union(first, second).size === 40)
    expect(first.owned().filter((partition) => second.owned().includes(partition))).toEqual([])
    expect(union(first, second).size).toBe(40)
  })

  test('a commit of a partition that went to another owner is refused', { timeout: 120_000 }, async () => {
    const topic = freshTopic()
    const log = await open()
    await log.append(topic, everywhere(0, 1))
    const first = createRecorder()
    const stale = await log.consume([topic], 'fence', first.handler)
    await until(() => first.total() === 4)
    const second = createRecorder()
    await log.consume([topic], 'fence', second.handler)
    await until(() => second.owned().length > 0 && first.owned().length + second.owned().length === CONFORMANCE_PARTITIONS)
    const lost = second.owned()[0] as number
    await expect(stale.commit([{ topic, partition: lost, next: 1, note: '' }])).rejects.toBeInstanceOf(OwnershipLostError)
    expect((await log.lag([topic], 'fence'))[lost]?.committed ?? null).toBeNull()
  })

  test('lag is the distance from the commit to the end', async () => {
    const topic = freshTopic()
    const log = await open()
    await log.append(topic, numbered(0, 7))
    const seen = createRecorder()
    const subscription = await log.consume([topic], 'lag', seen.handler)
    await until(() => seen.values(0).length === 7)
    await subscription.commit([{ topic, partition: 0, next: 5, note: '' }])
    const lag = await log.lag([topic], 'lag')
    expect(lag[0]).toEqual({ topic, partition: 0, committed: 5, end: 7, lag: 2 })
    expect(lag[1]).toMatchObject({ committed: null, end: 0, lag: 0 })
  })

  test('a handler that rejects ends its subscription and says so', async () => {
    const topic = freshTopic()
    const log = await open()
    const seen = createRecorder({ failWith: new Error('handler broke') })
    const subscription = await log.consume([topic], 'broken', seen.handler)
    await log.append(topic, numbered(0, 1))
    await expect(subscription.failed).rejects.toThrow(/handler broke/)
  })
}
