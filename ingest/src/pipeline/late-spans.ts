import { partitionOfTrace } from '@skein/schemas/partition'
import { lengthPrefixed } from '@skein/schemas/wire-fields'
import type { StoredSpan, TraceQuestions } from '@skein/store/contract-traces'
import { QueryLimitError } from '@skein/store/errors'
import { linkedTraceOf, TARGET_AHEAD_MS, type TraceLookUp, wantName } from '../topology/look-up.ts'
import { type Backoff, retryUntilDone } from './backoff.ts'
import type { FoundSpans } from './found-spans.ts'
import { type IngestLogger, reasonOf } from './ingest-logger.ts'
import type { CutReason, IngestMetrics } from './ingest-metrics.ts'
import { encodeStored } from './stored-otlp.ts'

export interface LateSpansOptions {
  traces: Pick<TraceQuestions, 'stored' | 'resources' | 'linkOwners'>
  /** How many partitions the topic has, to know whose trace one is. */
  partitions: () => Promise<number>
  backoff: Backoff
  logger: IngestLogger
  metrics: Pick<IngestMetrics, 'lookedUp' | 'lookUpCut'>
  /** Spans that one answer may hold, to the size of a question more. */
  maxSpans?: number
}

/** Of a longer trace only the first are brought back, and of a trace that more link to the first of those. */
const SPANS_PER_TRACE = 1000
const OWNERS_PER_TRACE = 1000
/** Of all traces that are asked for together: what is beyond would only fill memory. */
const MAX_SPANS = 131_072
const MAX_OWNERS = 65_536
const MAX_TARGETS = 65_536
/** A trace alone that is too much for the store may only be so while the store is busy. */
const PATIENCE = 5
/** Each answer over the time or memory limit takes seconds: a range does not wait for more of them. */
const MAX_TIRED = 40
const HOUR_MS = 3_600_000

export type LateSpans = (wants: readonly TraceLookUp[], signal: AbortSignal) => Promise<FoundSpans>
type Request = FoundSpans['requests'][number]

/** Asks the store for stored spans, again and again while it is away: a range waits for them as for an insert. */
export function createLateSpans(options: LateSpansOptions): LateSpans {
  return async (wants, signal) => {
    const search: Search = {
      options,
      signal,
      partitions: await options.partitions(),
      cut: new Map(),
      room: { spans: options.maxSpans ?? MAX_SPANS, owners: MAX_OWNERS, targets: MAX_TARGETS, tired: MAX_TIRED },
    }
    const asking = wants.map((want): Asked => ({ ...want, askers: [want] }))
    const own = asking.filter((want) => isHome(search, want))
    const foreign = asking.filter((want) => want.copies && !isHome(search, want))
    const rows = await askSpans(search, own, false)
    const linking = await askSpans(search, [...foreign, ...(await askOwners(search, own))], true)
    const targets = targetsOf(search, [...rows.spans, ...linking.spans], asking)
    const targeted = await askSpans(search, targets, false)
    const found = [rows, linking, targeted]
    for (const reason of search.cut.values()) options.metrics.lookUpCut(reason)
    options.metrics.lookedUp(
      found.reduce((sum, { traces }) => sum + traces, 0),
      found.reduce((sum, { spans }) => sum + spans.length, 0),
    )
    return {
      asked: wants.map(wantName),
      homes: [...new Set([...own, ...targets].map(wantName))],
      cut: [...search.cut.keys()],
      requests: found.flatMap(({ requests }) => requests),
    }
  }
}

/** What is done for one `find`. */
interface Search {
  options: LateSpansOptions
  signal: AbortSignal
  partitions: number
  /** `wantName` → why less came back than is stored. */
  cut: Map<string, CutReason>
  /** What may still be brought back and asked for, and how often the store may still be at its limits. */
  room: { spans: number; owners: number; targets: number; tired: number }
}

/** A trace to ask for, and those of the wants that it is asked for. */
interface Asked extends TraceLookUp {
  askers: readonly TraceLookUp[]
}

interface Answered {
  traces: number
  spans: StoredSpan[]
  requests: Request[]
}

function isHome({ partitions }: Search, { partition, traceId }: Pick<TraceLookUp, 'partition' | 'traceId'>): boolean {
  return partitionOfTrace(Buffer.from(traceId, 'hex'), partitions) === partition
}

function cutShort({ cut }: Search, wants: readonly Asked[], reason: CutReason): void {
  for (const { askers } of wants) for (const asker of askers) if (!cut.has(wantName(asker))) cut.set(wantName(asker), reason)
}

