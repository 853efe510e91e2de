import { partitionOfTrace } from '@skein/schemas/partition'
import type { TraceQuestions } from '@skein/store/contract-traces'
import { QueryLimitError } from '@skein/store/errors'
import { type TraceLookUp, wantName } from '../topology/look-up.ts'
import { type Backoff, retryUntilDone } from './backoff.ts'
import type { FoundSpans } from './found-spans.ts'
import { type IngestLogger, reasonOf } from './ingest-logger.ts'
import type { IngestMetrics } from './ingest-metrics.ts'
import { encodeStored } from './stored-otlp.ts'

export interface LateSpansOptions {
  traces: Pick<TraceQuestions, 'stored' | 'resources' | 'linkOwners'>
  /** How many partitions the topic has, to know whose trace one is. */
  partitions: () => Promise<number>
  backoff: Backoff
  logger: IngestLogger
  metrics: Pick<IngestMetrics, 'lookedUp'>
}

/** Of a longer trace only the first are brought back, and of a trace that more link to the first of those. */
const SPANS_PER_TRACE = 1000
const OWNERS_PER_TRACE = 1000
const HOUR_MS = 3_600_000

export type LateSpans = (wants: readonly TraceLookUp[], signal: AbortSignal) => Promise<FoundSpans>
type Request = FoundSpans['requests'][number]

/** Asks the store for stored spans, again and again while it is away: a range waits for them as for an insert. */
export function createLateSpans(options: LateSpansOptions): LateSpans {
  return async (wants, signal) => {
    const partitions = await options.partitions()
    const isOwn = ({ partition, traceId }: TraceLookUp): boolean => partitionOfTrace(Buffer.from(traceId, 'hex'), partitions) === partition
    const own = wants.filter(isOwn)
    const found: FoundSpans = { asked: wants.map(wantName), homes: own.map(wantName), requests: [] }
    for (const asked of groupsOf(own)) found.requests.push(...(await askParts(asked, (part) => ask(options, part, false), { options, signal })))
    const copies = wants.filter((want) => want.copies && !isOwn(want))
    for (const asked of byTenant(own.filter(({ links }) => links)))
      copies.push(...(await askParts(asked, (part) => ownersOf(options, part), { options, signal })).flat())
    const groups = groupsOf(copies)
    for (const asked of groups) found.requests.push(...(await askParts(asked, (part) => ask(options, part, true), { options, signal })))
    options.metrics.lookedUp(
      own.length + groups.flat().length,
      found.requests.reduce((sum, { weights }) => sum + weights.length, 0),
    )
    return found
  }
}

/**
 * Of one tenant and the same whole hours: what one question asks for, each trace once. Whole, so that what is found of a trace does not depend on the
 * others; once, since a trace in both halves of an answer that was too large would be answered by both.
 */
function groupsOf(wants: readonly TraceLookUp[]): TraceLookUp[][] {
  const hours = ({ fromMs, toMs, tenant }: TraceLookUp): string => `${fromMs} ${toMs} ${tenant}`
  const once = new Map<string, TraceLookUp>()
  for (const want of wants) {
    const whole = { ...want, fromMs: Math.floor(want.fromMs / HOUR_MS) * HOUR_MS, toMs: Math.ceil(want.toMs / HOUR_MS) * HOUR_MS }
    const name = `${want.traceId} ${hours(whole)}`
    once.set(name, { ...whole, beforeMs: Math.max(want.beforeMs, once.get(name)?.beforeMs ?? 0) })
  }
  return [...Map.groupBy(once.values(), hours).values()]
}

function byTenant(wants: readonly TraceLookUp[]): TraceLookUp[][] {
  return [...Map.groupBy(wants, ({ tenant }) => tenant).values()]
}

/** An answer over the store's limits would be so again: then half as many traces are asked for. */
async function askParts<T>(
  wants: readonly TraceLookUp[],
  question: (wants: readonly TraceLookUp[]) => Promise<T | null>,
  context: { options: LateSpansOptions; signal: AbortSignal },
): Promise<T[]> {
  const { options, signal } = context
  const isTooMuch = (error: unknown): boolean => wants.length > 1 && error instanceof QueryLimitError && error.limit !== 'concurrency'
  try {
    const answer = await retryUntilDone(() => question(wants), {
      backoff: options.backoff,
      signal,
      permanent: isTooMuch,
      failed: (error, afterMs) =>
        options.logger.warn(
          { event: 'look_up_failed', traces: wants.length, afterMs, reason: reasonOf(error) },
          'The store did not say which spans came before',
        ),
    })
    return answer === null ? [] : [answer]
  } catch (error) {
    if (!isTooMuch(error)) throw error
    const middle = wants.length >> 1
    return [...(await askParts(wants.slice(0, middle), question, context)), ...(await askParts(wants.slice(middle), question, context))]
  }
}

/** `linked`: only spans with links, which join as marked copies. */
async function ask({ traces }: LateSpansOptions, wants: readonly TraceLookUp[], linked: boolean): Promise<Request | null> {
  const { tenant, fromMs, toMs } = wants[0] ?? { tenant: '', fromMs: 0, toMs: 0 }
  const spans = await traces.stored({
    tenant,
    traceIds: wants.map(({ traceId }) => traceId),
    fromMs,
    toMs,
    beforeMs: newestOf(wants),
    spansPerTrace: SPANS_PER_TRACE,
    ...(linked ? { linkedOnly: true } : {}),
  })
  if (spans.length === 0) return null
  const resources = await traces.resources(tenant, [...new Set(spans.map(({ resource }) => resource))])
  return {
    tenant,
    copies: linked,
    payload: encodeStored(spans, resources),
    arrivedByMs: Float64Array.from(spans, ({ arrivedByMs }) => arrivedByMs),
    weights: Uint32Array.from(spans, ({ weight }) => weight),
  }
}

/** The traces of those that link to these. */
async function ownersOf({ traces }: LateSpansOptions, wants: readonly TraceLookUp[]): Promise<TraceLookUp[]> {
  const beforeMs = newestOf(wants)
  const base = { partition: wants[0]?.partition ?? 0, tenant: wants[0]?.tenant ?? '', beforeMs, links: false, copies: true }
  const owners = await traces.linkOwners({
    tenant: base.tenant,
    traceIds: [...new Set(wants.map(({ traceId }) => traceId))],
    beforeMs,
    ownersPerTrace: OWNERS_PER_TRACE,
  })
  return owners.map(({ traceId, startMs }) => ({ ...base, traceId, fromMs: startMs, toMs: startMs + 1 }))
}

function newestOf(wants: readonly TraceLookUp[]): number {
  return Math.max(...wants.map(({ beforeMs }) => beforeMs))
}
