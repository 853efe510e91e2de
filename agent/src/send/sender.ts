import type { AgentLogger } from '../agent-deps.ts'
import { type Encoding, zstdToGzip } from './compress.ts'
import type { Counters } from './counters.ts'
import type { Delivery, Exporter } from './exporter.ts'

/** How one request ended. `smaller`: to be made again from its feeds with less in it. `stopped`: nothing is known, it is sent again after the next start. */
export type Sent = 'settled' | 'smaller' | 'stopped'

export interface Sender {
  /** Sends until the collector takes it or refuses it for good, however long that takes. */
  send(body: Buffer, request: { encoding: Encoding; records: number /** It can be made of less. */; smaller: boolean }): Promise<Sent>
  /** Why nothing is taken at the moment; null when the last answer was good. */
  readonly trouble: string | null
  /** What is still being sent ends within the time, or is left. */
  stop(): void
}

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 30_000
/** Nobody may park the agent for longer by asking it to. */
const LONGEST_ASKED_MS = 5 * 60_000

export interface SenderOptions {
  exporter: Exporter
  counters: Counters
  logger: AgentLogger
  random: () => number
  /** Resolves early when the signal says so. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

export function createSender({ exporter, counters, logger, random, sleep }: SenderOptions): Sender {
  const stopping = new AbortController()
  let trouble: string | null = null

  function failing(why: string): void {
    if (trouble !== why) logger.warn({ event: 'collector_away', why }, 'The collector takes nothing: reading waits, nothing is lost while the files are there')
    trouble = why
  }

  function working(): void {
    if (trouble !== null) logger.info({ event: 'collector_back' }, 'The collector takes logs again')
    trouble = null
  }

  function settled(delivery: Extract<Delivery, { kind: 'ok' | 'reject' }>, records: number): Sent {
    working()
    const refused = delivery.kind === 'ok' ? Math.min(delivery.rejected, records) : records
    counters.requests++
    counters.refusedRecords += refused
    const why = delivery.kind === 'ok' ? delivery.message : delivery.why
    if (refused > 0) logger.error({ event: 'records_refused', records: refused, why }, 'The collector refused records for good')
    else if (why !== '') logger.warn({ event: 'collector_warns', why }, 'The collector has something to say')
    return 'settled'
  }

  return {
    get trouble() {
      return trouble
    },
    async send(body, { encoding, records, smaller }) {
      let payload = body
      let packed = encoding
      for (let waitMs = FIRST_WAIT_MS; !stopping.signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
        const delivery = lastWord(await exporter.send(payload, packed), { packed, records, smaller })
        if (delivery.kind === 'ok' || delivery.kind === 'reject') return settled(delivery, records)
        if (delivery.kind === 'smaller') return 'smaller'
        if (delivery.kind === 'encoding') {
          payload = await zstdToGzip(body)
          packed = 'gzip'
          continue
        }
        counters.retries++
        failing(delivery.why)
        await sleep(Math.min(delivery.afterMs ?? (delivery.config ? LONGEST_WAIT_MS : waitMs), LONGEST_ASKED_MS) * (0.8 + 0.4 * random()), stopping.signal)
      }
      return 'stopped'
    },
    stop: () => stopping.abort(),
  }
}

/** What cannot be made smaller, or packed otherwise, is waited with, or refused when it is one line. */
function lastWord(delivery: Delivery, { packed, records, smaller }: { packed: Encoding; records: number; smaller: boolean }): Delivery {
  if (delivery.kind === 'encoding' && packed !== 'zstd') return { kind: 'retry', afterMs: null, why: `the collector takes no ${packed} (415)`, config: true }
  if (delivery.kind !== 'smaller') return delivery
  if (records === 1) return { kind: 'reject', why: delivery.why }
  return smaller ? delivery : { kind: 'retry', afterMs: null, why: delivery.why, config: true }
}
