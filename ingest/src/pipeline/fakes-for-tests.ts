import { crc32 } from 'node:zlib'
import type { Commit, ConsumeHandler, EventLog, StoredRecord, Subscription } from '@skein/eventlog/contract'
import { Content, decodeEnvelope, encodeEnvelope, Signal, Source } from '@skein/schemas/envelope'
import type { IngestStore, TableBlock } from '@skein/store/contract'
import { StoreUnavailableError } from '@skein/store/errors'
import type { BuiltBlock } from '../rows/row-builder.ts'
import { BATCH_ID_BYTES } from './batch-ids.ts'
import type { RangeJob, RangeProcessor, RangeResult } from './range-job.ts'
import { parseRangeName } from './plan.ts'

/** What survives a crash: the log with its commits, and the store. */
export interface Durable {
  records: Buffer[][]
  commits: Map<number, Commit>
  /** `range:table` → rows, as text. */
  blocks: Map<string, string[]>
  /** Inserts of a token whose rows were not those it had: must stay empty. */
  changed: string[]
}

export function createDurable(records: Buffer[][]): Durable {
  return { records, commits: new Map(), blocks: new Map(), changed: [] }
}

/** A process's hold on what is durable: once dead, nothing it does arrives. */
export interface Life {
  dead: boolean
}

function alive<T>(life: Life, act: () => T): Promise<T> {
  return life.dead ? new Promise(() => undefined) : new Promise((resolve) => resolve(act()))
}

/** A log of one topic that obeys the contract as far as a consumer sees it. */
export function createFakeLog(durable: Durable, life: Life, runLength: number): EventLog {
  return {
    partitions: () => Promise.resolve(durable.records.length),
    append: () => Promise.reject(new Error('not in this test')),
    consume: (topics, _group, handler) => consume(durable, life, { topic: topics[0] ?? '', handler, runLength }),
    lag: (topics) =>
      Promise.resolve(
        durable.records.map(({ length }, partition) => {
          const committed = durable.commits.get(partition)?.next ?? null
          return { topic: topics[0] ?? '', partition, committed, end: length, lag: length - (committed ?? 0) }
        }),
      ),
    probe: () => Promise.resolve(),
    close: () => Promise.resolve({ remaining: 0 }),
  }
}

