import type { StoredRecord } from '@skein/eventlog/contract'
import type { IngestStore } from '@skein/store/contract'
import { type Backoff, retryUntilDone } from './backoff.ts'
import { type IngestLogger, reasonOf } from './ingest-logger.ts'
import type { Partition } from './partition.ts'
import { REPEAT_WINDOW_MS } from './range-processor.ts'
import type { RangeWorkers } from './range-workers.ts'

export interface RememberOptions {
  topic: string
  store: IngestStore
  workers: Pick<RangeWorkers, 'remember'>
  backoff: Backoff
  signal: AbortSignal
  logger: IngestLogger
}

const RECEIVED_AT = 8

/**
 * Before the first record of a partition is looked at, its worker learns the batch ids of the ranges that ended before it, an hour of
 * log time back. Ranges from the first record on are read again, so their ids must not be known yet.
 */
export async function rememberBatchIds(partition: Partition, records: readonly StoredRecord[], options: RememberOptions): Promise<void> {
  const first = records[0]
  if (first === undefined) return
  partition.remembered ??= load(partition, first, options)
  await partition.remembered
}

async function load(partition: Partition, first: StoredRecord, options: RememberOptions): Promise<void> {
  const receivedAtMs = receivedAt(first.value)
  const ids = await retryUntilDone(
    () => options.store.batchIdsSince(options.topic, partition.number, Math.max(0, receivedAtMs - REPEAT_WINDOW_MS), first.offset),
    {
      backoff: options.backoff,
      signal: options.signal,
      permanent: () => false,
      failed: (error, afterMs) =>
        options.logger.warn(
          { event: 'store_unavailable', topic: options.topic, partition: partition.number, afterMs, reason: reasonOf(error) },
          'The store did not answer',
        ),
    },
  )
  options.workers.remember(options.topic, partition.number, ids, receivedAtMs)
}

/** As the header says. One that is damaged makes the question wider or narrower, never the answer wrong for the records behind it. */
function receivedAt(value: Buffer): number {
  return value.length < RECEIVED_AT + 8 ? 0 : value.readUInt32LE(RECEIVED_AT) + value.readUInt32LE(RECEIVED_AT + 4) * 0x1_0000_0000
}
