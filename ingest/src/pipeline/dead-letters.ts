import { crc32 } from 'node:zlib'
import type { EventLog } from '@skein/eventlog/contract'
import { decodeEnvelope, EnvelopeError } from '@skein/schemas/envelope'
import { type DeadReason, encodeDeadLetter } from '@skein/schemas/dead-letter'
import { MAX_DEAD_LETTER_BYTES, Topic } from '@skein/schemas/topics'
import { type Backoff, retryUntilDone } from './backoff.ts'
import { NO_TENANT } from './damaged.ts'
import { type IngestLogger, reasonOf } from './ingest-logger.ts'
import type { QueuedRecord } from './partition.ts'
import type { RangeResult } from './range-job.ts'

const MS_PER_MINUTE = 60_000
/** Of one append, so that a range full of garbage is no single batch of its whole size. */
const APPEND_BYTES = 4 * MAX_DEAD_LETTER_BYTES

/** The counts of a range whose `dead` records the store refused: not visible, but dead letters. */
export function buryRecords(result: RangeResult, dead: ReadonlySet<QueuedRecord>): RangeResult {
  if (dead.size === 0) return result
  const buried = { ...result, shares: result.shares.map((share) => ({ ...share })), drops: [...result.drops] }
  for (const { partition, value } of dead) {
    const { tenant, keyId, receivedAtMs, records } = decodeEnvelope(value, crc32)
    const share = buried.shares.find((each) => each.partition === partition && each.tenant === tenant)
    if (share !== undefined) {
      share.visible = Math.max(0, share.visible - records)
      share.dead += records
    }
    const minuteMs = Math.floor(receivedAtMs / MS_PER_MINUTE) * MS_PER_MINUTE
    buried.drops.push({ tenant, keyId, minuteMs, kind: 'dead', reason: 'dead_letter', requests: 1, records, bytes: value.length })
  }
  return buried
}

/** A record of which nothing came, or of which a rule kept lines back that it could not redact. */
export interface DeadRecord {
  record: QueuedRecord
  reason: DeadReason
}

/** Every record of the range that is dead: what the workers could not read or redact, and what the store refused. */
export function deadRecordsOf(records: readonly QueuedRecord[], result: Pick<RangeResult, 'dead'>, refused: Iterable<QueuedRecord>): DeadRecord[] {
  const unread = new Map(result.dead.map(({ partition, offset, reason }) => [`${partition}:${offset}`, reason]))
  const found = records.flatMap((record): DeadRecord[] => {
    const reason = unread.get(`${record.partition}:${record.offset}`)
    return reason === undefined ? [] : [{ record, reason }]
  })
  return [...found, ...[...refused].map((record): DeadRecord => ({ record, reason: 'store' }))]
}

/** Where dead records are kept for people. */
export interface Cemetery {
  /**
   * Resolves when all letters are durable in `skein.dead`; asks again without end. A crash before the range's commit buries the same records once
   * more: readers know a letter by its topic, partition and offset.
   */
  bury(topic: string, dead: readonly DeadRecord[], logTimes: RangeResult['logTimes']): Promise<void>
}

export interface CemeteryOptions {
  log: Pick<EventLog, 'append'>
  backoff: Backoff
  logger: IngestLogger
  signal: AbortSignal
}

export function createCemetery({ log, backoff, logger, signal }: CemeteryOptions): Cemetery {
  const append = (values: readonly Uint8Array[]): Promise<unknown> =>
    retryUntilDone(
      () =>
        log.append(
          Topic.dead,
          values.map((value) => ({ partition: 0, value })),
        ),
      {
        backoff,
        signal,
        permanent: () => false,
        failed: (error, afterMs) => logger.warn({ event: 'dead_letters_wait', afterMs, reason: reasonOf(error) }, 'The log did not take dead letters'),
      },
    )
  return {
    async bury(topic, dead, logTimes) {
      let values: Uint8Array[] = []
      let bytes = 0
      for (const { record, reason } of dead) {
        const atMs = logTimes.find(({ partition }) => partition === record.partition)?.logTimeMs ?? 0
        const { partition, offset, value } = record
        const letter = encodeDeadLetter({ topic, partition, offset, reason, atMs, record: value, ...ownerOf(value) }, crc32)
        if (bytes > 0 && bytes + letter.length > APPEND_BYTES) {
          await append(values)
          values = []
          bytes = 0
        }
        values.push(letter)
        bytes += letter.length
      }
      if (values.length > 0) await append(values)
    },
  }
}

function ownerOf(value: Uint8Array): { tenant: string; keyId: string } {
  try {
    const { tenant, keyId } = decodeEnvelope(value, crc32)
    return { tenant: tenant === '' ? NO_TENANT : tenant, keyId }
  } catch (error) {
    if (error instanceof EnvelopeError || error instanceof TypeError) return { tenant: NO_TENANT, keyId: '' }
    throw error
  }
}
