import type { Commit } from '@skein/eventlog/contract'
import fc from 'fast-check'
import { configSchema } from '@skein/schemas/config'
import { Topic } from '@skein/schemas/topics'
import type { Store } from '@skein/store/contract'
import { describe, expect, test } from 'vitest'
import { createIngest, type Ingest } from '../ingest.ts'
import {
  createDurable,
  createFakeLog,
  createFakeStore,
  createPairingProcessor,
  decodeRecord,
  type Durable,
  encodeRecord,
  type TestRecord,
} from './fakes-for-tests.ts'
import { createLimitingProcessor } from './limiting-for-tests.ts'
import { decodeNote, encodeNote } from './plan.ts'
import type { RangeProcessor } from './range-job.ts'
import { createLocalWorkers, type RangeWorkers } from './range-workers.ts'

const WINDOW_MS = 1000
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }

interface RunOptions {
  rangeRecords: number
  runLength: number
  failEvery: number
  sumsMs?: number
  brokers: readonly string[]
  processor?: RangeProcessor
  prefetchBytes?: number
  /** What of the workers answers later than they do. */
  slower?: (workers: RangeWorkers) => Partial<RangeWorkers>
}

/** Runs ingest over what is durable; it dies at its `dieAt`-th step, or stops when all is committed. */
async function run(durable: Durable, options: RunOptions, dieAt: number): Promise<'died' | 'done'> {
  const life = { dead: false }
  const died = Promise.withResolvers<'died'>()
  let steps = 0
  const config = configSchema.parse({
    ingest: {
      rangeRecords: options.rangeRecords,
      rangeMs: 10,
      sumsMs: options.sumsMs ?? 0,
      pairWindowMs: WINDOW_MS,
      prefetchBytes: options.prefetchBytes ?? 1e6,
    },
    kafka: { brokers: options.brokers },
  })
  const workers = createLocalWorkers([options.processor ?? createPairingProcessor(WINDOW_MS)])
  const ingest: Ingest = createIngest({
    config,
    log: createFakeLog(durable, life, options.runLength),
    store: { ingest: createFakeStore(durable, life, options.failEvery) } as unknown as Store,
    clock: () => performance.now(),
    logger: SILENT,
    workers: { ...workers, ...options.slower?.(workers) },
    backoff: { firstMs: 1, lastMs: 2 },
    failpoint: () => {
      if (++steps !== dieAt) return undefined
      life.dead = true
      died.resolve('died')
      return new Promise<void>(() => undefined)
    },
  })
  await ingest.start()
  const done = (async (): Promise<'done'> => {
    while (!allCommitted(durable) && !life.dead) await new Promise((resolve) => setTimeout(resolve, 1))
    return 'done'
  })()
  const end = await Promise.race([died.promise, done, ingest.failed])
  if (end === 'done' && !life.dead) await ingest.stop(1000)
  return life.dead && steps >= dieAt ? 'died' : end
}

function allCommitted(durable: Durable): boolean {
  return durable.records.every((records, partition) => records.length === 0 || (durable.commits.get(partition)?.next ?? 0) >= records.length)
}

/** What is held comes with a later range that has something of every partition. */
async function settle(durable: Durable, options: RunOptions): Promise<void> {
  const owes = (): boolean => [...durable.commits.values()].some(({ next, note }) => decodeNote(note, next).owed < next)
  for (let time = 2_000_000; owes(); time++) {
    for (const records of durable.records) records.push(encodeRecord({ id: `end ${time}`, key: time, timeMs: time }))
    await run(durable, { ...options, rangeRecords: 1000, sumsMs: 0, failEvery: Number.POSITIVE_INFINITY }, Number.POSITIVE_INFINITY)
  }
}

function rowsOf(durable: Durable, table: string): string[] {
  return [...durable.blocks].flatMap(([token, rows]) => (token.endsWith(`:${table}`) ? rows : [])).sort()
}

/** Records of one partition, with time going on, keys that repeat and some records sent twice. */
const partitionRecords = fc
  .array(fc.record({ key: fc.nat(3), stepMs: fc.nat(400), repeatOf: fc.option(fc.nat(10), { freq: 6, nil: null }) }), { maxLength: 40 })
  .map((parts) => {
    let timeMs = 1_000_000
    const records: TestRecord[] = []
    parts.forEach(({ key, stepMs, repeatOf }, i) => {
      timeMs += stepMs
      const before = repeatOf === null ? undefined : records[records.length - 1 - repeatOf]
      records.push(before === undefined ? { id: `r${i}`, key, timeMs } : { ...before, timeMs })
    })
    return records.map(encodeRecord)
  })

