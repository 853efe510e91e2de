import type { IngestStore, TableBlock } from '@skein/store/contract'
import { RejectedBlockError } from '@skein/store/errors'
import { type Backoff, retryUntilDone } from './backoff.ts'
import { type IngestLogger, reasonOf } from './ingest-logger.ts'
import type { IngestMetrics } from './ingest-metrics.ts'
import type { Failpoint } from './lane.ts'
import { type Range, rangeName } from './plan.ts'

export interface DeliveryOptions {
  store: IngestStore
  backoff: Backoff
  logger: IngestLogger
  metrics: IngestMetrics
  failpoint: Failpoint
  signal: AbortSignal
}

export interface Delivery {
  /** Resolves when every table of the range is durable, or refused for good and counted. `redo`: a predecessor may have begun it. */
  deliver(range: Range, tables: readonly TableBlock[], redo: boolean): Promise<void>
}

export function createDelivery(options: DeliveryOptions): Delivery {
  return {
    async deliver(range, tables, redo) {
      for (const block of tables) {
        await insertOne(range, block, redo, options)
        await options.failpoint(`inserted:${block.table}`)
      }
    },
  }
}

async function insertOne(range: Range, block: TableBlock, redo: boolean, options: DeliveryOptions): Promise<void> {
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
  } catch (error) {
    if (!(error instanceof RejectedBlockError)) throw error
    options.metrics.rejected(block.table, block.rows)
    options.logger.error(
      { event: 'block_rejected', range: name, table: block.table, rows: block.rows, reason: reasonOf(error) },
      'The store refused a block for good',
    )
  }
}
