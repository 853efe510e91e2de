import { crc32 } from 'node:zlib'
import { Content, encodeEnvelope, Signal, Source } from '@skein/schemas/envelope'
import type { AppendRecord } from '@skein/eventlog/contract'
import { LogUnavailableError } from '@skein/eventlog/errors'
import { type DeadLetter, decodeDeadLetter } from '@skein/schemas/dead-letter'
import type { TableBlock } from '@skein/store/contract'
import { RejectedBlockError, StoreUnavailableError } from '@skein/store/errors'
import { describe, expect, test } from 'vitest'
import type { BuiltBlock } from '../rows/row-builder.ts'
import { createCemetery } from './dead-letters.ts'
import { createDelivery, type DeliveryOptions } from './delivery.ts'
import { createIngestMetrics } from './ingest-metrics.ts'
import type { QueuedRecord } from './partition.ts'
import type { RangeResult } from './range-job.ts'

const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }

function recordOf(offset: number): QueuedRecord {
  const header = {
    signal: Signal.traces,
    content: Content.otlp,
    source: Source.grpc,
    receivedAtMs: 60_000,
    requestId: Buffer.alloc(16, offset),
    part: 0,
    parts: 1,
  }
  const value = encodeEnvelope({ ...header, records: 2, limitsVersion: 1, tenant: 'acme', keyId: 'key' }, [], crc32)
  return { partition: 3, offset, value, records: 2 }
}

/** A block that says which offsets it is made of. */
function blockOf(table: 'spans' | 'edges', offsets: readonly number[]): BuiltBlock {
  return { table, block: Buffer.from(offsets.join()), rows: offsets.length, days: [1] }
}

function setUp(insert: (range: string, block: TableBlock, redo: boolean) => void, append: (values: DeadLetter[]) => void = () => undefined) {
  const records = Array.from({ length: 9 }, (_, i) => recordOf(10 + i))
  const cut = { range: { topic: 't', shares: [{ partition: 3, first: 10, last: 18 }] }, records }
  const offsets = records.map(({ offset }) => offset)
  const counts = { partition: 3, tenant: 'acme', records: 18, visible: 16, repeats: 2, dead: 0, bytes: 1, newestNs: 1, batchIds: new Uint8Array(0) }
  const result: RangeResult = {
    blocks: [blockOf('spans', offsets.slice(1)), blockOf('edges', offsets)],
    shares: [counts],
    drops: [],
    repeats: [{ partition: 3, offset: 10 }],
    dead: [],
    logTimes: [{ partition: 3, logTimeMs: 60_000 }],
    forgottenIds: 0,
    heldBytes: 0,
  }
  const metrics = createIngestMetrics()
  const signal = new AbortController().signal
  const backoff = { firstMs: 1, lastMs: 2 }
  const log = {
    append: (_topic: string, records: readonly AppendRecord[]) =>
      new Promise<never[]>((resolve) => {
        append(records.map(({ value }) => decodeDeadLetter(value, crc32)))
        resolve([])
      }),
  }
  const options: DeliveryOptions = {
    topic: 't',
    cemetery: createCemetery({ log, backoff, logger: SILENT, signal }),
    store: {
      insert: (range, block, redo) => new Promise((resolve) => resolve(insert(range, block, redo))),
      batchIdsSince: () => Promise.resolve([]),
      logFilesBefore: () => Promise.resolve([]),
      patternsBefore: () => Promise.resolve([]),
    },
    workers: {
      rebuild: (_topic, part) =>
        Promise.resolve([
          blockOf(
            'spans',
            part.map(({ offset }) => offset),
          ),
        ]),
    },
    backoff,
    logger: SILENT,
    metrics,
    failpoint: () => undefined,
    signal,
  }
  return { cut, result, metrics, delivery: createDelivery(options) }
}

const textOf = (block: TableBlock): string => block.blocks.map((bytes) => Buffer.from(bytes).toString()).join()

describe('delivery', () => {
  test('rollups go first, rows after, and the range tells of them last', async () => {
    const seen: string[] = []
    const { cut, result, delivery } = setUp((range, block) => void seen.push(`${range} ${block.table}`))
    await delivery.deliver(cut, result, false)
    expect(seen).toEqual(['edges', 'spans', 'ranges'].map((table) => `t:3:10-18 ${table}`))
  })

  test('a store that does not answer is asked again, from then on as a redo', async () => {
    const redos: boolean[] = []
    const { cut, result, metrics, delivery } = setUp((_range, block, redo) => {
      if (block.table !== 'edges') return
      redos.push(redo)
      if (redos.length < 4) throw new StoreUnavailableError('away')
    })
    await delivery.deliver(cut, result, false)
    expect(redos).toEqual([false, true, true, true])
    expect(metrics.text(0)).toContain('skein_ingest_retries_total 3')
  })

  test('one record that the store refuses is a dead letter; all others arrive once', async () => {
    const arrived: string[] = []
    const names: string[] = []
    let closing: TableBlock[] = []
    const { cut, result, delivery } = setUp((range, block) => {
      if (block.table === 'outcomes' || block.table === 'ranges') closing = [...closing, block]
      if (block.table !== 'spans') return
      if (textOf(block).includes('14')) throw new RejectedBlockError('offset 14')
      arrived.push(...textOf(block).split(','))
      names.push(range)
    })
    await delivery.deliver(cut, result, false)
    expect(arrived.sort()).toEqual(['11', '12', '13', '15', '16', '17', '18'])
    expect(names.sort()).toEqual(['t:3:11-12', 't:3:13-13', 't:3:15-18'])
    expect(closing.map(({ table, rows }) => [table, rows])).toEqual([
      ['outcomes', 1],
      ['ranges', 1],
    ])
    expect(textOf(closing[0] as TableBlock)).toContain('dead_letter')
  })

  test('what nothing comes of is kept as it was, with where and why, before the range says that it is done', async () => {
    const seen: string[] = []
    let refusals = 2
    const insert = (_range: string, block: TableBlock): void => {
      if (block.table === 'spans' && textOf(block).includes('14')) throw new RejectedBlockError('offset 14')
      seen.push(block.table)
    }
    const letters: DeadLetter[] = []
    const { cut, result, delivery } = setUp(insert, (batch) => {
      if (refusals-- > 0) throw new LogUnavailableError('away')
      letters.push(...batch)
      seen.push('buried')
    })
    await delivery.deliver(cut, { ...result, dead: [{ partition: 3, offset: 12, reason: 'payload' }] }, false)
    expect(letters.map(({ topic, partition, offset, reason, tenant, atMs }) => [topic, partition, offset, reason, tenant, atMs])).toEqual([
      ['t', 3, 12, 'payload', 'acme', 60_000],
      ['t', 3, 14, 'store', 'acme', 60_000],
    ])
    expect(letters.map(({ record }) => Buffer.from(record))).toEqual([12, 14].map((offset) => Buffer.from(recordOf(offset).value)))
    expect(seen.indexOf('buried')).toBeGreaterThan(seen.lastIndexOf('spans'))
    expect(seen.slice(-2)).toEqual(['outcomes', 'ranges'])
  })

  test('a refused rollup is given up and counted, and the rows arrive', async () => {
    const seen: string[] = []
    const { cut, result, metrics, delivery } = setUp((_range, block) => {
      if (block.table === 'edges') throw new RejectedBlockError('no')
      seen.push(block.table)
    })
    await delivery.deliver(cut, result, false)
    expect(seen).toEqual(['spans', 'ranges'])
    expect(metrics.text(0)).toContain('skein_ingest_rejected_rows_total{table="edges"} 9')
  })
})
