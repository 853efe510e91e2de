import { searchedPairs } from '../attribute-text.ts'
import type { TraceRow, TraceSearch } from '../contract-traces.ts'
import type { Engine } from '../engine.ts'
import { asText } from '../sql/column.ts'
import { some, sql, text, texts, uint16, uint64, uint64Ids } from '../sql/fragment.ts'
import type { Column, Fragment, Select } from '../sql/terms.ts'
import { keysOf, type OwnedAttribute, withOwners } from './resource-owners.ts'
import { showsCall } from './trace-calls.ts'
import { bucketsOf, readPosition, type StartRange, traceRow, tracesQuery, wholeRange } from './trace-fold.ts'

/** Newest first, a question looks at windows of these lengths from the end backwards, then at all the rest. */
const WINDOWS_SECONDS = [300, 1500, 6000]
/** A look at attributes or calls costs more than a look at buckets, so it takes fewer windows. */
const ATTRIBUTE_WINDOWS_SECONDS = [1500]
/** Trace ids one look takes on to the next step, the newest; many more where the newest are no better than the others. */
const MAX_CANDIDATES = 10_000
const MAX_WHOLE_CANDIDATES = 500_000
const IS_ERROR = sql`status = 2`

/** Traces of a window, in the order asked for; a cursor that is no position of a trace finds nothing. */
export async function searchTraces(engine: Engine, search: TraceSearch): Promise<TraceRow[]> {
  if (search.after !== undefined && readPosition(search.after) === undefined) return []
  if (search.limit < 1) return []
  const found: TraceRow[] = []
  const owned = await withOwners(engine, search)
  for (const range of rangesOf(search)) {
    const wanted = { ...owned, limit: search.limit - found.length }
    found.push(...(await searchRange(engine, wanted, range)))
    if (found.length >= search.limit) break
  }
  return found
}

/** One look. An attribute stands in `items`, in `rest` or in the resource; each is asked for itself, since asking one query for all reads all. */
async function searchRange(engine: Engine, search: OwnedSearch, range: StartRange): Promise<TraceRow[]> {
  const answers = await Promise.all(candidatesOf(search, range).map((candidates) => engine.ask(tracesQuery(search, range, candidates))))
  const rows = [...new Map(answers.flat().map((row) => [row.traceId, traceRow(row, search.sort)])).values()]
  return answers.length === 1 ? rows : rows.sort((a, b) => compareRows(a, b, search.sort)).slice(0, search.limit)
}

function compareRows(a: TraceRow, b: TraceRow, sort: TraceSearch['sort']): number {
  const difference = sort === 'longest' ? b.durationNs - a.durationNs : Number(BigInt(b.startNs) - BigInt(a.startNs))
  return difference === 0 ? (a.traceId < b.traceId ? 1 : -1) : difference
}

/** Start times to look at, one after the other. */
export function rangesOf(search: TraceSearch): StartRange[] {
  const whole = wholeRange(search)
  if (search.sort === 'longest') return [whole]
  const position = search.after === undefined ? undefined : readPosition(search.after)
  let to = position === undefined ? whole.toSeconds : Math.min(whole.toSeconds, Number(BigInt(position.value) / 1_000_000_000n) + 1)
  const ranges: StartRange[] = []
  for (const length of [
    ...(search.attributes.length > 0 || search.calls !== undefined ? ATTRIBUTE_WINDOWS_SECONDS : WINDOWS_SECONDS),
    Number.POSITIVE_INFINITY,
  ]) {
    if (to <= whole.fromSeconds) break
    const from = Math.max(whole.fromSeconds, to - length)
    ranges.push({ fromSeconds: from, toSeconds: to })
    to = from
  }
  return ranges
}

/** A search whose attributes may name the resources that have them. */
type OwnedSearch = Omit<TraceSearch, 'attributes'> & { attributes: readonly OwnedAttribute[] }

