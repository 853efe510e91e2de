import { partitionOfTrace } from '@skein/schemas/partition'
import type { TraceQuestions } from '@skein/store/contract'
import { lookUpName, type TraceLookUp } from '../topology/look-up.ts'
import { type Backoff, retryUntilDone } from './backoff.ts'
import { type IngestLogger, reasonOf } from './ingest-logger.ts'
import type { IngestMetrics } from './ingest-metrics.ts'
import { encodeStored } from './stored-otlp.ts'

/** Stored spans on their way to a worker. */
export interface FoundSpans {
  /** `lookUpName` of all traces asked for, those without a span too. */
  asked: string[]
  /** Of one tenant each: an OTLP request, and for its spans in order what their rows say beside. */
  requests: { tenant: string; payload: Uint8Array; arrivedByMs: Float64Array; weights: Uint32Array }[]
}

/** Answers a worker's wants; rejects when the lane stops. */
export type FindSpans = (wants: readonly TraceLookUp[]) => Promise<FoundSpans>

export const NOTHING_FOUND: FoundSpans = { asked: [], requests: [] }

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
    for (const asked of groupsOf(own)) {
      const request = await retryUntilDone(() => ask(options, asked), {
        backoff: options.backoff,
        signal,
        permanent: () => false,
        failed: (error, afterMs) =>
          options.logger.warn(
            { event: 'look_up_failed', traces: asked.length, afterMs, reason: reasonOf(error) },
            'The store did not say which spans came before',
          ),
      })
      if (request !== null) found.requests.push(request)
    }
    options.metrics.lookedUp(
      own.length,
      found.requests.reduce((sum, { weights }) => sum + weights.length, 0),
    )
    return found
  }
}

/** Of one tenant and about one time: what one question asks for. */
function groupsOf(wants: readonly TraceLookUp[]): TraceLookUp[][] {
  return [...Map.groupBy(wants, ({ tenant, fromMs, toMs }) => `${Math.floor(fromMs / HOUR_MS)} ${Math.ceil(toMs / HOUR_MS)} ${tenant}`).values()]
}

async function ask({ traces }: LateSpansOptions, wants: readonly TraceLookUp[]): Promise<FoundSpans['requests'][number] | null> {
  const tenant = wants[0]?.tenant ?? ''
  const spans = await traces.stored({
    tenant,
    traceIds: [...new Set(wants.map(({ traceId }) => traceId))],
    fromMs: Math.min(...wants.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...wants.map(({ toMs }) => toMs)),
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
