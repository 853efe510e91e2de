import { crc32 } from 'node:zlib'
import type { StoredRecord } from '@skein/eventlog/contract'
import type { IngestStore } from '@skein/store/contract'
import { Topic } from '@skein/schemas/topics'
import { decodeEnvelope, EnvelopeError } from '@skein/schemas/envelope'
import { type Backoff, retryUntilDone } from './backoff.ts'
import { type IngestLogger, reasonOf } from './ingest-logger.ts'
import type { Partition } from './partition.ts'
import { REPEAT_WINDOW_MS } from './envelope-intake.ts'
import type { PartitionMemory } from './range-job.ts'
import type { RangeWorkers } from './range-workers.ts'

/** Asks the store what ranges left that ended before the first record of a partition. */
export type Recall = (partition: number, first: { offset: number; receivedAtMs: number }) => Promise<PartitionMemory>

export interface RememberOptions {
  topic: string
  recall: Recall
  workers: Pick<RangeWorkers, 'remember'>
  backoff: Backoff
  signal: AbortSignal
  logger: IngestLogger
}

/** A tailed file is known by its place for a day, however long its agent is away within it. */
const FILE_WINDOW_MS = 86_400_000

/** What a topic's processor remembers beyond what is read again: batch ids of an hour, and of logs where files were read to, and patterns. */
export function createRecall(topic: string, store: IngestStore): Recall {
  return async (partition, { offset, receivedAtMs }) => {
    const since = (windowMs: number): number => Math.max(0, receivedAtMs - windowMs)
    const batchIds = await store.batchIdsSince(topic, partition, since(REPEAT_WINDOW_MS), offset)
    if (topic !== Topic.logs) return { batchIds }
    const [logFiles, logPatterns] = await Promise.all([store.logFilesBefore(partition, offset, since(FILE_WINDOW_MS)), store.patternsBefore(partition, offset)])
    return { batchIds, logFiles, logPatterns }
  }
}

/**
 * Before the first record of a partition is looked at, its worker learns what the ranges left that ended before it. Ranges from the first
 * record on are read again, so nothing of them must be known yet.
 */
export async function rememberBefore(partition: Partition, records: readonly StoredRecord[], options: RememberOptions): Promise<void> {
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
  const memory = await retryUntilDone(() => options.recall(partition.number, first), {
    backoff: options.backoff,
    signal: options.signal,
    permanent: () => false,
    failed: (error, afterMs) =>
      options.logger.warn(
        { event: 'store_unavailable', topic: options.topic, partition: partition.number, afterMs, reason: reasonOf(error) },
        'The store did not answer',
      ),
  })
  options.workers.remember(options.topic, partition.number, memory, receivedAtMs)
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
