import { crc32 } from 'node:zlib'
import type { AppendRecord, EventLog } from '@skein/eventlog/contract'
import { Content, encodeEnvelope, Signal, Source } from '@skein/schemas/envelope'
import type { OutcomeBatch } from '@skein/schemas/outcomes'
import { partitionOfHash, textHash } from '@skein/schemas/partition'
import { MAX_ENVELOPE_BYTES, Topic } from '@skein/schemas/topics'
import { LIMITS_VERSION } from '../intake/limits-version.ts'
import type { OutcomeCounter } from './outcome-counter.ts'

export interface OutcomePublisherOptions {
  log: EventLog
  counter: OutcomeCounter
  partitions: number
  clock: () => number
  randomBytes: (count: number) => Uint8Array
}

/** A row is at most this long as JSON: names of a closed set, a key id and four numbers. */
const ROW_BYTES = 512
const ROWS_PER_ENVELOPE = Math.floor(MAX_ENVELOPE_BYTES / ROW_BYTES / 2)

/** Appends what was counted since the last call, each tenant to the partition of its name; counts survive a failed append. */
export async function publishOutcomes(options: OutcomePublisherOptions): Promise<void> {
  const taken = options.counter.take()
  const records: AppendRecord[] = []
  for (const [tenant, batch] of taken) {
    const partition = partitionOfHash(textHash(tenant), options.partitions)
    for (let from = 0; from < batch.outcomes.length; from += ROWS_PER_ENVELOPE)
      records.push({ partition, value: outcomeEnvelope(tenant, { outcomes: batch.outcomes.slice(from, from + ROWS_PER_ENVELOPE) }, options) })
  }
  if (records.length === 0) return
  try {
    await options.log.append(Topic.outcomes, records)
  } catch (error) {
    options.counter.restore(taken)
    throw error
  }
}

function outcomeEnvelope(tenant: string, batch: OutcomeBatch, options: OutcomePublisherOptions): Uint8Array {
  const header = {
    signal: Signal.outcomes,
    content: Content.json,
    source: Source.internal,
    receivedAtMs: options.clock(),
    requestId: options.randomBytes(16),
    part: 0,
    parts: 1,
    records: batch.outcomes.length,
    limitsVersion: LIMITS_VERSION,
    tenant,
    keyId: '',
  }
  return encodeEnvelope(header, [Buffer.from(JSON.stringify(batch))], crc32)
}
