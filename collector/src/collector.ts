import type { EventLog } from '@skein/eventlog/contract'
import type { Keys } from '@skein/metadata/keys'
import type { Config } from '@skein/schemas/config'
import { Signal } from '@skein/schemas/envelope'
import { MAX_ENVELOPE_BYTES, Topic } from '@skein/schemas/topics'
import { createAdmission, isLoopback } from './admit/admission.ts'
import { createBufferPool } from './admit/buffer-pool.ts'
import { createByteBudget } from './admit/byte-budget.ts'
import { createDecodeGate } from './admit/decode-gate.ts'
import { openOutlets, type Outlets } from './append/outlets.ts'
import { createEventLogger, type Logger } from './health/event-logger.ts'
import { createIntakeMetrics, type IntakeMetrics } from './health/intake-metrics.ts'
import { createOperatorRoutes } from './health/operator-routes.ts'
import { createReadiness } from './health/readiness.ts'
import { createHeartbeat } from './heartbeat/heartbeat.ts'
import { createIntake, type Intake } from './intake/intake.ts'
import { createPoisonList } from './intake/poison-list.ts'
import { createMaskers } from './mask/maskers.ts'
import { createOutcomeCounter } from './outcomes/outcome-counter.ts'
import { publishOutcomes } from './outcomes/outcome-publisher.ts'
import { repeat } from './repeat.ts'
import { createGrpcReceiver } from './receivers/grpc/grpc-receiver.ts'
import { createHttpReceiver } from './receivers/http/http-receiver.ts'
import { within } from './within.ts'

export interface CollectorOptions {
  config: Pick<Config, 'host' | 'ports' | 'limits' | 'redact'>
  /** Started before and closed after the collector, by whoever made it. */
  log: EventLog
  keys: Keys
  /** Unix ms. */
  clock: () => number
  /** A pino logger whose lines say `room: collector`, or anything that writes a line for an object and a message. */
  logger: Logger
  random: () => number
  randomBytes: (count: number) => Uint8Array
}

export interface Collector {
  /** Resolves when both ports listen; rejects when a port cannot be bound or the log does not answer. */
  start(): Promise<{ httpPort: number; grpcPort: number }>
  /** Stops accepting, answers what is under way, delivers the outcome counts. `remaining`: appends not settled at the deadline. */
  stop(deadlineMs: number): Promise<{ remaining: number }>
}

/** Of the time to stop, for answers under way; the rest is for the counts. */
const ANSWERS_SHARE = 0.8
/** Bodies and envelopes of some thirty requests of 1,000 spans. */
const IDLE_BUFFER_BYTES = 32 * 1024 * 1024
const MAX_WAITING_DECODES = 256
const OUTCOMES_MS = 10_000
const HEARTBEAT_MS = 500
/** The rest of an envelope around one record: header, tenant, key, and the group prefixes. */
const RECORD_ROOM_BYTES = 64 * 1024

export function createCollector(options: CollectorOptions): Collector {
  let running: Awaited<ReturnType<typeof run>> | null = null
  const state = { draining: false }
  return {
    async start() {
      running = await run(options, state)
      return { httpPort: running.httpPort, grpcPort: running.grpcPort }
    },
    async stop(deadlineMs) {
      state.draining = true
      const remaining = (await running?.stop(deadlineMs)) ?? 0
      running = null
      return { remaining }
    },
  }
}