const scenario = fc.record({
  partitions: fc.array(partitionRecords, { minLength: 1, maxLength: 3 }),
  rangeRecords: fc.integer({ min: 1, max: 12 }),
  runLength: fc.integer({ min: 1, max: 9 }),
  failEvery: fc.integer({ min: 2, max: 40 }),
  sumsMs: fc.constantFrom(0, 5, 40),
  brokers: fc.constantFrom([], ['kafka:9092']),
  /** Each life cuts ranges of its own size: only a plan makes the next one repeat what this one began. */
  deaths: fc.array(fc.record({ dieAt: fc.integer({ min: 1, max: 12 }), rangeRecords: fc.integer({ min: 1, max: 12 }) }), { maxLength: 5 }),
})

describe('ranges', () => {
  test('whenever the process dies, every record is there once and memory is as if it had never died', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ partitions, deaths, ...options }) => {
        const durable = createDurable(partitions)
        for (const { dieAt, rangeRecords } of deaths) await run(durable, { ...options, rangeRecords }, dieAt)
        await run(durable, options, Number.POSITIVE_INFINITY)
        const whole = createDurable(partitions)
        await run(whole, { ...options, failEvery: Number.POSITIVE_INFINITY }, Number.POSITIVE_INFINITY)
        expect(durable.changed).toEqual([])
        expect(rowsOf(durable, 'spans')).toEqual(rowsOf(whole, 'spans'))
        expect(new Set(rowsOf(durable, 'spans')).size).toBe(rowsOf(durable, 'spans').length)
        expect(rowsOf(durable, 'edges')).toEqual(rowsOf(whole, 'edges'))
        await settle(durable, options)
        expect(durable.changed).toEqual([])
        for (const held of ['instances', 'path_time']) expect(rowsOf(durable, held)).toEqual(rowsOf(whole, 'edges'))
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('death at each step in turn changes nothing', async () => {
    const records = Array.from({ length: 30 }, (_, i) => encodeRecord({ id: `r${i}`, key: i % 3, timeMs: 1_000_000 + i * 100 }))
    const options = { rangeRecords: 7, runLength: 5, failEvery: Number.POSITIVE_INFINITY, brokers: [] }
    const whole = createDurable([records, records.slice(0, 9)])
    await run(whole, options, Number.POSITIVE_INFINITY)
    for (let dieAt = 1; ; dieAt++) {
      const durable = createDurable([records, records.slice(0, 9)])
      if ((await run(durable, options, dieAt)) === 'done') break
      expect(await run(durable, { ...options, rangeRecords: 4 }, Number.POSITIVE_INFINITY)).toBe('done')
      expect(rowsOf(durable, 'spans')).toEqual(rowsOf(whole, 'spans'))
      expect(rowsOf(durable, 'edges')).toEqual(rowsOf(whole, 'edges'))
      expect(dieAt).toBeLessThan(100)
    }
  }, 60_000)

  test('what one partition makes again of what it is owed is not brought by a range of another, though the worker has done it', async () => {
    const records = Array.from({ length: 4 }, (_, i) => encodeRecord({ id: `r${i}`, key: 1, timeMs: 1_000_000 + i }))
    const durable = createDurable([records, records])
    durable.commits.set(1, { topic: Topic.traces, partition: 1, next: 4, note: encodeNote({ range: null, sums: false, elsewhere: '', owed: 0, from: 0 }) })
    const options = { rangeRecords: 9, runLength: 9, failEvery: Number.POSITIVE_INFINITY, brokers: [] }
    const answered = Promise.withResolvers<void>()
    const process =
      (workers: RangeWorkers): RangeWorkers['process'] =>
      async (topic, emit, jobRecords, more) => {
        const result = await workers.process(topic, emit, jobRecords, more)
        if (jobRecords.every(({ partition }) => partition === 1)) await answered.promise
        else answered.resolve()
        return result
      }
    expect(await run(durable, { ...options, slower: (workers) => ({ process: process(workers) }) }, Number.POSITIVE_INFINITY)).toBe('done')
    expect(rowsOf(durable, 'path_time')).toEqual([])
    await settle(durable, options)
    expect(rowsOf(durable, 'path_time')).toEqual(['0/r0>r1', '0/r1>r2', '0/r2>r3', '1/r0>r1', '1/r1>r2', '1/r2>r3'])
  }, 30_000)

  test('reading pauses at its budget and still comes to the end', async () => {
    const records = Array.from({ length: 200 }, (_, i) => encodeRecord({ id: `r${i}`, key: i, timeMs: 1_000_000 + i }))
    const durable = createDurable([records])
    await run(durable, { rangeRecords: 3, runLength: 5, failEvery: Number.POSITIVE_INFINITY, brokers: [], prefetchBytes: 300 }, Number.POSITIVE_INFINITY)
    expect(rowsOf(durable, 'spans').length).toBe(200)
  }, 30_000)

  test('a planned range of which the log lost the end goes on with what is left', async () => {
    const records = Array.from({ length: 10 }, (_, i) => encodeRecord({ id: `r${i}`, key: 1, timeMs: 1_000_000 + i }))
    const options = { rangeRecords: 8, runLength: 5, failEvery: Number.POSITIVE_INFINITY, brokers: [] }
    const durable = createDurable([records])
    expect(await run(durable, options, 1)).toBe('died')
    records.splice(4)
    expect(await run(durable, options, Number.POSITIVE_INFINITY)).toBe('done')
    expect(rowsOf(durable, 'spans').length).toBe(4)
    expect(durable.commits.get(0)?.next).toBe(4)
  }, 30_000)

  test('a note of another version stops the partition rather than be guessed', async () => {
    const durable = createDurable([[encodeRecord({ id: 'a', key: 1, timeMs: 1 })]])
    durable.commits.set(0, { topic: Topic.traces, partition: 0, next: 0, note: '{"v":4,"from":0}' })
    await expect(run(durable, { rangeRecords: 3, runLength: 5, failEvery: 9, brokers: [] }, Number.POSITIVE_INFINITY)).rejects.toThrow('cannot read')
  })
})

