import type { ServiceInTrace, TraceCall, TraceQuestions, TraceRow, TraceSearch } from '@skein/store/contract-traces'
import { fakeAttributes, fakeDifferences } from './fake-differences.ts'
import { fakeResources, fakeTrace, placeOfTrace, TRACES_A_MINUTE, type FakeSpan, type FakeTrace } from './fake-traces.ts'

const MINUTE_MS = 60_000
const MAX_MINUTES = 24 * 60
const MOST_POINTS = 20_000

export function createFakeTraces(clock: () => number): TraceQuestions {
  const resources = fakeResources()
  return {
    search: async (search) => {
      const found = search.sort === 'newest' ? newest(search, clock()) : longest(search, clock())
      return found.slice(0, search.limit)
    },
    points: async (search, limit) => {
      const found = newest({ ...search, sort: 'newest', limit: MOST_POINTS }, clock())
      return {
        points: found.slice(0, limit).map(({ traceId, startNs, durationNs, errors }) => ({ traceId, startNs, durationNs, errors })),
        total: found.length,
      }
    },
    differences: async (search, selection, perSide) => {
      const found = [...tracesDown(search, clock())].filter((trace) => matches(trace, { ...search, sort: 'newest', limit: 1 }))
      return fakeDifferences(found, selection, perSide)
    },
    attributes: async (search, limit) => {
      const found = [...tracesDown(search, clock())].filter((trace) => matches(trace, { ...search, sort: 'newest', limit: 1 }))
      return fakeAttributes(found, limit)
    },
    services: async (_window, traceIds) => traceIds.toSorted().flatMap(servicesOfTrace),
    spanNames: async (window, service, limit) => {
      const spans = [...tracesDown(window, clock())].flatMap((trace) => trace.spans.filter((span) => span.service === service))
      const once = new Map(spans.map(({ name, kind }) => [`${kind} ${name}`, { name, kind }]))
      return [...once.values()].slice(0, limit)
    },
    linking: async (tenant, traceId, limit) => {
      const place = placeOfTrace(traceId)
      if (place === null) return []
      const window = { tenant, startMs: place.minute * MINUTE_MS, endMs: (place.minute + 2) * MINUTE_MS }
      const consumer = newest({ ...window, attributes: [], sort: 'newest', limit: 50 }, clock()).at(-1)
      if (consumer === undefined || consumer.traceId === traceId) return []
      const spanId = traceId.slice(16)
      const { rootOperation: name, rootService: service, startNs } = consumer
      return [{ traceId: consumer.traceId, spanId, name, service, startNs, to: [spanId] }].slice(0, limit)
    },
    linkOwners: async () => [],
    stored: async () => [],
    spans: async (_tenant, traceId, limit) => {
      const place = placeOfTrace(traceId)
      if (place === null || place.minute * MINUTE_MS > clock()) return { spans: [], truncated: false }
      const { spans } = fakeTrace(place.minute, place.index)
      const sorted = spans.toSorted((a, b) => (BigInt(a.startNs) < BigInt(b.startNs) ? -1 : 1))
      return { spans: sorted.slice(0, limit), truncated: spans.length > limit }
    },
    resources: async (_tenant, fingerprints) => new Map([...resources].filter(([fingerprint]) => fingerprints.includes(fingerprint))),
  }
}

function newest(search: TraceSearch, nowMs: number): TraceRow[] {
  const found: TraceRow[] = []
  for (const trace of tracesDown(search, nowMs)) {
    if (found.length >= search.limit) break
    const after = `${trace.startNs}:${trace.traceId}`
    if ((search.after === undefined || after < search.after) && matches(trace, search)) found.push(rowOf(trace, after))
  }
  return found
}

function longest(search: TraceSearch, nowMs: number): TraceRow[] {
  return [...tracesDown(search, nowMs)]
    .filter((trace) => matches(trace, search))
    .map((trace) => rowOf(trace, `${String(trace.durationNs).padStart(20, '0')}:${trace.traceId}`))
    .sort((a, b) => (a.after > b.after ? -1 : 1))
    .filter((row) => search.after === undefined || row.after < search.after)
}

function* tracesDown(window: { startMs: number; endMs: number }, nowMs: number): Generator<FakeTrace> {
  const last = Math.floor((Math.min(window.endMs, nowMs) - 1) / MINUTE_MS)
  const first = Math.max(Math.floor(window.startMs / MINUTE_MS), last - MAX_MINUTES)
  for (let minute = last; minute >= first; minute--) {
    for (let index = TRACES_A_MINUTE - 1; index >= 0; index--) {
      const trace = fakeTrace(minute, index)
      if (trace.startNs / 1_000_000n <= BigInt(nowMs)) yield trace
    }
  }
}

function matches(trace: FakeTrace, search: TraceSearch): boolean {
  const root = trace.spans[0]
  if (search.entry !== undefined && root?.name !== search.entry) return false
  if (trace.durationNs < (search.minDurationNs ?? 0) || trace.durationNs > (search.maxDurationNs ?? Infinity)) return false
  if (search.calls !== undefined && !search.calls.some((call) => holdsCall(trace, call))) return false
  return trace.spans.some((span) => spanMatches(span, search))
}

function holdsCall({ spans }: FakeTrace, { source, target }: TraceCall): boolean {
  return spans.some(({ service, calls, consumes, parentSpanId }) => {
    if (source.kind === 'service') return service === source.name && calls === target.name
    return service === target.name && (source.kind === 'client' ? parentSpanId === '' : consumes === source.name)
  })
}

function spanMatches(span: FakeSpan, search: TraceSearch): boolean {
  const has = <T>(wanted: T | undefined, own: T): boolean => wanted === undefined || wanted === own
  const durationNs = Number(span.durationNs)
  return (
    has(search.service, span.service) &&
    has(search.operation, span.name) &&
    has(search.error, span.status === 2) &&
    has(search.kind, span.kind) &&
    has(search.status, span.status) &&
    durationNs >= (search.minSpanNs ?? 0) &&
    durationNs <= (search.maxSpanNs ?? Infinity) &&
    search.attributes.every(({ key, value }) =>
      span.attributes.some(([name, stored]) => name === key && (typeof stored === 'string' ? stored : JSON.stringify(stored)) === value),
    )
  )
}

function rowOf(trace: FakeTrace, after: string): TraceRow {
  const root = trace.spans[0]
  return {
    traceId: trace.traceId,
    hasRoot: true,
    rootService: root?.service ?? '',
    rootOperation: root?.name ?? '',
    startNs: trace.startNs.toString(),
    durationNs: trace.durationNs,
    spans: trace.spans.length,
    errors: trace.spans.filter((span) => span.status === 2).length,
    services: [...new Set(trace.spans.map((span) => span.service))].sort(),
    after,
  }
}

function servicesOfTrace(traceId: string): ServiceInTrace[] {
  const place = placeOfTrace(traceId)
  if (place === null) return []
  const spans = fakeTrace(place.minute, place.index).spans
  const ids = new Set(spans.map(({ spanId }) => spanId))
  const orphan = ({ parentSpanId }: FakeSpan): boolean => parentSpanId !== '' && !ids.has(parentSpanId)
  const services = [...Map.groupBy(spans, ({ service }) => service)].sort(([a], [b]) => (a < b ? -1 : 1))
  return services.map(([service, own]) => ({
    traceId,
    service,
    spans: own.length,
    errors: own.filter(({ status }) => status === 2).length,
    orphans: own.filter(orphan).length,
  }))
}
