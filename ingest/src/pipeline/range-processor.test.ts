import { crc32 } from 'node:zlib'
import { Content, encodeEnvelope, type EnvelopeHeader, Signal, Source } from '@skein/schemas/envelope'
import { describe, expect, test } from 'vitest'
import { DECODER_OPTIONS, encodeRequest, type OracleSpan, RECEIVED_AT_MS } from '../decode/oracle-for-tests.ts'
import { createPaths } from '../paths/paths.ts'
import { createTopology } from '../topology/topology.ts'
import { buildWorkers } from './built-workers-for-tests.ts'
import { REBUILT } from './delivery.ts'
import { createJob, type JobRecord, type RangeProcessor, type RangeResult } from './range-job.ts'
import { createRangeProcessor } from './range-processor.ts'
import { createLocalWorkers, createThreadWorkers } from './range-workers.ts'

const SETTINGS = {
  processor: { limits: DECODER_OPTIONS.limits, batchIdBytes: 1 << 20, internedBytes: 1 << 20 },
  topology: { pairWindowMs: 300_000, maxSpansPerPartition: 10_000 },
  paths: { maxSpansPerPartition: 10_000 },
}

/** Of an envelope. */
const [MAGIC_AT, CHECKSUM_AT] = [0, 52]

function processor(): RangeProcessor {
  return createRangeProcessor({ ...SETTINGS.processor, topology: createTopology(SETTINGS.topology), paths: createPaths(SETTINGS.paths) })
}

function request(seed: number, spans = 1): Uint8Array {
  const ids = Array.from({ length: spans }, (_, i) => {
    const id = Buffer.alloc(16, seed)
    id.writeUInt32LE(i + 1, 4)
    return id
  })
  const start = String(BigInt(RECEIVED_AT_MS) * 1_000_000n)
  const links = [{ traceId: Buffer.alloc(16, 99), spanId: Buffer.alloc(8, 99) }]
  const list = ids.map(
    (id) => ({ traceId: id, spanId: id.subarray(0, 8), name: 'n', kind: 2, startTimeUnixNano: start, endTimeUnixNano: start, links }) as unknown as OracleSpan,
  )
  return encodeRequest({
    resourceSpans: [{ resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }, scopeSpans: [{ spans: list }] }],
  })
}

function record(seed: number, header: Partial<EnvelopeHeader> & { partition?: number; payload?: Uint8Array } = {}): JobRecord {
  const { partition = 0, payload = request(seed), ...more } = header
  const base = {
    signal: Signal.traces,
    content: Content.otlp,
    source: Source.grpc,
    receivedAtMs: RECEIVED_AT_MS,
    requestId: Buffer.alloc(16, seed),
    part: 0,
    parts: 1,
  }
  const value = encodeEnvelope({ ...base, records: 1, limitsVersion: 1, tenant: 'acme', keyId: 'key', ...more }, [payload], crc32)
  return { partition, offset: seed, value }
}

function sums({ shares }: RangeResult): Record<string, number> {
  const sum = (field: 'records' | 'visible' | 'repeats' | 'dead'): number => shares.reduce((total, share) => total + share[field], 0)
  return { records: sum('records'), visible: sum('visible'), repeats: sum('repeats'), dead: sum('dead') }
}

const rowsOf = ({ blocks }: RangeResult, table: string): number => blocks.filter((block) => block.table === table).reduce((sum, { rows }) => sum + rows, 0)
const process = (one: RangeProcessor, records: readonly JobRecord[], emit = true): RangeResult =>
  one.process(createJob('skein.traces', emit, records, (bytes) => new ArrayBuffer(bytes)))