/** The selects that name the traces in which one span satisfies service, operation, error and attributes, and that have one of the calls; `undefined` = all traces. */
export function candidatesOf(search: OwnedSearch, range: StartRange): (Select | undefined)[] {
  const { calls, error, ...others } = search
  if (calls === undefined) return spanCandidates(search, range)
  const { tenant, startMs, endMs, limit } = search
  const shown = showsCall({ tenant, ...(error === undefined ? {} : { error }) }, range, calls)
  const withCalls = (sort: TraceSearch['sort']): Select => spansWith({ tenant, startMs, endMs, sort, limit, attributes: [] }, range, [shown])
  // beside another condition the newest are no better than the others
  return spanCandidates(others, range).map((look) =>
    look === undefined ? withCalls(search.sort) : { ...look, where: [...(look.where ?? []), sql`trace_id IN ${withCalls('longest')}`] },
  )
}

function spanCandidates(search: OwnedSearch, range: StartRange): (Select | undefined)[] {
  if (search.attributes.length > 0) {
    const [first = [], ...others] = search.attributes.map(placesOf)
    const either = others.map(some)
    return first.map((found) => spansWith(search, range, [found, ...either]))
  }
  if (asksSpan(search)) return [spansWith(search, range, [])]
  return [search.service === undefined ? undefined : servicesWith(search, range, search.service)]
}

/** Whether more than the service and its failing is asked of the span. */
function asksSpan({ operation, error, kind, status, minSpanNs, maxSpanNs }: TraceSearch): boolean {
  return error === false || [operation, kind, status, minSpanNs, maxSpanNs].some((condition) => condition !== undefined)
}

const TRACE_ID: { traceId: Column<string> } = { traceId: asText(sql`trace_id`) }

function servicesWith(search: TraceSearch, range: StartRange, service: string): Select {
  return {
    scope: search,
    from: 'trace_services',
    columns: TRACE_ID,
    where: [sql`service = ${text(service)}`, ...bucketsOf(range), ...(search.error === true ? [sql`error = 1`] : [])],
    groupBy: sql`trace_id`,
    orderBy: sql`max(bucket) DESC, trace_id DESC`,
    limit: search.sort === 'longest' ? MAX_WHOLE_CANDIDATES : MAX_CANDIDATES,
  }
}

function spansWith(search: TraceSearch, range: StartRange, conditions: readonly Fragment[]): Select {
  return {
    scope: search,
    from: 'spans',
    columns: TRACE_ID,
    where: [...bucketsOf(range), ...conditions, ...spanConditions(search)],
    groupBy: sql`trace_id`,
    orderBy: sql`max(ts) DESC, trace_id DESC`,
    limit: search.sort === 'longest' ? MAX_WHOLE_CANDIDATES : MAX_CANDIDATES,
  }
}

function spanConditions({ service, operation, error, kind, status, minSpanNs, maxSpanNs }: TraceSearch): Fragment[] {
  return [
    ...(service === undefined ? [] : [sql`service = ${text(service)}`]),
    ...(operation === undefined ? [] : [sql`name = ${text(operation)}`]),
    ...(error === undefined ? [] : [error ? IS_ERROR : sql`NOT (${IS_ERROR})`]),
    ...(kind === undefined ? [] : [sql`kind = ${uint16(kind)}`]),
    ...(status === undefined ? [] : [sql`status = ${uint16(status)}`]),
    ...(minSpanNs === undefined ? [] : [sql`duration >= ${uint64(Math.max(0, Math.ceil(minSpanNs)))}`]),
    ...(maxSpanNs === undefined ? [] : [sql`duration <= ${uint64(Math.max(0, Math.floor(maxSpanNs)))}`]),
  ]
}

/** Where a pair may stand. */
function placesOf(attribute: OwnedAttribute): Fragment[] {
  const { value, resources = [] } = attribute
  const pairs = keysOf(attribute).flatMap((key) => searchedPairs(key, value))
  return [isInItems(pairs), isInRest(pairs), ...(resources.length === 0 ? [] : [sql`resource_fp IN ${uint64Ids(resources)}`])]
}

/** Shapes the bloom filters of both columns know. */
function isInItems(pairs: readonly string[]): Fragment {
  return sql`hasAny(items, ${texts(pairs)})`
}

function isInRest(pairs: readonly string[]): Fragment {
  return sql`hasAny(splitByChar('\\x1e', rest), ${texts(pairs)})`
}