async function consume(durable: Durable, life: Life, options: { topic: string; handler: ConsumeHandler; runLength: number }): Promise<Subscription> {
  const { topic, handler, runLength } = options
  const paused = new Set<number>()
  const pump = async (partition: number, from: number): Promise<void> => {
    const records = durable.records[partition] ?? []
    for (let at = from; !life.dead; ) {
      if (at < records.length && !paused.has(partition)) {
        const run: StoredRecord[] = records.slice(at, at + runLength).map((value, i) => ({ offset: at + i, value }))
        at += run.length
        await handler.records(topic, partition, run)
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  for (const [partition] of durable.records.entries()) {
    const stored = durable.commits.get(partition)
    const from = await handler.assigned({ topic, partition, committed: stored?.next ?? null, note: stored?.note ?? null, earliest: 0 })
    void pump(partition, from ?? stored?.next ?? 0)
  }
  return {
    pause: (_topic, partition) => void paused.add(partition),
    resume: (_topic, partition) => void paused.delete(partition),
    commit: (commits) =>
      alive(life, () => {
        for (const commit of commits) durable.commits.set(commit.partition, commit)
      }),
    failed: new Promise<never>(() => undefined),
    stop: () => {
      life.dead = true
      return Promise.resolve({ remaining: 0 })
    },
  }
}

/** A store that keeps each token once. Every `failEvery`-th insert arrives and says that it did not. */
export function createFakeStore(durable: Durable, life: Life, failEvery: number): IngestStore {
  let inserts = 0
  return {
    insert: (range, block) =>
      alive(life, () => {
        const token = `${range}:${block.table}`
        // Held rows are made again in other batches than the first time.
        const rows = rowsOf(block).sort()
        const known = durable.blocks.get(token)
        if (known === undefined) durable.blocks.set(token, rows)
        else if (block.table !== 'ranges' && JSON.stringify(known) !== JSON.stringify(rows)) durable.changed.push(token)
        if (++inserts % failEvery === 0) throw new StoreUnavailableError('the answer was lost')
      }),
    logFilesBefore: () => alive(life, () => []),
    patternsBefore: () => alive(life, () => []),
    batchIdsSince: (_topic, partition, _sinceMs, beforeOffset = Number.MAX_SAFE_INTEGER) =>
      alive(life, () =>
        [...durable.blocks].flatMap(([token, rows]) => {
          const share = parseRangeName(token.slice(0, token.lastIndexOf(':')))?.shares.find((each) => each.partition === partition)
          if (!token.endsWith(':spans') || share === undefined || share.last >= beforeOffset) return []
          return rows.filter((row) => row.startsWith(`${partition}/`)).map((row) => batchId(row.slice(row.indexOf('/') + 1)).toString('hex'))
        }),
      ),
  }
}

function rowsOf(block: TableBlock): string[] {
  return block.table === 'ranges' ? [] : (block.blocks.flatMap((each) => JSON.parse(Buffer.from(each).toString()) as string[]) as string[])
}

/** A record of the test: an id, a key that pairs records, and a time. */
export interface TestRecord {
  id: string
  key: number
  timeMs: number
}

export function encodeRecord(record: TestRecord): Buffer {
  const header = { signal: Signal.traces, content: Content.otlp, source: Source.internal, receivedAtMs: record.timeMs, requestId: Buffer.alloc(16) }
  const rest = { part: 0, parts: 1, records: 1, limitsVersion: 1, tenant: 't', keyId: '' }
  return Buffer.from(encodeEnvelope({ ...header, ...rest }, [Buffer.from(JSON.stringify(record))], crc32))
}

export function decodeRecord(record: Uint8Array): TestRecord {
  return JSON.parse(Buffer.from(decodeEnvelope(record, crc32).payload).toString()) as TestRecord
}

function batchId(id: string): Buffer {
  return Buffer.from(id.padEnd(BATCH_ID_BYTES, '.'))
}

interface TestState {
  ids: Set<string>
  held: TestRecord[]
  logTimeMs: number
}

/**
 * Pairs each record with the newest one of its key within the window, per partition: memory that must be made again after a crash, for
 * the pairs come out as rows, and as sums that it may be asked to hold.
 */
export function createPairingProcessor(windowMs: number): RangeProcessor {
  const partitions = new Map<number, TestState>()
  const sums: string[] = []
  const stateOf = (partition: number): TestState => {
    const known = partitions.get(partition) ?? { ids: new Set(), held: [], logTimeMs: 0 }
    partitions.set(partition, known)
    return known
  }
  return {
    process: (job) => {
      const result = processRecords(job, stateOf, windowMs)
      const edges = result.blocks.find(({ table }) => table === 'edges')
      if (edges !== undefined) sums.push(...(JSON.parse(Buffer.from(edges.block).toString()) as string[]))
      if (!job.emit || job.holdsSums) return { ...result, heldBytes: sums.length }
      return { ...result, blocks: [...result.blocks, blockOf('path_time', sums.splice(0))] }
    },
    rebuild: () => [],
    learn: () => undefined,
    remember: (_topic, partition, { batchIds }) => {
      for (const id of batchIds) stateOf(partition).ids.add(id)
    },
    forget: (_topic, partition) => {
      partitions.delete(partition)
      sums.length = 0
    },
  }
}

function blockOf(table: 'spans' | 'edges' | 'instances' | 'path_time', rows: string[]): BuiltBlock {
  return { table, block: Buffer.from(JSON.stringify(rows)), rows: rows.length, days: [1] }
}

function processRecords(job: RangeJob, stateOf: (partition: number) => TestState, windowMs: number): RangeResult {
  const spans: string[] = []
  const edges: string[] = []
  let start = 0
  job.ends.forEach((end, i) => {
    const partition = job.partitions[i] ?? 0
    const state = stateOf(partition)
    const record = decodeRecord(job.bytes.subarray(start, end))
    start = end
    state.logTimeMs = Math.max(state.logTimeMs, record.timeMs)
    const id = batchId(record.id).toString('hex')
    if (state.ids.has(id)) return
    state.ids.add(id)
    state.held = state.held.filter(({ timeMs }) => timeMs > state.logTimeMs - windowMs)
    const partner = state.held.findLast(({ key }) => key === record.key)
    state.held.push(record)
    spans.push(`${partition}/${record.id}`)
    if (partner !== undefined) edges.push(`${partition}/${partner.id}>${record.id}`)
  })
  const logTimes = [...new Set(job.partitions)].map((partition) => ({ partition, logTimeMs: stateOf(partition).logTimeMs }))
  const counts = { tenant: 't', records: 1, visible: 1, repeats: 0, dead: 0, bytes: 1, newestNs: 0, batchIds: new Uint8Array(0) }
  const shares = logTimes.map(({ partition }) => ({ ...counts, partition }))
  return {
    blocks: job.emit ? [blockOf('spans', spans), blockOf('edges', edges), blockOf('instances', edges)] : [],
    shares: job.emit ? shares : [],
    drops: [],
    repeats: [],
    dead: [],
    logTimes,
    forgottenIds: 0,
    heldBytes: 0,
  }
}
