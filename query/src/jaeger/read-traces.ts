import type { JaegerError } from '@skein/schemas/api/jaeger'
import type { SpanRow } from '@skein/store/contract-traces'
import type { RouteDeps } from '../app-types.ts'
import { type Attributes, decodeResource } from '../otlp/attributes.ts'

/** A trace to read, and a time at which it was, Unix ms, when that is known. */
export interface WantedTrace {
  traceId: string
  aroundMs: number | undefined
}

export interface WholeTrace {
  traceId: string
  spans: readonly SpanRow[]
  /** By fingerprint. */
  resources: ReadonlyMap<string, Attributes>
  warnings: readonly string[]
}

/** Traces read at the same time. */
const TOGETHER = 4

/** The traces in the order asked for, each whole, as many as an answer may have spans; what is missing or left out is told. */
export async function readWholeTraces(
  deps: RouteDeps,
  tenant: string,
  wanted: readonly WantedTrace[],
): Promise<{ traces: WholeTrace[]; errors: JaegerError[] }> {
  const traces: WholeTrace[] = []
  const errors: JaegerError[] = []
  let room = deps.config.limits.query.traceSpans
  for (let from = 0; from < wanted.length; from += TOGETHER) {
    const some = wanted.slice(from, from + TOGETHER)
    const read = await Promise.all(some.map((each) => readWholeTrace(deps, tenant, each)))
    for (const [at, trace] of read.entries()) {
      if (trace === null) {
        errors.push({ msg: 'trace not found', traceID: some[at]?.traceId ?? '' })
        continue
      }
      room -= trace.spans.length
      if (room >= 0 || traces.length === 0) traces.push(trace)
    }
    if (room < 0) {
      const left = wanted.length - traces.length - errors.length
      if (left > 0) errors.push({ msg: `${left} traces are left out: an answer has at most ${deps.config.limits.query.traceSpans} spans` })
      break
    }
  }
  return { traces, errors }
}

/** Null when no span of it is stored. */
export async function readWholeTrace(deps: RouteDeps, tenant: string, { traceId, aroundMs }: WantedTrace): Promise<WholeTrace | null> {
  const { spans, truncated } = await deps.store.traces.spans(
    tenant,
    traceId,
    deps.config.limits.query.traceSpans,
    ...(aroundMs === undefined ? [] : [aroundMs]),
  )
  if (spans.length === 0) return null
  const warnings = truncated ? [`The trace is larger than an answer may be: its first ${spans.length} spans by start are shown`] : []
  return { traceId, spans, resources: await resourcesOf(deps, tenant, spans), warnings }
}

async function resourcesOf({ store }: RouteDeps, tenant: string, spans: readonly SpanRow[]): Promise<ReadonlyMap<string, Attributes>> {
  const resources = await store.traces.resources(tenant, [...new Set(spans.map((span) => span.resource))])
  return new Map([...resources].map(([fingerprint, message]) => [fingerprint, decodeResource(message)]))
}
