import type { IngestStore, TableBlock } from '@skein/store/contract'
import { RejectedBlockError } from '@skein/store/errors'
import type { TableName } from '@skein/store/tables'
import { type Backoff, retryUntilDone } from './backoff.ts'
import type { CutRange } from './cut-range.ts'
import { buryRecords, type Cemetery, deadRecordsOf } from './dead-letters.ts'
import { type IngestLogger, reasonOf } from './ingest-logger.ts'
import type { IngestMetrics } from './ingest-metrics.ts'
import type { QueuedRecord } from './partition.ts'
import { type Range, rangeName, rangeOf } from './plan.ts'
import type { RangeResult } from './range-job.ts'
import { byTable, closingTables } from './range-tables.ts'
import type { RangeWorkers } from './range-workers.ts'

/** A step of the life of a range, for tests that end the process there. */
export type Failpoint = (step: 'planned' | `inserted:${string}` | 'buried' | 'done') => void | Promise<void>

export interface DeliveryOptions {
  topic: string
  store: IngestStore
  workers: Pick<RangeWorkers, 'rebuild'>
  cemetery: Cemetery
  backoff: Backoff
  logger: IngestLogger
  metrics: IngestMetrics
  failpoint: Failpoint
  signal: AbortSignal
}

export interface Delivery {
  /**
   * Resolves when every table of the range is durable, and what nothing comes of is counted and kept. `redo`: a predecessor may have
   * begun it. Rollups first, rows after, then dead letters, the range's own row last.
   */
  deliver(cut: CutRange, result: RangeResult, redo: boolean): Promise<void>
}

/** Tables whose rows can be made again from any part of the records. */
export const REBUILT: ReadonlySet<TableName> = new Set(['resources', 'traces', 'trace_services', 'spans', 'span_links', 'scenario_steps', 'logs', 'outcomes'])

export function createDelivery(options: DeliveryOptions): Delivery {
  return {
    async deliver(cut, result, redo) {
      const dead = new Set<QueuedRecord>()
      for (const block of byTable(result.blocks)) {
        if (!(await insertBlock(cut.range, block, redo, options))) await insertParts(block, withoutRepeats(cut, result), { ...options, dead })
        await options.failpoint(`inserted:${block.table}`)
      }
      const buried = deadRecordsOf(cut.records, result, dead)
      if (buried.length > 0) {
        await options.cemetery.bury(options.topic, buried, result.logTimes)
        await options.failpoint('buried')
      }
      for (const block of closingTables(cut.range, buryRecords(result, dead))) {
        if (!(await insertBlock(cut.range, block, redo, options))) options.metrics.rejected(block.table, block.rows)
        await options.failpoint(`inserted:${block.table}`)
      }
    },
  }
}

function withoutRepeats(cut: CutRange, result: RangeResult): QueuedRecord[] {
  const repeats = new Set(result.repeats.map(({ partition, offset }) => `${partition}:${offset}`))
  return cut.records.filter(({ partition, offset }) => !repeats.has(`${partition}:${offset}`))
}

/** False when the store refused the block for good. Anything else is tried again without end. */
async function insertBlock(range: Range, block: TableBlock, redo: boolean, options: DeliveryOptions): Promise<boolean> {
  const name = rangeName(range)
  let again = redo
  try {
    await retryUntilDone(() => options.store.insert(name, block, again), {
      backoff: options.backoff,
      signal: options.signal,
      permanent: (error) => error instanceof RejectedBlockError,
      failed: (error, afterMs) => {
        // It may have arrived all the same.
        again = true
        options.metrics.retried()
        options.logger.warn({ event: 'insert_failed', range: name, table: block.table, afterMs, reason: reasonOf(error) }, 'The store did not take a block')
      },
    })
    return true
  } catch (error) {
    if (!(error instanceof RejectedBlockError)) throw error
    options.logger.error(
      { event: 'block_rejected', range: name, table: block.table, rows: block.rows, reason: reasonOf(error) },
      'The store refused a block for good',
    )
    return false
  }
}

/**
 * A refused block is halved by records until the one that is to blame stands alone: it is dead, the others arrive. Each part is a range
 * of its own offsets, so a repeat of all this finds what is there already. A refused rollup has no parts: its rows are given up, counted.
 */
async function insertParts(block: TableBlock, records: readonly QueuedRecord[], options: DeliveryOptions & { dead: Set<QueuedRecord> }): Promise<void> {
  const [first] = records
  if (!REBUILT.has(block.table) || first === undefined) {
    options.metrics.rejected(block.table, block.rows)
    return
  }
  if (records.length === 1) {
    options.dead.add(first)
    return
  }
  const middle = records.length >> 1
  for (const part of [records.slice(0, middle), records.slice(middle)]) {
    const rebuilt = byTable(await options.workers.rebuild(options.topic, part)).find(({ table }) => table === block.table)
    if (rebuilt === undefined || (await insertBlock(rangeOf(options.topic, part), rebuilt, true, options))) continue
    await insertParts(rebuilt, part, options)
  }
}
