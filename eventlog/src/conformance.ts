import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { execPath } from 'node:process'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, test } from 'vitest'
import { membershipLaws, type Open, progressLaws } from './conformance-group.ts'
import { CONFORMANCE_PARTITIONS as PARTITIONS, createRecorder, numbered, record, until } from './conformance-recorder.ts'
import type { EventLog } from './contract.ts'
import { RecordTooLargeError } from './errors.ts'

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

    durabilityLaws(open, target)
    lifeLaws(open, () => target().freshTopic())
    progressLaws(open, () => target().freshTopic())
    membershipLaws(open, () => target().freshTopic())

    test('a consumer killed with -9 is redelivered from its committed offset, with the note', { timeout: 120_000 }, async () => {
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

function durabilityLaws(open: Open, target: () => ConformanceTarget): void {
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
}

function lifeLaws(open: Open, freshTopic: () => string): void {
  test('an empty append resolves to nothing and writes nothing', async () => {
    const topic = freshTopic()
    const log = await open()
    expect(await log.partitions(topic)).toBe(PARTITIONS)
    expect(await log.append(topic, [])).toEqual([])
    expect((await log.lag([topic], 'nobody')).map(({ end }) => end)).toEqual([0, 0, 0, 0])
  })

  test('close settles every append, and what it acknowledged is there', async () => {
    const topic = freshTopic()
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
    const topic = freshTopic()
    const log = await open()
    await log.append(topic, [record(0, 1)])
    await expect(log.probe()).resolves.toBeUndefined()
  })
}

/** Resolves when the child committed offset 4 of partition 0 and still holds the rest. */
async function killableConsumer(target: () => ConformanceTarget, topic: string, children: ChildProcess[]): Promise<ChildProcess> {
  const script = new URL('./conformance-child.ts', import.meta.url).pathname
  const argument = JSON.stringify({ ...target().childArgument(), topic })
  const child = spawn(execPath, [script, argument], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  for await (const line of createInterface({ input: child.stdout })) if (line === 'committed') return child
  throw new Error('the child ended before it committed')
}
