import type { EventLog } from '@skein/eventlog/contract'
import { appendRefusal } from '../intake/append-refusal.ts'

export interface Readiness {
  /** A commit just made shows that data can be made durable. */
  committed(): void
  /** null when data can be made durable, else why not. Never rejects. */
  problem(): Promise<string | null>
}

/** How long a commit or probe speaks for the log, and how long a probe may take. */
const FRESH_MS = 2000

export function createReadiness(options: { log: EventLog; clock: () => number; draining(): boolean }): Readiness {
  let goodAtMs = -Infinity
  let probing: Promise<string | null> | null = null

  async function probe(): Promise<string | null> {
    const late = Promise.withResolvers<string>()
    const timer = setTimeout(() => late.resolve('the log does not answer'), FRESH_MS)
    try {
      const problem = await Promise.race([options.log.probe().then(() => null), late.promise])
      if (problem === null) goodAtMs = options.clock()
      return problem
    } catch (error) {
      return appendRefusal(error).message
    } finally {
      clearTimeout(timer)
      probing = null
    }
  }

  return {
    committed() {
      goodAtMs = options.clock()
    },
    async problem() {
      if (options.draining()) return 'draining'
      if (options.clock() - goodAtMs < FRESH_MS) return null
      probing ??= probe()
      return await probing
    },
  }
}
