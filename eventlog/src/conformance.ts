import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, test } from 'vitest'
import type { Assignment, ConsumeHandler, EventLog, StoredRecord, Subscription } from './contract.ts'
import { OwnershipLostError, RecordTooLargeError } from './errors.ts'

/** What a driver shows the suite. */
export interface ConformanceTarget {
  /** A log on the same storage each time; `append` opens without the right to consume where that is a role. */
  open(side: 'append' | 'both'): Promise<EventLog>
  /** A topic nobody used; the log gives it 4 partitions. */
  freshTopic(): string
  /** Argument of `conformance-child.ts`: a process that consumes a topic on the same storage. */
  childArgument(): Record<string, unknown>
  maxRecordBytes: number
}

const PARTITIONS = 4
const DEADLINE_MS = 10_000

/** The laws of `contract.ts`, for any driver. */
export function eventLogConformance(name: string, target: () => ConformanceTarget): void {
  describe(`${name} keeps the laws of the event log`, () => {
    const opened: EventLog[] = []
    const children: ChildProcess[] = []

    async function open(side: 'append' | 'both' = 'both'): Promise<EventLog> {
      const log = await target().open(side)
      opened.push(log)
      return log
    }

    afterEach(async () => {
      for (const child of children.splice(0)) child.kill('SIGKILL')
      for (const log of opened.splice(0)) await log.close(DEADLINE_MS)
    })

    laws(open, target)
    groupLaws(open, target)

    test('a consumer killed with -9 is redelivered from its committed offset, with the note', { timeout: 60_000 }, async () => {
      const topic = target().freshTopic()
      const first = await open('append')
      await first.append(topic, numbered(0, 10))
      const child = await killableConsumer(target, topic, children)
      child.kill('SIGKILL')
      await once(child, 'exit')
      await first.close(DEADLINE_MS)
      const log = await open()
      const seen = createRecorder()
      await log.consume([topic], 'killed', seen.handler)
      await until(() => seen.values(0).length >= 6)
      expect(seen.assignments.find(({ partition }) => partition === 0)).toMatchObject({ committed: 4, note: 'four done' })
      expect(seen.values(0)).toEqual([4, 5, 6, 7, 8, 9])
    })
  })
}

type Open = (side?: 'append' | 'both') => Promise<EventLog>

function laws(open: Open, target: () => ConformanceTarget): void {
  test('an acknowledged record is there after the log is closed and opened again', async () => {
    const topic = target().freshTopic()
    const first = await open()
    const positions = await first.append(topic, [record(0, 1), record(1, 2)])
    await first.close(DEADLINE_MS)
    const seen = createRecorder()
    await (await open()).consume([topic], 'durable', seen.handler)
    await until(() => seen.total() === 2)
    expect(positions).toEqual([
      { partition: 0, offset: 0 },
      { partition: 1, offset: 0 },
    ])
    expect([seen.values(0), seen.values(1)]).toEqual([[1], [2]])
  })

  test('the order of a partition is the order of its appends, and bytes come back as they went in', async () => {
    const topic = target().freshTopic()
    const log = await open()
    const seen = createRecorder()
    await log.consume([topic], 'order', seen.handler)
    await Promise.all(
      Array.from({ length: 50 }, (_, index) => log.append(topic, [record(index % PARTITIONS, index), record(index % PARTITIONS, 1000 + index)])),
    )
    await until(() => seen.total() === 100)
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const mine = Array.from({ length: 50 }, (_, index) => index).filter((index) => index % PARTITIONS === partition)
      expect(seen.values(partition)).toEqual(mine.flatMap((index) => [index, 1000 + index]))
      expect(seen.offsets(partition)).toEqual([...seen.offsets(partition)].sort((left, right) => left - right))
    }
  })

  test('a record over the limit is refused and nothing of its append is written', async () => {
    const topic = target().freshTopic()
    const log = await open()
    const tooLarge = { partition: 0, value: new Uint8Array(target().maxRecordBytes + 1) }
    await expect(log.append(topic, [record(0, 1), tooLarge])).rejects.toBeInstanceOf(RecordTooLargeError)
    await log.append(topic, [record(0, 2), { partition: 1, value: Buffer.alloc(target().maxRecordBytes, 7) }])
    const seen = createRecorder()
    await log.consume([topic], 'large', seen.handler)
    await until(() => seen.total() === 2)
    expect(seen.values(0)).toEqual([2])
    expect(seen.records.get(1)?.[0]?.value.length).toBe(target().maxRecordBytes)
  })

  test('an empty append resolves to nothing and writes nothing', async () => {
    const topic = target().freshTopic()
    const log = await open()
    expect(await log.partitions(topic)).toBe(PARTITIONS)
    expect(await log.append(topic, [])).toEqual([])
    expect((await log.lag([topic], 'nobody')).map(({ end }) => end)).toEqual([0, 0, 0, 0])
  })

  test('close settles every append, and what it acknowledged is there', async () => {
    const topic = target().freshTopic()
    const first = await open()
    await first.partitions(topic)
    const pending = Array.from({ length: 20 }, (_, index) => first.append(topic, [record(0, index)]))
    const settled = Promise.allSettled(pending)
    expect(await first.close(DEADLINE_MS)).toEqual({ remaining: 0 })
    const outcomes = await settled
    const acknowledged = outcomes.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []))
    const seen = createRecorder()
    await (await open()).consume([topic], 'closed', seen.handler)
    await until(() => acknowledged.every((index) => seen.values(0).includes(index)))
    await expect(first.append(topic, [record(0, 99)])).rejects.toThrow(/closed/)
  })

  test('a probe resolves when an append would be accepted', async () => {
    const topic = target().freshTopic()
    const log = await open()
    await log.append(topic, [record(0, 1)])
    await expect(log.probe()).resolves.toBeUndefined()
  })
}

