import type { AgentLogger } from '../agent-deps.ts'
import { encodingOf } from '../send/compress.ts'
import type { AgentSignal } from '../send/counters.ts'
import type { Sender } from '../send/sender.ts'
import type { DiskBuffer } from './disk-buffer.ts'

/** Brings what the buffer holds of one signal to the collector, the oldest first, one request at a time; what it does not take now stays. */
export interface Courier {
  /** There is something in the buffer. */
  wake(): void
  /** Why the buffer cannot be read or written; null when it can. */
  readonly trouble: string | null
  /** Resolves when nothing is under way; what still is after the time is cut off and sent again after the next start. */
  stop(deadlineMs: number): Promise<void>
}

export interface CourierOptions {
  buffer: DiskBuffer
  signal: AgentSignal
  sender: Sender
  logger: AgentLogger
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Ends what is under way. */
  cutOff: () => void
}

/** A file that cannot be read or written now may be later. */
const BROKEN_WAIT_MS = 5000

export function createCourier(options: CourierOptions): Courier {
  const { buffer, signal, sender, logger, sleep, cutOff } = options
  const stopping = new AbortController()
  let running: Promise<void> | null = null
  let woken = false
  let trouble: string | null = null

  async function bringAll(): Promise<void> {
    while (!stopping.signal.aborted) {
      const request = buffer.oldest(signal)
      if (request === null) return
      const sent = await sender.send(request.body, { packed: encodingOf(request.body), records: request.key[3], size: 'fixed' })
      // Settled alone is done with: whatever else became of it, it is sent again.
      if (sent === 'settled') await buffer.remove(request.key)
      trouble = null
    }
  }

  async function serve(): Promise<void> {
    while (woken && !stopping.signal.aborted) {
      woken = false
      try {
        await bringAll()
      } catch (error) {
        if (trouble === null)
          logger.error({ event: 'buffer_broken', signal, why: String(error) }, 'The buffer on disk cannot be read or written; it is tried again')
        trouble = String(error)
        woken = true
        await sleep(BROKEN_WAIT_MS, stopping.signal)
      }
    }
  }

  function wake(): void {
    woken = true
    if (stopping.signal.aborted) return
    running ??= serve().finally(() => {
      running = null
      if (woken) wake()
    })
  }

  return {
    wake,
    get trouble() {
      return trouble
    },
    async stop(deadlineMs) {
      stopping.abort()
      sender.stop()
      const done = new AbortController()
      await Promise.race([running, sleep(deadlineMs, done.signal)])
      done.abort()
      cutOff()
      await running
    },
  }
}