describe('records of a range', () => {
  test('a damaged envelope is one dead letter, and its neighbours live', () => {
    for (let at = 0; at < record(2).value.length; at += 3) {
      const damaged = record(2)
      damaged.value[at] = (damaged.value[at] ?? 0) ^ 0x10
      const result = process(processor(), [record(1), damaged, record(3)])
      expect(sums(result)).toEqual({ records: 3, visible: 2, repeats: 0, dead: 1 })
      expect(result.drops).toMatchObject([{ tenant: 'system', kind: 'dead', reason: 'dead_letter', records: 1 }])
      expect(result.dead).toEqual([{ partition: 0, offset: 2, reason: 'envelope' }])
    }
  })

  test('rows made again are all those that were made, however often', () => {
    const one = processor()
    const records = [record(1), record(2)]
    const rows = (blocks: RangeResult['blocks']): string[] =>
      blocks.filter(({ table }) => REBUILT.has(table)).map(({ table, block }) => `${table} ${Buffer.from(block).toString('hex')}`)
    const made = rows(process(one, records).blocks)
    expect(made.map((each) => each.split(' ')[0])).toEqual(['resources', 'traces', 'trace_services', 'spans', 'span_links'])
    for (let time = 0; time < 2; time++) {
      const again = one.rebuild(createJob('skein.traces', true, records, (bytes) => new ArrayBuffer(bytes)))
      expect(rows(again)).toEqual(made)
      expect(again).toHaveLength(made.length)
    }
  })

  test('where the log has compared a record, its envelope needs to be whole and no more', () => {
    const trusting = createRangeProcessor({
      ...SETTINGS.processor,
      trustsLog: true,
      topology: createTopology(SETTINGS.topology),
      paths: createPaths(SETTINGS.paths),
    })
    const changed = [CHECKSUM_AT, MAGIC_AT].map((at, i) => {
      const one = record(i + 1)
      one.value[at] = (one.value[at] ?? 0) ^ 0x10
      return one
    })
    const result = process(trusting, changed)
    expect([sums(result)['visible'], result.dead]).toEqual([1, [{ partition: 0, offset: 2, reason: 'envelope' }]])
  })

  test('a payload that is no OTLP, or no traces, is a dead letter of its tenant', () => {
    const result = process(processor(), [record(1, { payload: Buffer.from('not protobuf'), records: 5 }), record(2, { signal: Signal.logs }), record(3)])
    expect(sums(result)).toEqual({ records: 7, visible: 1, repeats: 0, dead: 6 })
    expect(result.drops).toMatchObject([{ tenant: 'acme', keyId: 'key', reason: 'dead_letter', requests: 2, records: 6 }])
    expect(result.dead.toSorted((a, b) => a.offset - b.offset)).toEqual([
      { partition: 0, offset: 1, reason: 'payload' },
      { partition: 0, offset: 2, reason: 'signal' },
    ])
  })

  test('a batch sent again within an hour of log time counts once, in the same range or a later one', () => {
    const one = processor()
    const again = (receivedAtMs: number): JobRecord => record(1, { receivedAtMs, payload: request(9, 1) })
    expect(sums(process(one, [record(1), again(RECEIVED_AT_MS + 1)]))).toEqual({ records: 2, visible: 1, repeats: 1, dead: 0 })
    const later = process(one, [again(RECEIVED_AT_MS + 3_599_000)])
    expect([sums(later), later.repeats]).toEqual([{ records: 1, visible: 0, repeats: 1, dead: 0 }, [{ partition: 0, offset: 1 }]])
    expect(sums(process(one, [again(RECEIVED_AT_MS + 9_000_000)]))['visible']).toBe(1)
  })

  test('parts of one request are batches of their own', () => {
    const result = process(processor(), [record(1), record(1, { part: 1, payload: request(2) })])
    expect(sums(result)).toEqual({ records: 2, visible: 2, repeats: 0, dead: 0 })
  })

  test('batch ids that are remembered are repeats', () => {
    const one = processor()
    one.remember('skein.traces', 0, { batchIds: [Buffer.concat([Buffer.alloc(16, 1), Buffer.alloc(2)]).toString('hex')] }, RECEIVED_AT_MS)
    expect(sums(process(one, [record(1), record(2)]))).toEqual({ records: 2, visible: 1, repeats: 1, dead: 0 })
    one.forget('skein.traces', 0)
    expect(sums(process(one, [record(1)]))['visible']).toBe(1)
  })

  test('a span of another batch that repeats a span id is dropped, counted', () => {
    const one = processor()
    process(one, [record(1)])
    const result = process(one, [record(2, { payload: request(1) })])
    expect(sums(result)).toEqual({ records: 1, visible: 0, repeats: 1, dead: 0 })
    expect(result.drops).toMatchObject([{ reason: 'repeat_span', records: 1 }])
    expect(rowsOf(result, 'spans')).toBe(0)
  })

  test('marked copies and heartbeats are no records, and heartbeats let time pass', () => {
    const heartbeat = record(2, { content: Content.heartbeat, payload: new Uint8Array(0), receivedAtMs: RECEIVED_AT_MS + 5000, records: 0 })
    const result = process(processor(), [record(1, { content: Content.linkedCopy }), heartbeat])
    expect(sums(result)).toEqual({ records: 0, visible: 0, repeats: 0, dead: 0 })
    expect(rowsOf(result, 'spans')).toBe(0)
    expect(result.logTimes).toEqual([{ partition: 0, logTimeMs: RECEIVED_AT_MS + 5000 }])
  })

  test('a heartbeat alone lets spans go that waited longer than the window', () => {
    const topology = createTopology(SETTINGS.topology)
    const one = createRangeProcessor({ ...SETTINGS.processor, topology, paths: createPaths(SETTINGS.paths) })
    process(one, [record(1)])
    expect(topology.heldSpans()).toBe(1)
    const late = RECEIVED_AT_MS + SETTINGS.topology.pairWindowMs + 1
    process(one, [record(2, { content: Content.heartbeat, payload: new Uint8Array(0), receivedAtMs: late, records: 0 })])
    expect(topology.heldSpans()).toBe(0)
  })

  test('reading again for memory gives nothing out, and what comes behind is as if nothing had happened', () => {
    const whole = processor()
    process(whole, [record(1), record(2)])
    const again = processor()
    expect(process(again, [record(1), record(2)], false)).toMatchObject({ blocks: [], shares: [], drops: [] })
    const next = [record(2), record(3), record(4, { payload: request(1) })]
    const tables = ({ blocks }: RangeResult) => blocks.filter(({ table }) => table !== 'resources')
    expect(tables(process(again, next))).toEqual(tables(process(whole, next)))
  })

  test('one thread or two, from modules or built to one script, the same rows come out', async () => {
    buildWorkers()
    const records = Array.from({ length: 12 }, (_, i) => record(i + 1, { partition: i % 4, payload: request(i + 1, 5), records: 5 })).sort(
      (a, b) => a.partition - b.partition,
    )
    const results: RangeResult[] = []
    for (const workers of [
      createLocalWorkers([processor()]),
      createThreadWorkers(1, { entry: 'worker-main', built: false }, () => SETTINGS),
      createThreadWorkers(2, { entry: 'worker-main', built: false }, () => SETTINGS),
      createThreadWorkers(1, { entry: 'worker-main', built: true }, () => SETTINGS),
    ]) {
      results.push(await workers.process('skein.traces', true, records))
      await workers.close()
    }
    for (const result of results) {
      expect(sums(result)).toEqual({ records: 60, visible: 60, repeats: 0, dead: 0 })
      expect(['spans', 'traces', 'trace_services'].map((table) => rowsOf(result, table))).toEqual([60, 60, 60])
      expect(result.shares.map(({ partition, visible }) => [partition, visible]).sort(([a = 0], [b = 0]) => a - b)).toEqual(
        [0, 1, 2, 3].map((partition) => [partition, 15]),
      )
    }
    expect(results[1]?.blocks.map(({ block }) => Buffer.from(block).toString('hex'))).toEqual(
      results[0]?.blocks.map(({ block }) => Buffer.from(block).toString('hex')),
    )
  }, 20_000)

  test('sums of paths that are held come all at once, each row once, and go with a partition that is taken away', () => {
    const one = processor()
    const job = (seed: number, receivedAtMs: number, holdsSums: boolean): RangeResult => {
      const records = [record(seed, { receivedAtMs, payload: request(seed, 3), records: 3 })]
      return one.process({ ...createJob('skein.traces', true, records, (bytes) => new ArrayBuffer(bytes)), holdsSums })
    }
    const brought = [0, 10, 20].map((second, i) => job(i + 1, RECEIVED_AT_MS + second * 1000, true))
    expect(brought.map((result) => rowsOf(result, 'path_time'))).toEqual([0, 0, 0])
    expect(brought.map(({ heldBytes }) => heldBytes > 0)).toEqual([false, true, true])
    const all = job(4, RECEIVED_AT_MS + 30_000, false)
    expect(all.heldBytes).toBe(0)
    const alone = job(5, RECEIVED_AT_MS + 40_000, false)
    expect(rowsOf(all, 'path_time')).toBe(rowsOf(alone, 'path_time'))
    expect(rowsOf(alone, 'path_time')).toBeGreaterThan(0)
    expect(job(6, RECEIVED_AT_MS + 50_000, true).heldBytes).toBeGreaterThan(0)
    one.forget('skein.traces', 0)
    expect(job(7, RECEIVED_AT_MS + 60_000, false)).toMatchObject({ heldBytes: 0 })
    expect(rowsOf(job(8, RECEIVED_AT_MS + 61_000, false), 'path_time')).toBe(0)
  })

  test('a worker that dies is told, and nothing waits for it for ever', async () => {
    const broken = createThreadWorkers(1, { entry: 'worker-main', built: false }, () => ({
      ...SETTINGS,
      processor: { ...SETTINGS.processor, limits: null as never },
    }))
    await expect(broken.process('skein.traces', true, [record(1)])).rejects.toThrow('ingest worker 0 failed')
    await expect(broken.failed).rejects.toThrow('ingest worker 0 failed')
    await broken.close()
  }, 20_000)
})