function groupLaws(open: Open, target: () => ConformanceTarget): void {
  test('a commit moves offset and note together, over the contiguous prefix, and both come back', async () => {
    const topic = target().freshTopic()
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
    await until(() => after.values(0).length >= 3)
    expect(after.assignment(0)).toMatchObject({ committed: 3, note: `plan ${'ß'.repeat(2000)}`, earliest: 0 })
    expect(after.assignment(1)).toMatchObject({ committed: 0, note: 'nothing yet' })
    expect(after.assignment(2)).toMatchObject({ committed: null, note: null })
    expect(after.values(0)).toEqual([3, 4, 5])
  })

  test('what assigned returns is where reading starts', async () => {
    const topic = target().freshTopic()
    const log = await open()
    await log.append(topic, numbered(0, 6))
    const seen = createRecorder({ startAt: 4 })
    await log.consume([topic], 'seek', seen.handler)
    await until(() => seen.values(0).length === 2)
    expect(seen.values(0)).toEqual([4, 5])
  })

  test('a paused partition gets no run, and after resume nothing is lost or repeated', async () => {
    const topic = target().freshTopic()
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

  test('a rebalance loses nothing: the second member goes on where the first committed', { timeout: 60_000 }, async () => {
    const topic = target().freshTopic()
    const log = await open()
    await log.append(topic, everywhere(0, 5))
    const first = createRecorder({ commitOnRevoke: true })
    first.subscription = await log.consume([topic], 'team', first.handler)
    await until(() => first.total() === 20)
    const second = createRecorder()
    second.subscription = await log.consume([topic], 'team', second.handler)
    await until(() => first.owned().length + second.owned().length === PARTITIONS && second.owned().length > 0)
    await log.append(topic, everywhere(5, 5))
    await until(() => union(first, second).size === 40)
    expect(first.owned().filter((partition) => second.owned().includes(partition))).toEqual([])
    expect(union(first, second).size).toBe(40)
  })

  test('a commit of a partition that went to another owner is refused', { timeout: 60_000 }, async () => {
    const topic = target().freshTopic()
    const log = await open()
    await log.append(topic, everywhere(0, 1))
    const first = createRecorder()
    const stale = await log.consume([topic], 'fence', first.handler)
    await until(() => first.total() === 4)
    const second = createRecorder()
    await log.consume([topic], 'fence', second.handler)
    await until(() => second.owned().length > 0 && first.owned().length + second.owned().length === PARTITIONS)
    const lost = second.owned()[0] as number
    await expect(stale.commit([{ topic, partition: lost, next: 1, note: '' }])).rejects.toBeInstanceOf(OwnershipLostError)
    expect((await log.lag([topic], 'fence'))[lost]?.committed ?? null).toBeNull()
  })

  test('lag is the distance from the commit to the end', async () => {
    const topic = target().freshTopic()
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
    const topic = target().freshTopic()
    const log = await open()
    const seen = createRecorder({ failWith: new Error('handler broke') })
    const subscription = await log.consume([topic], 'broken', seen.handler)
    await log.append(topic, numbered(0, 1))
    await expect(subscription.failed).rejects.toThrow(/handler broke/)
  })
}

interface Recorder {
  handler: ConsumeHandler
  assignments: Assignment[]
  records: Map<number, StoredRecord[]>
  subscription: Subscription | null
  values(partition: number): number[]
  offsets(partition: number): number[]
  assignment(partition: number): Assignment | undefined
  owned(): number[]
  total(): number
}

interface RecorderOptions {
  startAt?: number
  commitOnRevoke?: boolean
  failWith?: Error
}

/** A handler that keeps what it was given. */
export function createRecorder({ startAt, commitOnRevoke = false, failWith }: RecorderOptions = {}): Recorder {
  const records = new Map<number, StoredRecord[]>()
  const owned = new Set<number>()
  const of = (partition: number): StoredRecord[] => records.get(partition) ?? []
  const recorder: Recorder = {
    assignments: [],
    records,
    subscription: null,
    values: (partition) => of(partition).map(({ value }) => value.readUInt32LE(0)),
    offsets: (partition) => of(partition).map(({ offset }) => offset),
    assignment: (partition) => recorder.assignments.findLast((assignment) => assignment.partition === partition),
    owned: () => [...owned],
    total: () => [...records.values()].reduce((sum, each) => sum + each.length, 0),
    handler: {
      assigned: (assignment) => {
        recorder.assignments.push(assignment)
        owned.add(assignment.partition)
        return Promise.resolve(startAt ?? null)
      },
      records: (_topic, partition, run) => {
        if (failWith !== undefined) return Promise.reject(failWith)
        records.set(partition, [...of(partition), ...run])
        return Promise.resolve()
      },
      revoked: async (partitions) => {
        for (const { topic, partition } of partitions) {
          const next = (of(partition).at(-1)?.offset ?? -1) + 1
          if (commitOnRevoke) await recorder.subscription?.commit([{ topic, partition, next, note: '' }])
          owned.delete(partition)
        }
      },
    },
  }
  return recorder
}

function record(partition: number, value: number): { partition: number; value: Buffer } {
  const bytes = Buffer.alloc(64)
  bytes.writeUInt32LE(value, 0)
  return { partition, value: bytes }
}

function numbered(partition: number, count: number, from = 0): { partition: number; value: Buffer }[] {
  return Array.from({ length: count }, (_, index) => record(partition, from + index))
}

/** `count` records in each partition, values unique. */
function everywhere(from: number, count: number): { partition: number; value: Buffer }[] {
  return Array.from({ length: PARTITIONS }, (_, partition) => numbered(partition, count, partition * 1000 + from)).flat()
}

function union(first: Recorder, second: Recorder): Set<number> {
  const all = new Set<number>()
  for (const recorder of [first, second]) {
    for (let partition = 0; partition < PARTITIONS; partition++) for (const value of recorder.values(partition)) all.add(value)
  }
  return all
}

export async function until(truth: () => boolean, withinMs = 20_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!truth()) {
    if (performance.now() > end) throw new Error(`not true within ${withinMs} ms: ${truth}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Long enough for several polls. */
function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 300))
}

/** Resolves when the child committed offset 4 of partition 0 and still holds the rest. */
async function killableConsumer(target: () => ConformanceTarget, topic: string, children: ChildProcess[]): Promise<ChildProcess> {
  const script = new URL('./conformance-child.ts', import.meta.url).pathname
  const argument = JSON.stringify({ ...target().childArgument(), topic })
  const child = spawn(process.execPath, [script, argument], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  for await (const line of createInterface({ input: child.stdout })) if (line === 'committed') return child
  throw new Error('the child ended before it committed')
}
