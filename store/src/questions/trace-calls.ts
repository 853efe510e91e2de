import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import type { TraceCall, TraceSearch } from '../contract-traces.ts'
import { asText } from '../sql/column.ts'
import { every, list, some, sql, texts, uint16 } from '../sql/fragment.ts'
import type { Fragment, Select } from '../sql/terms.ts'
import { isPeerKind, namesPeer, type PeerKind } from './peer-name.ts'
import { bucketsOf, type StartRange } from './trace-fold.ts'

/** Spans of callers that one look holds against those of callees, the newest. */
const MOST_CALLERS = 1_000_000
const { client, producer, consumer, server } = SpanKindNumber

interface Asked {
  search: Pick<TraceSearch, 'tenant' | 'error'>
  range: StartRange
  /** Names of callers and callees; each caller calls each callee. */
  sources: string[]
  targets: string[]
}

/** Whether a span shows one of the calls: the callee of a pair, the caller of what sends no spans, the receiver from a topic, the entry of a user. */
export function showsCall(search: Asked['search'], range: StartRange, calls: readonly TraceCall[]): Fragment {
  const byTarget = [...Map.groupBy(calls, (call) => JSON.stringify([formOf(call), call.target.name])).values()]
  // callees with the same callers are asked for at once, so that the question stays short
  const groups = [...Map.groupBy(byTarget, (same) => JSON.stringify([same.map(formOf)[0], namesOf(same, 'source')])).values()].map((alike) => alike.flat())
  const conditions = groups.flatMap((group) =>
    formCondition(group[0]!, { search, range, sources: namesOf(group, 'source'), targets: namesOf(group, 'target') }),
  )
  return conditions.length === 0 ? sql`0` : some(conditions)
}

function namesOf(calls: readonly TraceCall[], end: 'source' | 'target'): string[] {
  return [...new Set(calls.map((call) => call[end].name))].sort()
}

/** Calls of one form are asked for in the same way. */
function formOf({ kind, source, target }: TraceCall): string {
  return `${source.kind} ${target.kind} ${kind === 'link' ? 'link' : isSelf({ source, target }) ? 'self' : ''}`
}

function isSelf({ source, target }: Pick<TraceCall, 'source' | 'target'>): boolean {
  return source.kind === target.kind && source.name === target.name
}

function formCondition(call: TraceCall, asked: Asked): Fragment[] {
  const [from, to] = [call.source.kind, call.target.kind]
  if (from === 'service' && to === 'service') return [call.kind === 'link' ? isLinked(asked) : isCalled(asked, isSelf(call))]
  if (from === 'service' && isPeerKind(to)) return [isSent(asked, to)]
  if (from === 'client' && to === 'service')
    return [every([isOf(asked.targets), isKind([server]), sql`parent_lo = 0`, sql`parent_hi = 0`, ...statusIs(asked.search.error)])]
  if (isPeerKind(from) && to === 'service')
    return [every([isOf(asked.targets), isKind([client, consumer]), ...statusIs(asked.search.error), namesPeer(from, asked.sources)])]
  return []
}

/** A span whose parent is of another service; within one service a server's whose parent is a client's. The parent or the span says whether it failed. */
function isCalled({ search, range, sources, targets }: Asked, self: boolean): Fragment {
  const parents = (erred?: boolean): Fragment => {
    const where = [isOf(sources), ...(self ? [isKind([client])] : []), ...statusIs(erred)]
    // the first half of an id is always kept, and tells the spans of one trace apart
    return sql`(trace_id, parent_lo) IN ${spansOf({ search, range, half: true }, where)}`
  }
  const own = every([isOf(targets), self ? isKind([server]) : sql`kind != ${uint16(consumer)}`])
  if (search.error === undefined) return every([own, parents()])
  if (!search.error) return every([own, ...statusIs(false), parents(false)])
  return every([own, some([every([...statusIs(true), parents()]), parents(true)])])
}

function isSent({ search, sources, targets }: Asked, to: PeerKind): Fragment {
  return every([isOf(sources), isKind(to === 'queue' ? [client, producer] : [client]), ...statusIs(search.error), namesPeer(to, targets)])
}

function isLinked({ search, range, sources, targets }: Asked): Fragment {
  const links: Select = {
    scope: search,
    from: 'span_links',
    columns: { traceId: asText(sql`trace_id`), spanId: asText(sql`span_id`) },
    where: [...bucketsOf(range), isOf(targets), sql`(linked_trace, linked_span) IN ${spansOf({ search, range, half: false }, [isOf(sources)])}`],
    limit: MOST_CALLERS,
  }
  return every([isOf(targets), sql`links != ''`, ...statusIs(search.error), sql`(trace_id, span_id) IN ${links}`])
}

function spansOf({ search, range, half }: Pick<Asked, 'search' | 'range'> & { half: boolean }, where: readonly Fragment[]): Select {
  return {
    scope: search,
    from: 'spans',
    columns: { traceId: asText(sql`trace_id`), spanId: asText(half ? sql`reinterpretAsUInt32(substring(span_id, 1, 4))` : sql`span_id`) },
    where: [...bucketsOf(range), ...where],
    orderBy: sql`ts DESC`,
    limit: MOST_CALLERS,
  }
}

const isOf = (services: readonly string[]): Fragment => sql`has(${texts(services)}, service)`
const isKind = (kinds: readonly number[]): Fragment => sql`kind IN (${list(kinds.map((kind) => sql`${uint16(kind)}`))})`

function statusIs(erred: boolean | undefined): Fragment[] {
  return erred === undefined ? [] : [erred ? sql`status = 2` : sql`status != 2`]
}
