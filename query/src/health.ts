import { isoTime } from './window.ts'

export interface Health {
  ok: boolean
  /** Why not; null when it answers. */
  error: string | null
  /** When it stopped answering. */
  since: string | null
}

/** Asks a dependency whether it answers, and remembers since when it does not. */
export function createHealth(clock: () => number, timeoutMs: number): (probe: () => Promise<void>) => Promise<Health> {
  let failedSinceMs: number | null = null
  return async (probe) => {
    try {
      await within(probe(), timeoutMs)
      failedSinceMs = null
      return { ok: true, error: null, since: null }
    } catch (error) {
      failedSinceMs ??= clock()
      return { ok: false, error: messageOf(error), since: isoTime(failedSinceMs) }
    }
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Rejects when the answer takes longer: what hangs is as bad as what fails. */
export function within<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
