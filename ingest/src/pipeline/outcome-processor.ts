import { crc32 } from 'node:zlib'
import { Content, decodeEnvelope, EnvelopeError } from '@skein/schemas/envelope'
import type { DeadReason } from '@skein/schemas/dead-letter'
import { type OutcomeBatch, outcomeBatch } from '@skein/schemas/outcomes'
import { BATCH_ID_BYTES, createBatchIds, type BatchIds } from './batch-ids.ts'
import { NO_TENANT } from './damaged.ts'
import type { RangeJob, RangeProcessor, RangeResult } from './range-job.ts'
import { outcomeBlock, type OutcomeRow } from './range-tables.ts'
import { REPEAT_WINDOW_MS } from './envelope-intake.ts'
import { createShareCounter, type ShareCounter } from './share-counter.ts'

/** What collectors counted → rows of table `outcomes`. They are few, so this runs in the main thread. */
export function createOutcomeProcessor(options: { batchIdBytes: number }): RangeProcessor {
  const partitions = new Map<number, { ids: BatchIds; logTimeMs: number }>()
  const stateOf = (partition: number): { ids: BatchIds; logTimeMs: number } => {
    const known = partitions.get(partition) ?? { ids: createBatchIds({ windowMs: REPEAT_WINDOW_MS, maxBytes: options.batchIdBytes }), logTimeMs: 0 }
    partitions.set(partition, known)
    return known
  }
  return {
    process(job) {
      const counter = createShareCounter()
      const rows: OutcomeRow[] = []
      const dead: RangeResult['dead'] = []
      forEachRecord(job, (bytes, { partition, offset }) => {
        const bury = (reason: DeadReason): void => void dead.push({ partition, offset, reason })
        rows.push(...readOutcomes(bytes, { partition, state: stateOf(partition), counter, bury }))
      })
      const logTimes = [...new Set(job.partitions)].map((partition) => ({ partition, logTimeMs: stateOf(partition).logTimeMs }))
      const emitted = job.emit
        ? { blocks: outcomeBlock(rows), shares: counter.shares(), drops: counter.drops(), dead }
        : { blocks: [], shares: [], drops: [], dead: [] }
      return { ...emitted, repeats: [], logTimes, forgottenIds: 0, heldBytes: 0 }
    },
    rebuild: (job) => {
      const rows: OutcomeRow[] = []
      forEachRecord(job, (bytes, { partition }) => {
        const fresh = { ids: createBatchIds({ windowMs: REPEAT_WINDOW_MS, maxBytes: options.batchIdBytes }), logTimeMs: 0 }
        rows.push(...readOutcomes(bytes, { partition, state: fresh, counter: createShareCounter(), bury: () => undefined }))
      })
      return outcomeBlock(rows)
    },
    learn: () => undefined,
    remember(_topic, partition, { batchIds }, logTimeMs) {
      for (const id of batchIds) stateOf(partition).ids.add(Buffer.from(id, 'hex'), 0, logTimeMs)
    },
    forget: (_topic, partition) => void partitions.delete(partition),
  }
}

function forEachRecord(job: RangeJob, visit: (bytes: Uint8Array, position: { partition: number; offset: number }) => void): void {
  let start = 0
  job.ends.forEach((end, i) => {
    visit(job.bytes.subarray(start, end), { partition: job.partitions[i] ?? 0, offset: job.offsets[i] ?? 0 })
    start = end
  })
}

interface Context {
  partition: number
  state: { ids: BatchIds; logTimeMs: number }
  counter: ShareCounter
  bury: (reason: DeadReason) => void
}

/** Nothing for a repeat or a heartbeat; what cannot be read is a dead letter. */
function readOutcomes(bytes: Uint8Array, { partition, state, counter, bury }: Context): OutcomeRow[] {
  const dead = (reason: DeadReason, tenant: string, keyId: string): [] => {
    bury(reason)
    counter.dropped({ partition, tenant, keyId, logTimeMs: state.logTimeMs }, 'dead', { reason: 'dead_letter', requests: 1, records: 0, bytes: bytes.length })
    return []
  }
  try {
    const envelope = decodeEnvelope(bytes, crc32)
    state.logTimeMs = Math.max(state.logTimeMs, envelope.receivedAtMs)
    if (envelope.content === Content.heartbeat || !state.ids.add(bytes, 16, state.logTimeMs)) return []
    counter.accepted({ ...envelope, partition, logTimeMs: state.logTimeMs }, bytes.subarray(16, 16 + BATCH_ID_BYTES))
    const batch = parseBatch(envelope.payload)
    if (batch === null) return dead('payload', envelope.tenant, envelope.keyId)
    return batch.outcomes.map((outcome) => ({ ...outcome, tenant: envelope.tenant }))
  } catch (error) {
    if (error instanceof EnvelopeError || error instanceof TypeError) return dead('envelope', NO_TENANT, '')
    throw error
  }
}

function parseBatch(payload: Uint8Array): OutcomeBatch | null {
  try {
    return outcomeBatch.safeParse(JSON.parse(Buffer.from(payload).toString('utf8'))).data ?? null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
