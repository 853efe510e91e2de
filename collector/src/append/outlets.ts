import type { EventLog } from '@skein/eventlog/contract'
import { Topic } from '@skein/schemas/topics'
import type { StoredSignal } from '../answers/export-response.ts'
import { createAppendQueue } from './append-queue.ts'
import type { AppendQueue } from './append-queue.ts'

/** The way to a signal's topic. */
interface Outlet {
  queue: AppendQueue
  partitions: number
}

export interface Outlets extends Readonly<Record<StoredSignal, Outlet>> {
  /** Appends not settled. */
  pending(): number
  /** Resolves when nothing is pending, or after `timeoutMs`. */
  idle(timeoutMs: number): Promise<void>
}

const BATCH_BYTES = 4 * 1024 * 1024
const MAX_APPENDS = 4

/** `committed` is called after each append that became durable. */
export async function openOutlets(log: EventLog, committed: () => void): Promise<Outlets> {
  const open = async (topic: Topic): Promise<Outlet> => ({
    partitions: await log.partitions(topic),
    queue: createAppendQueue({ log, topic, maxBatchBytes: BATCH_BYTES, maxInflight: MAX_APPENDS, committed }),
  })
  const [traces, logs] = await Promise.all([open(Topic.traces), open(Topic.logs)])
  return {
    traces,
    logs,
    pending: () => traces.queue.pending + logs.queue.pending,
    async idle(timeoutMs) {
      await Promise.all([traces.queue.idle(timeoutMs), logs.queue.idle(timeoutMs)])
    },
  }
}