/** `linked`: only spans with links, which join as marked copies. */
async function askSpans(search: Search, wants: readonly Asked[], linked: boolean): Promise<Answered> {
  const answered: Answered = { traces: 0, spans: [], requests: [] }
  for (const group of groupsOf(wants)) {
    answered.traces += group.length
    for (const found of await askParts(search, group, { most: SPANS_PER_TRACE, ask: (part, most) => ask(search, part, { linked, most }) })) {
      answered.spans.push(...found.spans)
      answered.requests.push(...found.requests)
    }
  }
  return answered
}

/**
 * Of one tenant and the same whole hours: what one question asks for, each trace once. Whole, so that what is found of a trace does not depend on the
 * others; once, since a trace in both halves of an answer that was too large would be answered by both.
 */
function groupsOf(wants: readonly Asked[]): Asked[][] {
  const hours = ({ fromMs, toMs, tenant }: TraceLookUp): string => `${fromMs} ${toMs} ${tenant}`
  const once = new Map<string, Asked>()
  for (const want of wants) {
    const whole = { ...want, fromMs: Math.floor(want.fromMs / HOUR_MS) * HOUR_MS, toMs: Math.ceil(want.toMs / HOUR_MS) * HOUR_MS }
    const name = `${want.traceId} ${hours(whole)}`
    const known = once.get(name)
    once.set(name, { ...whole, beforeMs: Math.max(want.beforeMs, known?.beforeMs ?? 0), askers: [...new Set([...(known?.askers ?? []), ...want.askers])] })
  }
  return [...Map.groupBy(once.values(), hours).values()]
}

interface Question<T> {
  /** How many spans or owners of one trace. */
  most: number
  ask(wants: readonly Asked[], most: number): Promise<T>
}

/** An answer over the store's limits would be so again: then half as many traces are asked for, and of one trace alone half as much. */
async function askParts<T>(search: Search, wants: readonly Asked[], question: Question<T>): Promise<T[]> {
  if (search.room.tired <= 0) {
    cutShort(search, wants, 'over_limits')
    return []
  }
  try {
    return [await askPatiently(search, wants, question)]
  } catch (error) {
    if (!isTooMuch(error)) throw error
    const middle = wants.length >> 1
    if (middle > 0) return [...(await askParts(search, wants.slice(0, middle), question)), ...(await askParts(search, wants.slice(middle), question))]
    cutShort(search, wants, 'over_limits')
    return error.limit === 'rows' && question.most > 1 ? askParts(search, wants, { ...question, most: question.most >> 1 }) : []
  }
}

function isTooMuch(error: unknown): error is QueryLimitError {
  return error instanceof QueryLimitError && error.limit !== 'concurrency'
}

function askPatiently<T>({ options, signal, room }: Search, wants: readonly Asked[], { ask, most }: Question<T>): Promise<T> {
  let failures = 0
  const isFinal = (error: unknown): boolean => {
    if (!isTooMuch(error)) return false
    if (error.limit === 'rows') return true
    return --room.tired <= 0 || wants.length > 1 || ++failures >= PATIENCE
  }
  return retryUntilDone(() => ask(wants, most), {
    backoff: options.backoff,
    signal,
    permanent: isFinal,
    failed: (error, afterMs) =>
      options.logger.warn({ event: 'look_up_failed', traces: wants.length, afterMs, reason: reasonOf(error) }, 'The store did not say which spans came before'),
  })
}

async function ask(search: Search, wants: readonly Asked[], { linked, most }: { linked: boolean; most: number }): Promise<Omit<Answered, 'traces'>> {
  const { room, options } = search
  const { tenant, fromMs, toMs } = wants[0] ?? { tenant: '', fromMs: 0, toMs: 0 }
  if (room.spans <= 0) {
    cutShort(search, wants, 'too_many_together')
    return { spans: [], requests: [] }
  }
  const stored = await options.traces.stored({
    tenant,
    traceIds: wants.map(({ traceId }) => traceId),
    fromMs,
    toMs,
    beforeMs: newestOf(wants),
    spansPerTrace: most + 1,
    ...(linked ? { linkedOnly: true } : {}),
  })
  const byTrace = Map.groupBy(stored, ({ traceId }) => traceId)
  cutShort(
    search,
    wants.filter(({ traceId }) => (byTrace.get(traceId)?.length ?? 0) > most),
    'spans_per_trace',
  )
  const spans = [...byTrace.values()].flatMap((of) => of.slice(0, most))
  room.spans -= spans.length
  if (spans.length === 0) return { spans, requests: [] }
  const resources = await options.traces.resources(tenant, [...new Set(spans.map(({ resource }) => resource))])
  const request = (partition: number, of: readonly StoredSpan[]): Request => ({ ...encodeRequest(of, resources), tenant, partition, copies: linked })
  if (!linked) return { spans, requests: [request(0, spans)] }
  return { spans, requests: copiesOf(search, wants, spans).map((copies) => request(copies.partition, copies.spans)) }
}

