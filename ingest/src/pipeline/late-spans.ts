import { partitionOfTrace } from '@skein/schemas/partition'
import type { TraceQuestions } from '@skein/store/contract-traces'
import { QueryLimitError } from '@skein/store/errors'
import { lookUpName, type TraceLookUp } from '../topology/look-up.ts'
import { type Backoff, retryUntilDone } from './backoff.ts'
import type { FoundSpans } from './found-spans.ts'
import { type IngestLogger, reasonOf } from './ingest-logger.ts'
import type { IngestMetrics } from './ingest-metrics.ts'
import { encodeStored } from './stored-otlp.ts'

export interface LateSpansOptions {
  traces: Pick<TraceQuestions, 'stored' | 'resources'>
  /** How many partitions the topic has, to know whose trace one is. */
  partitions: () => Promise<number>
  backoff: Backoff
  logger: IngestLogger
  metrics: Pick<IngestMetrics, 'lookedUp'>
}

/** Of a longer trace only the first are brought back. */
const SPANS_PER_TRACE = 1000
const HOUR_MS = 3_600_000

export type LateSpans = (wants: readonly TraceLookUp[], signal: AbortSignal) => Promise<FoundSpans>

/** Asks the store for stored spans, again and again while it is away: a range waits for them as for an insert. */
export function createLateSpans(options: LateSpansOptions): LateSpans {
  return async (wants, signal) => {
    const found: FoundSpans = { asked: wants.map(({ tenant, traceId }) => lookUpName(tenant, traceId)), requests: [] }
    const partitions = await options.partitions()
    const own = wants.filter(({ partition, traceId }) => partitionOfTrace(Buffer.from(traceId, 'hex'), partitions) === partition)
    for (const asked of groupsOf(own)) found.requests.push(...(await askParts(options, asked, signal)))
    options.metrics.lookedUp(
      own.length,
      found.requests.reduce((sum, { weights }) => sum + weights.length, 0),
    )
    return found
  }
}

/** Of one tenant and the same whole hours: what one question asks for. Whole, so that what is found of a trace does not depend on the others. */
function groupsOf(wants: readonly TraceLookUp[]): TraceLookUp[][] {
  const whole = wants.map((want) => ({ ...want, fromMs: Math.floor(want.fromMs / HOUR_MS) * HOUR_MS, toMs: Math.ceil(want.toMs / HOUR_MS) * HOUR_MS }))
  return [...Map.groupBy(whole, ({ tenant, fromMs, toMs }) => `${fromMs} ${toMs} ${tenant}`).values()]
}

/** An answer over the store's limits would be so again: then half as many traces are asked for. */
async function askParts(options: LateSpansOptions, wants: readonly TraceLookUp[], signal: AbortSignal): Promise<FoundSpans['requests']> {
  const isTooMuch = (error: unknown): boolean => wants.length > 1 && error instanceof QueryLimitError && error.limit !== 'concurrency'
  try {
    const request = await retryUntilDone(() => ask(options, wants), {
      backoff: options.backoff,
      signal,
      permanent: isTooMuch,
      failed: (error, afterMs) =>
        options.logger.warn(
          { event: 'look_up_failed', traces: wants.length, afterMs, reason: reasonOf(error) },
          'The store did not say which spans came before',
        ),
    })
    return request === null ? [] : [request]
  } catch (error) {
    if (!isTooMuch(error)) throw error
    const middle = wants.length >> 1
    return [...(await askParts(options, wants.slice(0, middle), signal)), ...(await askParts(options, wants.slice(middle), signal))]
  }
}

async function ask({ traces }: LateSpansOptions, wants: readonly TraceLookUp[]): Promise<FoundSpans['requests'][number] | null> {
  const { tenant, fromMs, toMs } = wants[0] ?? { tenant: '', fromMs: 0, toMs: 0 }
  const spans = await traces.stored({
    tenant,
    traceIds: [...new Set(wants.map(({ traceId }) => traceId))],
    fromMs,
    toMs,
    beforeMs: Math.max(...wants.map(({ beforeMs }) => beforeMs)),
    spansPerTrace: SPANS_PER_TRACE,
  })
  if (spans.length === 0) return null
  const resources = await traces.resources(tenant, [...new Set(spans.map(({ resource }) => resource))])
  return {
    tenant,
    payload: encodeStored(spans, resources),
    arrivedByMs: Float64Array.from(spans, ({ arrivedByMs }) => arrivedByMs),
    weights: Uint32Array.from(spans, ({ weight }) => weight),
  }
}
