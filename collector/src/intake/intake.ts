import { Source } from '@skein/schemas/envelope'
import type { Principal } from '../admit/admission.ts'
import type { BufferPool } from '../admit/buffer-pool.ts'
import type { ByteLease } from '../admit/byte-budget.ts'
import type { Accepted, OtlpSignal } from '../answers/export-response.ts'
import type { Refusal } from '../answers/refusal.ts'
import type { AppendQueue } from '../append/append-queue.ts'
import type { EventLogger } from '../health/event-logger.ts'
import type { IntakeMetrics } from '../health/intake-metrics.ts'
import { countJsonRecords } from '../json/count-json.ts'
import { parseOtlpJson } from '../json/parse-json.ts'
import type { OutcomeCounter } from '../outcomes/outcome-counter.ts'
import { countRecords } from '../scan/count-records.ts'
import { MalformedError, TooLargeError } from '../scan/malformed.ts'
import type { ScanLimits } from '../scan/scan-limits.ts'
import { createTraceScanner } from '../scan/scan-traces.ts'
import { appendRefusal } from './append-refusal.ts'
import { notStoredMessage } from './messages.ts'
import type { PlanNote, PlanOptions, TracesPlan } from './plan-traces.ts'
import { planTraces } from './plan-traces.ts'
import type { PoisonList } from './poison-list.ts'

export interface IntakeRequest {
  signal: OtlpSignal
  source: Source
  principal: Principal
  /** Decoded: protobuf bytes, or JSON text for `Source.httpJson`. Read before `take` returns its promise, and not after. */
  body: Buffer
  /** Belongs to the intake from here on; released when nothing of the request is in memory any more. */
  lease: ByteLease
}

export type IntakeAnswer = { ok: true; accepted: Accepted } | { ok: false; refusal: Refusal }

/** From decoded bytes to durable: what an answer says is true when it resolves. Never rejects. */
export interface Intake {
  take(request: IntakeRequest): Promise<IntakeAnswer>
  /** Counts what a receiver refused on its own, before there were bytes to take. */
  refuse(signal: OtlpSignal, principal: Principal, refusal: Refusal, bytes: number): void
  /** When a partition last got data, by `clock`; −Infinity before. */
  lastDataMs(partition: number): number
}

export interface IntakeOptions {
  queue: AppendQueue
  partitions: number
  limits: ScanLimits & { ackMs: number; inflightBytes: number }
  clock: () => number
  metrics: IntakeMetrics
  outcomes: OutcomeCounter
  events: EventLogger
  poison: PoisonList
  /** For envelopes until they are durable. */
  buffers: BufferPool
}

export function createIntake(options: IntakeOptions): Intake {
  const { clock, limits, partitions } = options
  const scanner = createTraceScanner(limits)
  const lastDataMs = new Float64Array(partitions).fill(-Infinity)
  return {
    async take(request) {
      const step = prepare(request, options, { scanner, limits, partitions, nowMs: clock(), buffers: options.buffers })
      if (!('records' in step)) {
        request.lease.release()
        return step
      }
      const answer = await appendPlan(request, step, options)
      if (answer.ok) for (const { partition } of step.records) lastDataMs[partition] = clock()
      return answer
    },
    refuse(signal, principal, refusal, bytes) {
      note({ signal, principal }, { kind: 'refused', reason: refusal.reason, records: 0 }, bytes, options)
    },
    lastDataMs: (partition) => lastDataMs[partition] ?? -Infinity,
  }
}

function prepare(request: IntakeRequest, options: IntakeOptions, plan: PlanOptions): TracesPlan | IntakeAnswer {
  try {
    if (request.signal !== 'traces') return rejectAll(request, request.signal, options)
    const planned = planTraces(request, plan)
    if (planned.records.length === 0) {
      options.buffers.giveBack(planned.memory)
      for (const each of planned.notes) note(request, each, 0, options)
      return { ok: true, accepted: planned.accepted }
    }
    if (request.lease.grow(planned.bytes)) return planned
    options.buffers.giveBack(planned.memory)
    return refused(request, { reason: 'intake_inflight_bytes', message: 'too much is waiting for the log' }, planned.spans, options)
  } catch (error) {
    return refused(request, faultRefusal(request, error, options), 0, options)
  }
}

function rejectAll(request: IntakeRequest, signal: 'logs' | 'metrics', options: IntakeOptions): IntakeAnswer {
  const records = request.source === Source.httpJson ? countJsonRecords(signal, parseOtlpJson(request.body)) : countRecords(signal, request.body)
  if (records === 0) return { ok: true, accepted: { rejected: 0, message: '' } }
  note(request, { kind: 'refused', reason: 'signal_not_stored', records }, request.body.length, options)
  return { ok: true, accepted: { rejected: records, message: notStoredMessage(signal, records) } }
}

function faultRefusal(request: IntakeRequest, error: unknown, options: IntakeOptions): Refusal {
  if (error instanceof MalformedError) return { reason: error.reason, message: error.message, field: error.field }
  if (error instanceof TooLargeError) return { reason: error.reason, message: `${error.message}: send smaller batches` }
  options.events.error('intake_failed', 'a request failed by a fault of ours', { err: error, tenant: request.principal.tenant })
  if (options.poison.failed(request.body)) return { reason: 'poison', message: 'this request failed three times and is refused for good', field: 'body' }
  return { reason: 'internal', message: 'the request could not be taken: please try again' }
}

async function appendPlan(request: IntakeRequest, plan: TracesPlan, options: IntakeOptions): Promise<IntakeAnswer> {
  const { events, limits, metrics } = options
  const startMs = performance.now()
  const appending = options.queue.append(plan.records)
  const settled = appending.done.then(
    () => {
      // After a failure the log's client may still be sending: then the memory is not used again.
      options.buffers.giveBack(plan.memory)
      return 'durable' as const
    },
    (error: unknown) => ({ error }),
  )
  void settled.then(() => request.lease.release())
  const late = timer(limits.ackMs)
  const end = await Promise.race([settled, late.elapsed])
  late.cancel()
  if (end === 'late') {
    appending.abandon()
    return refused(request, { reason: 'intake_ack_ms', message: `the log did not confirm within ${limits.ackMs} ms` }, plan.spans, options)
  }
  if (end !== 'durable') {
    events.warn('append_failed', 'the log refused an append', { err: end.error })
    return refused(request, appendRefusal(end.error), plan.spans, options)
  }
  metrics.appended((performance.now() - startMs) / 1000, plan.records.length)
  metrics.accepted(request.signal, plan.spans, request.body.length)
  for (const each of plan.notes) note(request, each, 0, options)
  return { ok: true, accepted: plan.accepted }
}

function refused(request: IntakeRequest, refusal: Refusal, records: number, options: IntakeOptions): IntakeAnswer {
  note(request, { kind: 'refused', reason: refusal.reason, records }, request.body.length, options)
  return { ok: false, refusal }
}

function note(request: { signal: OtlpSignal; principal: Principal }, what: PlanNote, bytes: number, options: IntakeOptions): void {
  options.outcomes.count({ principal: request.principal, signal: request.signal, ...what, requests: 1, bytes })
  if (what.kind === 'cut') options.metrics.cut(what.reason, what.records)
  else options.metrics.refused(what.reason, what.records)
}

/** The timer does not keep the process alive. */
function timer(ms: number): { elapsed: Promise<'late'>; cancel(): void } {
  const { promise, resolve } = Promise.withResolvers<'late'>()
  const handle = setTimeout(() => resolve('late'), ms)
  handle.unref()
  return { elapsed: promise, cancel: () => clearTimeout(handle) }
}
