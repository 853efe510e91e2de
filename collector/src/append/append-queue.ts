import type { AppendRecord, EventLog } from '@skein/eventlog/contract'
import { within } from '../within.ts'

export interface AppendQueueOptions {
  log: EventLog
  topic: string
  /** Requests are joined into one append up to this size. */
  maxBatchBytes: number
  /** Appends under way at once. */
  maxInflight: number
  /** Called after each append that became durable. */
  committed(): void
}

export interface AppendQueue {
  /** Resolves when the records are durable; rejects with the log's error. All of one call are in one append. */
  append(records: readonly AppendRecord[]): Appending
  readonly pending: number
  /** Resolves when nothing is pending, or after `timeoutMs`. */
  idle(timeoutMs: number): Promise<void>
}

export interface Appending {
  done: Promise<void>
  /** Takes the records back when no append has begun with them; false when it is too late. `done` then rejects. */
  abandon(): boolean
}

interface Waiting {
  records: readonly AppendRecord[]
  bytes: number
  resolve: () => void
  reject: (error: unknown) => void
}

/**
 * Joins what requests bring while an append is under way, so that the log flushes once for many. With nothing under way
 * a request waits for no timer: only for those that came in the same turn of the loop.
 */
export function createAppendQueue(options: AppendQueueOptions): AppendQueue {
  const waiting: Waiting[] = []
  let inflight = 0
  let pending = 0
  let scheduled = false
  let idle: (() => void) | null = null

  function settle(): void {
    pending--
    if (pending === 0) idle?.()
  }

  function schedule(): void {
    if (scheduled || inflight >= options.maxInflight || waiting.length === 0) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      while (waiting.length > 0 && inflight < options.maxInflight) void flush(takeBatch(waiting, options.maxBatchBytes))
    })
  }

  async function flush(batch: Waiting[]): Promise<void> {
    inflight++
    try {
      await options.log.append(
        options.topic,
        batch.flatMap(({ records }) => records),
      )
      options.committed()
      for (const { resolve } of batch) resolve()
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      inflight--
      schedule()
    }
  }

  return {
    get pending() {
      return pending
    },
    async idle(timeoutMs) {
      if (pending === 0) return
      const { promise, resolve } = Promise.withResolvers<void>()
      idle = resolve
      await within(promise, timeoutMs)
    },
    append(records) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const entry: Waiting = { records, bytes: records.reduce((sum, { value }) => sum + value.length, 0), resolve, reject }
      pending++
      waiting.push(entry)
      schedule()
      return { done: promise.finally(settle), abandon: () => takeBack(waiting, entry) }
    },
  }
}

function takeBack(waiting: Waiting[], entry: Waiting): boolean {
  const at = waiting.indexOf(entry)
  if (at < 0) return false
  waiting.splice(at, 1)
  entry.reject(new Error('taken back'))
  return true
}

function takeBatch(waiting: Waiting[], maxBytes: number): Waiting[] {
  let bytes = 0
  let count = 0
  while (count < waiting.length && (count === 0 || bytes + waiting[count]!.bytes <= maxBytes)) bytes += waiting[count++]!.bytes
  return waiting.splice(0, count)
}
