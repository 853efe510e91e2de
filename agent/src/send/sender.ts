import type { OutcomeReason } from '@skein/schemas/outcomes'
import type { AgentLogger } from '../agent-deps.ts'
import { type Encoding, repack } from './compress.ts'
import type { AgentSignal, Counters } from './counters.ts'
import type { Delivery, Exporter } from './exporter.ts'

/** How one request ended. `smaller`: to be made again with less in it. `stopped`: nothing is known, it is sent again after the next start. */
export type Sent = 'settled' | 'smaller' | 'stopped'

export interface Outgoing {
  /** How the body is packed. */
  packed: Encoding
  /** Records in it, or data points. */
  records: number
  /**
   * What a collector that takes no request of this size is told. `divisible`: it is made again of less. `smallest`: it waits, for what it holds can be read
   * again. `fixed`: it is refused for good.
   */
  size: 'divisible' | 'smallest' | 'fixed'
}

/** The one place that waits for a collector, and that tells and counts what it refuses. */
export interface Sender {
  /** Sends until the collector takes it or refuses it for good, however long that takes. Never rejects for what a collector does. */
  send(body: Buffer, outgoing: Outgoing): Promise<Sent>
  /** How requests are best packed: what was wished for, until the collector answers that it does not take that. */
  readonly encoding: Encoding
  /** Why nothing is taken at the moment; null when the last answer was good. */
  readonly trouble: string | null
  /** Sends nothing again: what is under way ends with its answer. */
  stop(): void
}

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 30_000
/** Nobody may park the agent for longer by asking it to. */
const LONGEST_ASKED_MS = 5 * 60_000
/** What a collector is offered that does not take the one before (415). */
const NEXT: Readonly<Record<Encoding, Encoding | null>> = { zstd: 'gzip', gzip: 'none', none: null }

export interface SenderOptions {
  signal: AgentSignal
  exporter: Exporter
  encoding: Encoding
  counters: Counters
  logger: AgentLogger
  random: () => number
  /** Resolves early when the signal says so. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** What becomes of the data while the collector is away, for the operator. */
  meanwhile: string
}

export function createSender(options: SenderOptions): Sender {
  const { exporter, counters, logger, random, sleep, signal, meanwhile } = options
  const stopping = new AbortController()
  const refusals = createRefusals(options)
  /** What the collector answered that it does not take. */
  const notTaken = new Set<Encoding>()
  let trouble: string | null = null

  function bestOf(encoding: Encoding): Encoding {
    const next = NEXT[encoding]
    return next !== null && notTaken.has(encoding) ? bestOf(next) : encoding
  }

  function failing(why: string): void {
    counters.retries++
    if (trouble !== why) logger.warn({ event: 'collector_away', signal, why }, `The collector takes no ${signal}: ${meanwhile}`)
    trouble = why
  }

  function settled(delivery: Settled, records: number): Sent {
    if (trouble !== null) logger.info({ event: 'collector_back', signal }, `The collector takes ${signal} again`)
    trouble = null
    counters.requests++
    refusals.tell(delivery, records)
    return 'settled'
  }

  return {
    get encoding() {
      return bestOf(options.encoding)
    },
    get trouble() {
      return trouble
    },
    async send(body, { packed, records, size }) {
      let [payload, as] = [body, packed]
      for (let waitMs = FIRST_WAIT_MS; !stopping.signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
        payload = await repack(payload, as, bestOf(as))
        as = bestOf(as)
        const delivery = lastWord(await exporter.send(payload, as), { packed: as, records, size })
        if (delivery.kind === 'ok' || delivery.kind === 'reject') return settled(delivery, records)
        if (delivery.kind === 'smaller') return 'smaller'
        if (delivery.kind === 'encoding') {
          notTaken.add(as)
          continue
        }
        failing(delivery.why)
        await sleep(Math.min(delivery.afterMs ?? (delivery.config ? LONGEST_WAIT_MS : waitMs), LONGEST_ASKED_MS) * (0.8 + 0.4 * random()), stopping.signal)
      }
      return 'stopped'
    },
    stop: () => stopping.abort(),
  }
}

/** What is neither offered in another way nor made smaller is waited with, or refused. */
function lastWord(delivery: Delivery, { packed, records, size }: Outgoing): Delivery {
  if (delivery.kind === 'encoding' && NEXT[packed] === null)
    return { kind: 'retry', afterMs: null, why: 'the collector takes no protobuf (415): mend agent.endpoint', config: true }
  if (delivery.kind !== 'smaller' || (size === 'divisible' && records > 1)) return delivery
  if (records === 1 || size === 'fixed') return { kind: 'reject', reason: 'intake_body_bytes', why: delivery.why }
  return { kind: 'retry', afterMs: null, why: delivery.why, config: true }
}

type Settled = Extract<Delivery, { kind: 'ok' | 'reject' }>

/** What is refused for good is counted by reason, and told of once for each, whatever numbers the collector names. */
function createRefusals({ counters, logger, signal }: SenderOptions): { tell(delivery: Settled, records: number): void } {
  let last = ''
  return {
    tell(delivery, records) {
      const refused = delivery.kind === 'ok' ? Math.min(delivery.rejected, records) : records
      const reason: OutcomeReason = delivery.kind === 'ok' ? 'collector_refused' : delivery.reason
      const why = delivery.kind === 'ok' ? delivery.message : delivery.why
      if (refused > 0) counters.dropped({ signal, reason, records: refused })
      const said = why === '' && refused === 0 ? '' : `${refused > 0} ${why.replaceAll(/\d+/g, '0')}`
      if (said !== last && said !== '') {
        if (refused > 0)
          logger.error({ event: 'records_refused', signal, reason, records: refused, why }, `The collector refuses ${signal} for good; told once`)
        else logger.warn({ event: 'collector_warns', signal, why }, 'The collector has something to say')
      }
      last = said
    },
  }
}