function encodeRequest(spans: readonly StoredSpan[], resources: ReadonlyMap<string, Uint8Array>): Pick<Request, 'payload' | 'arrivedByMs' | 'weights'> {
  return {
    payload: encodeStored(spans, resources),
    arrivedByMs: Float64Array.from(spans, ({ arrivedByMs }) => arrivedByMs),
    weights: Uint32Array.from(spans, ({ weight }) => weight),
  }
}

/** Each partition has copies of the spans that link to a trace of its own, as its log had them; another's are none of its business. */
function copiesOf(search: Search, wants: readonly Asked[], spans: readonly StoredSpan[]): { partition: number; spans: StoredSpan[] }[] {
  const askers = Map.groupBy(
    wants.flatMap(({ traceId, askers: all }) => all.map(({ partition }) => ({ traceId, partition }))),
    ({ partition }) => partition,
  )
  return [...askers].flatMap(([partition, asked]) => {
    const traces = new Set(asked.map(({ traceId }) => traceId))
    const copies = spans.filter((span) => traces.has(span.traceId) && linkedTraces(span).some((traceId) => isHome(search, { partition, traceId })))
    return copies.length === 0 ? [] : [{ partition, spans: copies }]
  })
}

function linkedTraces({ links }: StoredSpan): string[] {
  return [...lengthPrefixed(links)].map(linkedTraceOf).filter((traceId) => traceId !== '')
}

/** The traces of those that link to these. */
async function askOwners(search: Search, own: readonly Asked[]): Promise<Asked[]> {
  const owners: Asked[] = []
  for (const wants of Map.groupBy(
    own.filter(({ links }) => links),
    ({ tenant }) => tenant,
  ).values())
    for (const part of await askParts(search, wants, { most: OWNERS_PER_TRACE, ask: (some, most) => ownersOf(search, some, most) })) owners.push(...part)
  return owners
}

async function ownersOf(search: Search, wants: readonly Asked[], most: number): Promise<Asked[]> {
  const byTrace = Map.groupBy(wants, ({ traceId }) => traceId)
  const beforeMs = newestOf(wants)
  const owners = await search.options.traces.linkOwners({
    tenant: wants[0]?.tenant ?? '',
    traceIds: [...byTrace.keys()],
    beforeMs,
    ownersPerTrace: most + 1,
  })
  return [...Map.groupBy(owners, ({ linkedTraceId }) => linkedTraceId)].flatMap(([linkedTraceId, all]) => {
    const linked = byTrace.get(linkedTraceId) ?? []
    if (all.length > most) cutShort(search, linked, 'owners_per_trace')
    const some = all.slice(0, Math.min(most, search.room.owners))
    if (some.length < Math.min(most, all.length)) cutShort(search, linked, 'too_many_together')
    search.room.owners -= some.length
    return linked.flatMap((want) =>
      some.map(({ traceId, startMs }) => ({ ...want, traceId, fromMs: startMs, toMs: startMs + 1, beforeMs, links: false, copies: true, targetsBackMs: 0 })),
    )
  })
}

/** What the spans found link to, of wants that may have to take back what such a link counted, where it counts. */
function targetsOf(search: Search, spans: readonly StoredSpan[], wants: readonly Asked[]): Asked[] {
  const wanting = Map.groupBy(
    wants.filter(({ targetsBackMs }) => targetsBackMs > 0),
    ({ traceId }) => traceId,
  )
  const targets: Asked[] = []
  for (const span of spans) {
    const asked = wanting.get(span.traceId) ?? []
    if (asked.length === 0) continue
    const some = targetsOfSpan(search, span, asked).slice(0, search.room.targets + 1)
    if (some.length > search.room.targets) cutShort(search, asked, 'too_many_together')
    targets.push(...some.slice(0, search.room.targets))
    search.room.targets = Math.max(0, search.room.targets - some.length)
  }
  return targets
}

function targetsOfSpan(search: Search, span: StoredSpan, asked: readonly Asked[]): Asked[] {
  const startMs = Number(BigInt(span.startNs) / 1_000_000n)
  const traces = [...new Set(linkedTraces(span))].filter((traceId) => traceId !== span.traceId)
  return traces.flatMap((traceId) =>
    asked
      .filter(({ partition }) => isHome(search, { partition, traceId }))
      .map((want) => ({
        ...want,
        traceId,
        fromMs: startMs - want.targetsBackMs,
        toMs: startMs + TARGET_AHEAD_MS,
        links: false,
        copies: false,
        targetsBackMs: 0,
      })),
  )
}

function newestOf(wants: readonly TraceLookUp[]): number {
  return wants.reduce((newest, { beforeMs }) => Math.max(newest, beforeMs), 0)
}
