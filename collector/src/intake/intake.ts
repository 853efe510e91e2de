import { Source } from '@skein/schemas/envelope'
import type { Principal } from '../admit/admission.ts'
import type { BufferPool } from '../admit/buffer-pool.ts'
import type { ByteLease } from '../admit/byte-budget.ts'
import type { Accepted, OtlpSignal, StoredSignal } from '../answers/export-response.ts'
import type { Refusal } from '../answers/refusal.ts'
import type { AppendQueue } from '../append/append-queue.ts'
import type { Outlets } from '../append/outlets.ts'
import type { EventLogger } from '../health/event-logger.ts'
import type { IntakeMetrics } from '../health/intake-metrics.ts'
import { countJsonPoints } from '../json/count-json.ts'
import { parseOtlpJson } from '../json/parse-json.ts'
import type { Masker } from '../mask/masker.ts'
import type { OutcomeCounter } from '../outcomes/outcome-counter.ts'
import { countPoints } from '../scan/count-points.ts'
import { MalformedError, TooLargeError } from '../scan/malformed.ts'
import type { ScanLimits } from '../scan/scan-limits.ts'
import { LOG_KIND } from '../scan/scan-log.ts'
import { createScanner } from '../scan/scan-request.ts'
import { SPAN_KIND } from '../scan/scan-span.ts'
import { appendRefusal } from './append-refusal.ts'
import { metricsMessage } from './messages.ts'
import type { PlanNote, RequestPlan } from './plan-request.ts'
import { planRequest } from './plan-request.ts'
import type { PoisonList } from './poison-list.ts'

export interface IntakeRequest {
  signal: OtlpSignal
  source: Source
  principal: Principal
  /** Decoded: protobuf bytes, or JSON text for `Source.httpJson`. Read, and where configured masked in place, before `take` returns its promise, and not after. */
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
  /** When a partition of a signal's topic last got data, by `clock`; −Infinity before. */
  lastDataMs(signal: StoredSignal, partition: number): number
}

export interface IntakeOptions {
  outlets: Outlets
  limits: ScanLimits & { ackMs: number; inflightBytes: number }
  clock: () => number
  metrics: IntakeMetrics
  outcomes: OutcomeCounter
  events: EventLogger
  poison: PoisonList
  maskerOf(tenant: string): Masker | null
  /** For envelopes until they are durable. */
  buffers: BufferPool
}

export function createIntake(options: IntakeOptions): Intake {
  const { buffers, clock, limits, outlets } = options
  const plans = {
    traces: { scanner: createScanner(limits, SPAN_KIND), limits, partitions: outlets.traces.partitions, buffers },
    logs: { scanner: createScanner(limits, LOG_KIND), limits, partitions: outlets.logs.partitions, buffers },
  }
  const lastDataMs = {
    traces: new Float64Array(outlets.traces.partitions).fill(-Infinity),
    logs: new Float64Array(outlets.logs.partitions).fill(-Infinity),
  }

  function prepare(request: IntakeRequest): { signal: StoredSignal; plan: RequestPlan } | IntakeAnswer {
    const { signal } = request
    try {
      if (signal === 'metrics') return rejectMetrics(request, options)
      const plan = planRequest({ ...request, signal }, { ...plans[signal], nowMs: clock(), masker: options.maskerOf(request.principal.tenant) })
      const refusal = plan.records.length === 0 || request.lease.grow(plan.bytes) ? null : FULL
      if (refusal === null && plan.records.length > 0) return { signal, plan }
      buffers.giveBack(plan.memory)
      if (refusal !== null) return refused(request, refusal, plan.accepts, options)
      for (const each of plan.notes) note(request, each, 0, options)
      return { ok: true, accepted: plan.accepted }
    } catch (error) {
      return refused(request, faultRefusal(request, error, options), 0, options)
    }
  }

  return {
    async take(request) {
      const step = prepare(request)
      if (!('plan' in step)) {
        request.lease.release()
        return step
      }
      const answer = await appendPlan(request, step.plan, outlets[step.signal].queue, options)
      if (answer.ok) for (const { partition } of step.plan.records) lastDataMs[step.signal][partition] = clock()
      return answer
    },
    refuse(signal, principal, refusal, bytes) {
      note({ signal, principal }, { kind: 'refused', reason: refusal.reason, records: 0 }, bytes, options)
    },
    lastDataMs: (signal, partition) => lastDataMs[signal][partition] ?? -Infinity,
  }
}

const FULL: Refusal = { reason: 'intake_inflight_bytes', message: 'too much is waiting for the log' }

function rejectMetrics(request: IntakeRequest, options: IntakeOptions): IntakeAnswer {
  const records = request.source === Source.httpJson ? countJsonPoints(parseOtlpJson(request.body)) : countPoints(request.body)
  if (records === 0) return { ok: true, accepted: { rejected: 0, message: '' } }
  note(request, { kind: 'refused', reason: 'signal_not_stored', records }, request.body.length, options)
  return { ok: true, accepted: { rejected: records, message: metricsMessage(records) } }
}

function faultRefusal(request: IntakeRequest, error: unknown, options: IntakeOptions): Refusal {
  if (error instanceof MalformedError) return { reason: error.reason, message: error.message, field: error.field }
  if (error instanceof TooLargeError) return { reason: error.reason, message: `${error.message}: send smaller batches` }
  options.events.error('intake_failed', 'a request failed by a fault of ours', { err: error, tenant: request.principal.tenant })
  if (options.poison.failed(request.body)) return { reason: 'poison', message: 'this request failed three times and is refused for good', field: 'body' }
  return { reason: 'internal', message: 'the request could not be taken: please try again' }
}

async function appendPlan(request: IntakeRequest, plan: RequestPlan, queue: AppendQueue, options: IntakeOptions): Promise<IntakeAnswer> {
  const { events, limits, metrics } = options
  const startMs = performance.now()
  const appending = queue.append(plan.records)
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
    return refused(request, { reason: 'intake_ack_ms', message: `the log did not confirm within ${limits.ackMs} ms` }, plan.accepts, options)
  }
  if (end !== 'durable') {
    events.warn('append_failed', 'the log refused an append', { err: end.error })
    return refused(request, appendRefusal(end.error), plan.accepts, options)
  }
  metrics.appended((performance.now() - startMs) / 1000, plan.records.length)
  metrics.accepted(request.signal, plan.accepts, request.body.length)
  metrics.masked(request.signal, plan.masked)
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
