import { setTimeout as sleep } from 'node:timers/promises'

export interface Backoff {
  firstMs: number
  lastMs: number
}

/** Raised when a retried thing is given up because the process stops. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError'
}

export interface Retry {
  backoff: Backoff
  signal: AbortSignal
  /** Errors for which trying again is no use are thrown on. */
  permanent(error: unknown): boolean
  /** Told of every failure that is tried again. */
  failed(error: unknown, afterMs: number): void
}

/** Repeats `attempt` without end, waiting twice as long each time. Throws `StoppedError` when the signal is aborted, and what is permanent. */
export async function retryUntilDone<T>(attempt: () => Promise<T>, retry: Retry): Promise<T> {
  for (let waitMs = retry.backoff.firstMs; ; waitMs = Math.min(waitMs * 2, retry.backoff.lastMs)) {
    if (retry.signal.aborted) throw new StoppedError('stopped')
    try {
      return await attempt()
    } catch (error) {
      if (retry.permanent(error)) throw error
      retry.failed(error, waitMs)
    }
    await sleep(waitMs, undefined, { signal: retry.signal }).catch(() => undefined)
  }
}
