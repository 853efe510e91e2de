import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import type { SpanRow } from '@skein/store/contract-traces'
import { encodeEvent, encodeLink, encodeResource } from './otlp-encode.ts'
import { seeded, seededHex } from './seeded.ts'
import { shapeOf, type Work } from './trace-shapes.ts'
import { SERVICES } from './tv-operator.ts'

const MINUTE_MS = 60_000
export const TRACES_A_MINUTE = 4

export interface FakeSpan extends SpanRow {
  /** Name on the map of what a client or producer span calls. */
  calls: string | null
  /** Name on the map of what a consumer span reads. */
  consumes: string | null
}

export interface FakeTrace {
  traceId: string
  startNs: bigint
  durationNs: number
  spans: FakeSpan[]
}

/** The `index`-th trace of a minute counted from 1970; the same whenever it is asked for. */
export function fakeTrace(minute: number, index: number): FakeTrace {
  const traceId = fakeTraceId(minute, index)
  const startMs = minute * MINUTE_MS + Math.floor(seeded(traceId, 'start') * (MINUTE_MS / TRACES_A_MINUTE)) + (index * MINUTE_MS) / TRACES_A_MINUTE
  const spans: FakeSpan[] = []
  const endUs = place(shapeOf(minute, index), { traceId, parentSpanId: '', startUs: startMs * 1000, spans })
  return { traceId, startNs: BigInt(startMs) * 1_000_000n, durationNs: (endUs - startMs * 1000) * 1000, spans }
}

export function fakeTraceId(minute: number, index: number): string {
  return minute.toString(16).padStart(8, '0') + index.toString(16).padStart(4, '0') + seededHex(20, minute, index)
}

/** Where a trace id says its trace is, null when this operator never made it. */
export function placeOfTrace(traceId: string): { minute: number; index: number } | null {
  const minute = Number.parseInt(traceId.slice(0, 8), 16)
  const index = Number.parseInt(traceId.slice(8, 12), 16)
  return index < TRACES_A_MINUTE && fakeTraceId(minute, index) === traceId ? { minute, index } : null
}

interface Placement {
  traceId: string
  parentSpanId: string
  startUs: number
  spans: FakeSpan[]
}

/** Adds the work and everything below it, and returns when it ends in µs. */
function place(work: Work, at: Placement): number {
  const number = at.spans.length
  const spanId = seededHex(16, at.traceId, number)
  const luck = seeded(at.traceId, number, 'luck')
  const selfUs = Math.round(work.selfMs * 1000 * (0.6 + luck * (luck > 0.97 ? 6 : 0.9)))
  const span = spanOf(work, { ...at, number, spanId })
  at.spans.push(span)
  let cursorUs = at.startUs + Math.round(selfUs * 0.6)
  let lastUs = cursorUs
  for (const child of work.children ?? []) {
    const endUs = place(child, { ...at, parentSpanId: spanId, startUs: cursorUs })
    lastUs = Math.max(lastUs, endUs)
    if (!work.parallel) cursorUs = endUs + 50
  }
  // A producer does not wait for who consumes.
  const endUs = work.kind === 'producer' ? at.startUs + selfUs : lastUs + Math.ceil(selfUs * 0.4)
  span.durationNs = String((endUs - at.startUs) * 1000)
  return endUs
}

function spanOf(work: Work, at: Placement & { number: number; spanId: string }): FakeSpan {
  const failure = failureOf(work, at.traceId)
  const startNs = BigInt(at.startUs) * 1000n
  return {
    spanId: at.spanId,
    parentSpanId: at.parentSpanId,
    name: work.name,
    kind: SpanKindNumber[work.kind],
    status: failure === null ? 0 : 2,
    message: failure ?? '',
    service: work.service,
    scope: work.kind === 'internal' ? 'recorder.plan' : '@opentelemetry/instrumentation-http',
    startNs: startNs.toString(),
    durationNs: '0',
    resource: fakeResourceId(work.service, Math.floor(seeded(at.traceId, work.service) * instancesOf(work.service))),
    attributes: Object.entries({ ...work.attributes, 'thread.id': 1 + (at.number % 8) }),
    events: failure === null ? new Uint8Array(0) : exception(startNs, failure),
    links:
      work.kind === 'consumer'
        ? encodeLink({ traceId: at.traceId, spanId: at.parentSpanId, attributes: { 'messaging.batch.message_count': 1 } })
        : new Uint8Array(0),
    calls: work.calls ?? null,
    consumes: work.consumes ?? null,
  }
}

/** Whether this work went wrong in this trace, and why. */
function failureOf(work: Work, traceId: string): string | null {
  if (work.failure === undefined || seeded(traceId, 'failure') >= work.failure.ratio) return null
  return work.failure.message
}

function exception(startNs: bigint, message: string): Uint8Array {
  const stack = `Error: ${message}\n    at issue (/srv/app/license.js:41:11)\n    at async handle (/srv/app/server.js:118:5)`
  return encodeEvent({
    timeUnixNano: startNs + 900_000n,
    name: 'exception',
    attributes: { 'exception.type': 'Error', 'exception.message': message, 'exception.stacktrace': stack },
  })
}

function instancesOf(service: string): number {
  return SERVICES.find((each) => each.service === service)?.instances ?? 1
}

/** Fingerprint of the resource of an instance. */
export function fakeResourceId(service: string, instance: number): string {
  return seededHex(16, 'resource', service, instance)
}

/** Every instance's OTLP `Resource`, by fingerprint. */
export function fakeResources(): Map<string, Uint8Array> {
  return new Map(
    SERVICES.filter((service) => service.environment === 'production').flatMap((service) =>
      Array.from({ length: service.instances }, (_, i): [string, Uint8Array] => [
        fakeResourceId(service.service, i),
        encodeResource({
          'service.name': service.service,
          'service.namespace': service.namespace,
          'service.version': service.version,
          'service.instance.id': `${service.service}-${i}`,
          'deployment.environment.name': service.environment,
          'k8s.cluster.name': service.cluster,
          'k8s.pod.name': `${service.service}-${i}`,
          'host.cpu.count': 16,
          'process.command_args': ['node', 'server.js'],
        }),
      ]),
    ),
  )
}
