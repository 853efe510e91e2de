import { crc32 } from 'node:zlib'
import type { StoredRecord } from '@skein/eventlog/contract'
import type { IngestStore } from '@skein/store/contract'
import { decodeEnvelope, EnvelopeError } from '@skein/schemas/envelope'
import { type Backoff, retryUntilDone } from './backoff.ts'
import { type IngestLogger, reasonOf } from './ingest-logger.ts'
import type { Partition } from './partition.ts'
import { REPEAT_WINDOW_MS } from './envelope-intake.ts'
import type { RangeWorkers } from './range-workers.ts'

export interface RememberOptions {
  topic: string
  store: IngestStore
  workers: Pick<RangeWorkers, 'remember'>
  backoff: Backoff
  signal: AbortSignal
  logger: IngestLogger
}

/**
 * Before the first record of a partition is looked at, its worker learns the batch ids of the ranges that ended before it, an hour of
 * log time back. Ranges from the first record on are read again, so their ids must not be known yet.
 */
export async function rememberBatchIds(partition: Partition, records: readonly StoredRecord[], options: RememberOptions): Promise<void> {
  partition.remembered ??= loadFor(partition, records, options)
  await partition.remembered
}

/** Null while no record can be read: such have no batch id, so that nothing has to be known yet. */
function loadFor(partition: Partition, records: readonly StoredRecord[], options: RememberOptions): Promise<void> | null {
  for (const { offset, value } of records) {
    const receivedAtMs = receivedAt(value)
    if (receivedAtMs !== null) return load(partition, { offset, receivedAtMs }, options)
  }
  return null
}

async function load(partition: Partition, first: { offset: number; receivedAtMs: number }, options: RememberOptions): Promise<void> {
  const { receivedAtMs } = first
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

/** Null for an envelope that cannot be read: what it says of its time is no more than noise. */
function receivedAt(value: Uint8Array): number | null {
  try {
    return decodeEnvelope(value, crc32).receivedAtMs
  } catch (error) {
    if (error instanceof EnvelopeError || error instanceof TypeError) return null
    throw error
  }
}
