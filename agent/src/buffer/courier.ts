import type { AgentLogger } from '../agent-deps.ts'
import type { Encoding } from '../send/compress.ts'
import type { Counters } from '../send/counters.ts'
import type { Delivery, Exporter } from '../send/exporter.ts'
import type { BufferedSignal, DiskBuffer } from './disk-buffer.ts'

/** Brings what the buffer holds of one signal to the collector, the oldest first, one request at a time; what it does not take now stays. */
export interface Courier {
  /** There is something in the buffer. */
  wake(): void
  /** Why nothing is taken at the moment; null when the last answer was good. */
  readonly trouble: string | null
  /** Resolves when nothing is under way; what still is after the time is cut off and sent again after the next start. */
  stop(deadlineMs: number): Promise<void>
}

export interface CourierOptions {
  buffer: DiskBuffer
  signal: BufferedSignal
  exporter: Exporter
  /** How requests in the buffer are compressed. */
  encoding: Encoding
  counters: Counters
  logger: AgentLogger
  random: () => number
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 30_000
const LONGEST_ASKED_MS = 5 * 60_000

export function createCourier(options: CourierOptions): Courier {
  const { buffer, signal, exporter, encoding, random, sleep } = options
  const stopping = new AbortController()
  const told = createTold(options)
  let running: Promise<void> | null = null
  let trouble: string | null = null

  async function run(): Promise<void> {
    let waitMs = FIRST_WAIT_MS
    while (!stopping.signal.aborted) {
      const request = buffer.oldest(signal)
      if (request === null) return
      const delivery = await exporter.send(request.body, encoding)
      if (delivery.kind === 'retry') {
        options.counters.retries++
        if (trouble !== delivery.why)
          options.logger.warn(
            { event: 'collector_away', signal, why: delivery.why },
            `The collector takes no ${signal}: they wait on disk, and the oldest go when that is full`,
          )
        trouble = delivery.why
        const wantedMs = Math.min(delivery.afterMs ?? (delivery.config ? LONGEST_WAIT_MS : waitMs), LONGEST_ASKED_MS)
        await sleep(wantedMs * (0.8 + 0.4 * random()), stopping.signal)
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
        continue
      }
      waitMs = FIRST_WAIT_MS
      trouble = null
      options.counters.requests++
      told.settle(delivery)
      await buffer.remove(request.key)
    }
  }

  function wake(): void {
    if (stopping.signal.aborted) return
    running ??= run()
      .catch((error: unknown) => options.logger.error({ event: 'buffer_broken', why: String(error) }, 'The buffer on disk cannot be read or written'))
      .finally(() => {
        running = null
        if (!stopping.signal.aborted && buffer.oldest(signal) !== null) wake()
      })
  }

  return {
    wake,
    get trouble() {
      return trouble
    },
    async stop(deadlineMs) {
      stopping.abort()
      const done = new AbortController()
      await Promise.race([running, sleep(deadlineMs, done.signal)])
      done.abort()
      exporter.close()
      await running
    },
  }
}

/** What is refused for good is counted, and told of once for each reason, whatever numbers it names. */
function createTold({ counters, logger, signal }: CourierOptions): { settle(delivery: Settled): void } {
  let last: string | null = null
  return {
    settle(delivery) {
      const { refused, why } = refusalOf(delivery)
      counters.refusedRecords += refused
      const reason = refused > 0 ? why.replaceAll(/\d+/g, '0') : null
      if (reason !== null && reason !== last)
        logger.warn({ event: 'buffered_refused', signal, why }, `The collector refuses ${signal} for good; this is told once`)
      last = reason
    },
  }
}

type Settled = Exclude<Delivery, { kind: 'retry' }>

function refusalOf(delivery: Settled): { refused: number; why: string } {
  if (delivery.kind === 'ok') return { refused: delivery.rejected, why: delivery.message }
  return { refused: 1, why: delivery.kind === 'encoding' ? 'the collector takes no gzip (415)' : delivery.why }
}