describe('what is counted over partitions', () => {
  const LIMIT = 5
  const limiting = (): { processor: RangeProcessor } => ({ processor: createLimitingProcessor(LIMIT) })
  const placesOf = (partitions: readonly Buffer[][]): string[] =>
    partitions.flatMap((records, partition) => records.map((_, offset) => `${partition}/${offset}`)).toSorted()

  test('is kept up to the limit of all of them together, however ranges are cut', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ partitions, deaths: _deaths, ...options }) => {
        const durable = createDurable(partitions)
        await run(durable, { ...options, ...limiting() }, Number.POSITIVE_INFINITY)
        const kept = rowsOf(durable, 'spans')
        expect([...kept, ...rowsOf(durable, 'edges')].toSorted()).toEqual(placesOf(partitions))
        const keyOf = (place: string): number => {
          const [partition = 0, offset = 0] = place.split('/').map(Number)
          return decodeRecord(partitions[partition]![offset]!).key
        }
        for (const key of [0, 1, 2, 3]) {
          const ofKey = (places: readonly string[]): number => places.filter((place) => keyOf(place) === key).length
          expect(ofKey(kept)).toBe(Math.min(LIMIT, ofKey(placesOf(partitions))))
        }
      }),
      { numRuns: 40 },
    )
  }, 60_000)

  test('is kept alike when a range is done again before others have read again what they counted', async () => {
    const records = Array.from({ length: 3 }, (_, i) => encodeRecord({ id: `r${i}`, key: 1, timeMs: 1_000_000 + i }))
    const durable = createDurable([records, records])
    const plans: Commit[] = []
    class Commits extends Map<number, Commit> {
      override set(partition: number, commit: Commit): this {
        if (partition === 1 && decodeNote(commit.note, commit.next).range !== null) plans.push(commit)
        return super.set(partition, commit)
      }
    }
    durable.commits = new Commits()
    const options = { rangeRecords: 9, runLength: 9, failEvery: Number.POSITIVE_INFINITY, brokers: ['kafka:9092'] }
    const late = (workers: RangeWorkers, of: number, until: (partition: number) => boolean): Partial<RangeWorkers> => {
      const others = Promise.withResolvers<void>()
      return {
        async process(topic, emit, jobRecords, more) {
          const [{ partition } = { partition: of }] = jobRecords
          if (partition === of) await others.promise
          const result = await workers.process(topic, emit, jobRecords, more)
          if (until(partition)) others.resolve()
          return result
        },
      }
    }
    await run(durable, { ...options, ...limiting(), slower: (workers) => late(workers, 1, (partition) => partition === 0) }, Number.POSITIVE_INFINITY)
    expect(rowsOf(durable, 'spans')).toEqual(['0/0', '0/1', '0/2', '1/0', '1/1'])
    // As if it had died when the rows of partition 1 were in, and that was not committed.
    durable.commits.set(1, plans[0]!)
    await run(durable, { ...options, ...limiting(), slower: (workers) => late(workers, 0, (partition) => partition === 1) }, Number.POSITIVE_INFINITY)
    expect(durable.changed).toEqual([])
    expect(rowsOf(durable, 'edges')).toEqual(['1/2'])
  }, 30_000)

  test('is told whole, kept or not, wherever the process dies', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ partitions, deaths, ...options }) => {
        const durable = createDurable(partitions)
        for (const { dieAt, rangeRecords } of deaths) await run(durable, { ...options, ...limiting(), rangeRecords }, dieAt)
        await run(durable, { ...options, ...limiting() }, Number.POSITIVE_INFINITY)
        expect(durable.changed).toEqual([])
        expect([...rowsOf(durable, 'spans'), ...rowsOf(durable, 'edges')].toSorted()).toEqual(placesOf(partitions))
      }),
      { numRuns: 60 },
    )
  }, 60_000)
})
