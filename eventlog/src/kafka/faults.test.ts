import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../conformance-recorder.ts'
import type { StoredRecord } from '../contract.ts'
import { LogUnavailableError, WeakLogError } from '../errors.ts'
import { brokerUnavailable, startTestBroker, type TestBroker } from './broker-for-tests.ts'
import { createKafkaLog, type KafkaLog, type KafkaLogOptions } from './log.ts'

const PARTITIONS = 8
/** Longer than a request may take, so that a frozen broker makes requests time out. */
const FREEZE_MS = 6000
const sleep = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs))
const missing = await brokerUnavailable()
const given = process.env['SKEIN_TEST_KAFKA'] !== undefined

describe.skipIf(missing !== null || given)('a broker that dies or hangs', () => {
  let broker: TestBroker
  let topics = 0
  const logs: KafkaLog[] = []

  beforeAll(async () => {
    broker = await startTestBroker({ heapMegabytes: 512 })
  })
  afterEach(async () => {
    for (const log of logs.splice(0)) await log.close(5000)
  })
  afterAll(() => broker.destroy())

  async function open(options: Partial<KafkaLogOptions> = {}): Promise<KafkaLog> {
    const log = await createKafkaLog({
      brokers: [broker.bootstrap],
      clientId: 'faults',
      partitions: () => PARTITIONS,
      replicationFactor: 1,
      allowWeak: true,
      clock: Date.now,
      report: () => undefined,
      sessionMs: 6000,
      ...options,
    })
    logs.push(log)
    return log
  }

  /** Appends numbered records from several callers until stopped; a refused number is tried again, as a client would. */
  function produce(log: KafkaLog, topic: string): { acknowledged: Set<number>; refused: () => number; stop: () => Promise<void> } {
    const acknowledged = new Set<number>()
    let next = 0
    let refusals = 0
    let running = true
    async function caller(): Promise<void> {
      while (running) {
        const number = next++
        const value = Buffer.alloc(4096)
        value.writeUInt32LE(number, 0)
        for (let done = false; !done && running; ) {
          done = await log.append(topic, [{ partition: number % PARTITIONS, value }]).then(
            () => true,
            () => {
              refusals++
              return false
            },
          )
          if (done) acknowledged.add(number)
        }
      }
    }
    const callers = Array.from({ length: 64 }, caller)
    return {
      acknowledged,
      refused: () => refusals,
      stop: async () => {
        running = false
        await Promise.all(callers)
      },
    }
  }

  /** Appends as a client would: again while the log says that it does not answer, as it may for moments after a broker's start. */
  async function appendAtLast(log: KafkaLog, topic: string, value: string): Promise<void> {
    const end = performance.now() + 60_000
    for (;;) {
      try {
        await log.append(topic, [{ partition: 0, value: Buffer.from(value) }])
        return
      } catch (error) {
        if (!(error instanceof LogUnavailableError) || performance.now() > end) throw error
      }
    }
  }

  /** Every number in the topic, with how often. */
  async function readAll(log: KafkaLog, topic: string): Promise<Map<number, number>> {
    const seen = new Map<number, number>()
    let read = 0
    const stored = (await log.lag([topic], 'auditor')).reduce((sum, { end }) => sum + end, 0)
    const subscription = await log.consume([topic], 'auditor', {
      assigned: () => Promise.resolve(null),
      records: (_topic, _partition, records: StoredRecord[]) => {
        for (const { value } of records) seen.set(value.readUInt32LE(0), (seen.get(value.readUInt32LE(0)) ?? 0) + 1)
        read += records.length
        return Promise.resolve()
      },
      revoked: () => Promise.resolve(),
    })
    await until(() => read >= stored)
    await subscription.stop(5000)
    return seen
  }

  test.each([
    [
      'killed with -9',
      async () => {
        await broker.kill9()
        await sleep(300)
        await broker.restart()
      },
    ],
    [
      'frozen longer than a request may take',
      async () => {
        broker.freeze()
        await sleep(FREEZE_MS)
        broker.thaw()
      },
    ],
  ])('loses no acknowledged record when %s twice under load, and repeats are known by their id', { timeout: 300_000 }, async (_what, hurt) => {
    const topic = `faults-${topics++}`
    const log = await open()
    await log.partitions(topic)
    const load = produce(log, topic)
    for (let round = 0; round < 2; round++) {
      const before = load.acknowledged.size
      await until(() => load.acknowledged.size > before + 500)
      await hurt()
    }
    const after = load.acknowledged.size
    await until(() => load.acknowledged.size > after + 500)
    await load.stop()
    const seen = await readAll(log, topic)
    expect([...load.acknowledged].filter((number) => !seen.has(number))).toEqual([])
    const repeats = [...seen.values()].reduce((sum, times) => sum + times - 1, 0)
    console.info(`${load.acknowledged.size} acknowledged, ${load.refused()} refusals, ${repeats} repeats, ${seen.size} distinct`)
    expect(seen.size).toBeGreaterThanOrEqual(load.acknowledged.size)
  })

  test('while Kafka is away an append is refused as unavailable in time, and taken again when it is back', { timeout: 180_000 }, async () => {
    const topic = `faults-${topics++}`
    const log = await open()
    await log.append(topic, [{ partition: 0, value: Buffer.from('before') }])
    await broker.kill9()
    const from = performance.now()
    await expect(log.append(topic, [{ partition: 0, value: Buffer.from('during') }])).rejects.toBeInstanceOf(LogUnavailableError)
    // Within 8 s, and whatever a busy machine adds; the client library alone would go on for minutes.
    expect(performance.now() - from).toBeLessThan(20_000)
    await sleep(2000)
    await expect(log.probe()).rejects.toBeInstanceOf(LogUnavailableError)
    await broker.restart()
    await appendAtLast(log, topic, 'after')
    await expect(log.probe()).resolves.toBeUndefined()
  })

  test('a consumer outlives a broker that is killed: it goes on from its commit', { timeout: 180_000 }, async () => {
    const topic = `faults-${topics++}`
    const log = await open()
    await log.append(topic, [{ partition: 0, value: Buffer.from('one') }])
    const values: string[] = []
    const committed: (number | null)[] = []
    const subscription = await log.consume([topic], 'survivor', {
      assigned: (assignment) => {
        if (assignment.partition === 0) committed.push(assignment.committed)
        return Promise.resolve(null)
      },
      records: (_topic, _partition, records: StoredRecord[]) => {
        for (const { value } of records) values.push(value.toString())
        return Promise.resolve()
      },
      revoked: () => Promise.resolve(),
    })
    await until(() => values.length === 1)
    await subscription.commit([{ topic, partition: 0, next: 1, note: 'one done' }])
    await broker.kill9()
    await broker.restart()
    await appendAtLast(log, topic, 'two')
    await until(() => values.includes('two'))
    expect(values.filter((value) => value === 'one')).toHaveLength(1)
    expect(committed[0]).toBeNull()
  })

  test('an owner that froze past its session cannot commit: the coordinator fences its generation', { timeout: 240_000 }, async () => {
    const topic = `faults-${topics++}`
    const log = await open({ partitions: () => 1 })
    await log.append(topic, [{ partition: 0, value: Buffer.from('one') }])
    const script = new URL('./stale-owner-for-tests.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [script, broker.bootstrap, topic], { stdio: ['pipe', 'pipe', 'inherit'] })
    const said: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line))
    try {
      await until(() => said.includes('holding'))
      child.kill('SIGSTOP')
      let owned = false
      const subscription = await log.consume([topic], 'fenced', {
        assigned: () => {
          owned = true
          return Promise.resolve(null)
        },
        records: () => Promise.resolve(),
        revoked: () => Promise.resolve(),
      })
      await until(() => owned)
      await subscription.commit([{ topic, partition: 0, next: 1, note: 'the new owner' }])
      child.stdin.write('commit\n')
      child.kill('SIGCONT')
      await until(() => said.length === 2)
      expect(said[1]).toBe('OwnershipLostError')
    } finally {
      child.kill('SIGKILL')
    }
    const notes: (string | null)[] = []
    await log.close(5000)
    await (await open()).consume([topic], 'fenced', {
      assigned: ({ note }) => {
        notes.push(note)
        return Promise.resolve(null)
      },
      records: () => Promise.resolve(),
      revoked: () => Promise.resolve(),
    })
    await until(() => notes.length > 0)
    expect(notes[0]).toBe('the new owner')
  })

  test('a cluster that could lose what it acknowledged is refused by name, unless that is accepted', async () => {
    const strict = await open({ allowWeak: false })
    const refused = strict.partitions(`faults-${topics++}`)
    await expect(refused).rejects.toBeInstanceOf(WeakLogError)
    await expect(refused).rejects.toThrow(/1 replica\(s\), fewer than 3; .*min\.insync\.replicas 1, below 2.*kafka\.allowWeak/)
    const weak = await open()
    await weak.partitions(`faults-${topics++}`)
    expect(weak.weaknesses()).toHaveLength(2)
  })
})