async function run(options: CollectorOptions, state: { readonly draining: boolean }) {
  const { clock, config, log, randomBytes } = options
  const intakeLimits = config.limits.intake
  const limits = { ...intakeLimits, recordBytes: Math.min(intakeLimits.recordBytes, MAX_ENVELOPE_BYTES - RECORD_ROOM_BYTES) }
  const draining = (): boolean => state.draining
  const events = createEventLogger({ logger: options.logger, clock })
  const outcomePartitions = await log.partitions(Topic.outcomes)
  const metrics = createIntakeMetrics()
  const outcomes = createOutcomeCounter({ clock })
  const readiness = createReadiness({ log, clock, draining })
  const outlets = await openOutlets(log, readiness.committed)
  const buffers = createBufferPool({ maxIdleBytes: IDLE_BUFFER_BYTES })
  const maskerOf = createMaskers(config.redact)
  const intake = createIntake({ outlets, limits, clock, metrics, outcomes, events, poison: createPoisonList(), buffers, maskerOf })
  const budgets = createBudgets(limits)
  const admission = createAdmission({ keys: options.keys, keyless: config.host === 'localhost' || isLoopback(config.host) })
  const deps = { admission, intake, ...budgets, buffers, limits, random: options.random, events, draining }
  const gauges = (): Record<string, number> => ({
    skein_intake_inflight_bytes: budgets.inflight.usedBytes,
    skein_intake_decode_bytes: budgets.decoding.usedBytes,
    skein_append_pending: outlets.pending(),
  })
  const http = createHttpReceiver(deps, createOperatorRoutes({ readiness, metricsText: () => metrics.text(gauges()) }))
  const grpc = createGrpcReceiver(deps)
  const publish = (): Promise<void> => publishOutcomes({ log, counter: outcomes, partitions: outcomePartitions, clock, randomBytes })
  const beats = createBeats({ outlets, intake, metrics, clock, randomBytes })
  const httpPort = await http.listen(config.host, config.ports.otlpHttp)
  const grpcPort = await grpc.listen(config.host, config.ports.otlpGrpc).catch(async (error: unknown) => {
    await http.close(0)
    throw error
  })
  const onError = (event: string) => (error: unknown) => events.warn(event, 'a periodic append failed and will be tried again', { err: error })
  const timers = [...beats.map((beat) => repeat(beat, HEARTBEAT_MS, onError('heartbeat_failed'))), repeat(publish, OUTCOMES_MS, onError('outcomes_failed'))]
  events.info('collector_started', 'the collector listens', { http_port: httpPort, grpc_port: grpcPort, partitions: outlets.traces.partitions })
  return {
    httpPort,
    grpcPort,
    async stop(deadlineMs: number): Promise<number> {
      const finish = async (): Promise<void> => {
        const answersMs = deadlineMs * ANSWERS_SHARE
        await Promise.all([http.close(answersMs), grpc.close(answersMs)])
        await Promise.all(timers.map((timer) => timer.stop()))
        await outlets.idle(deadlineMs)
        await publish().catch(onError('outcomes_failed'))
      }
      await within(finish(), deadlineMs)
      events.info('collector_stopped', 'the collector has stopped', { remaining: outlets.pending() })
      return outlets.pending()
    },
  }
}

interface BeatsOptions {
  outlets: Outlets
  intake: Intake
  metrics: IntakeMetrics
  clock: () => number
  randomBytes: (count: number) => Uint8Array
}

/** For each topic what appends the heartbeats that are due. */
function createBeats(options: BeatsOptions): (() => Promise<void>)[] {
  const { clock, intake, metrics, outlets, randomBytes } = options
  return (['traces', 'logs'] as const).map((signal) => {
    const { partitions, queue } = outlets[signal]
    const lastDataMs = (partition: number): number => intake.lastDataMs(signal, partition)
    const heartbeat = createHeartbeat({ signal: Signal[signal], partitions, lastDataMs, randomBytes })
    return async () => {
      const records = heartbeat.due(clock())
      if (records.length === 0) return
      metrics.heartbeats(records.length)
      await queue.append(records).done
    }
  })
}

function createBudgets(limits: Config['limits']['intake']) {
  return {
    inflight: createByteBudget({ maxBytes: limits.inflightBytes }),
    decoding: createByteBudget({ maxBytes: limits.decodeBytes }),
    // As many as can all come to their end within the budget.
    decodeGate: createDecodeGate({ places: Math.max(1, Math.floor(limits.decodeBytes / limits.bodyBytes)), maxWaiting: MAX_WAITING_DECODES }),
  }
}
