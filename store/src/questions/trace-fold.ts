import type { TenantWindow } from '../contract-terms.ts'
import type { TraceRow, TraceSearch } from '../contract-traces.ts'
import { asFlag, asNumber, asText, asTexts } from '../sql/column.ts'
import { sql, text, uint32, uint64 } from '../sql/fragment.ts'
import { compile, type RowOf } from '../sql/select.ts'
import type { Column, Fragment, Select } from '../sql/terms.ts'

/** Start times of traces asked for, in seconds: `from ≤ start < to`. */
export interface StartRange {
  fromSeconds: number
  toSeconds: number
}

/** A trace comes in parts, one row per range and bucket; parts of one trace are looked for this far around a window. */
const SPREAD_SECONDS = 900

export const START = sql`min(start_ns)`
export const DURATION = sql`max(end_ns) - min(start_ns)`
/** The part with the root says who the root is; without one the earliest part does. */
const ROOT_FIRST = sql`(1 - has_root, start_ns)`

const TRACE_COLUMNS = {
  traceId: asText(sql`lower(hex(trace_id))`),
  hasRoot: asFlag(sql`max(has_root)`),
  rootService: asText(sql`argMin(root_service, ${ROOT_FIRST})`),
  rootOperation: asText(sql`argMin(root_operation, ${ROOT_FIRST})`),
  startNs: asText(sql`toString(${START})`),
  durationNs: asNumber(DURATION),
  spans: asNumber(sql`sum(spans)`),
  errors: asNumber(sql`sum(errors)`),
  services: asTexts(sql`arraySort(groupUniqArrayArray(services))`),
} as const

/** Traces by their whole: parts added up, then compared. `candidates` gives the trace ids to look at. */
export function tracesQuery(search: TraceSearch, range: StartRange, candidates: Select | undefined) {
  return compile({
    scope: search,
    from: 'traces',
    columns: TRACE_COLUMNS,
    where: [...bucketsOf(range), sql`trace_id IN ${candidates ?? foundTraces(search, range)}`],
    groupBy: sql`trace_id`,
    having: foundOf(search, range),
    ...orderOf(search),
  })
}

/** Names and services of every trace of a window are a gigabyte where there are a million, so they are read of those alone that are answered. */
function foundTraces(search: TraceSearch, range: StartRange): Select {
  return {
    scope: search,
    from: 'traces',
    columns: TRACE_ID,
    where: bucketsOf(range),
    groupBy: sql`trace_id`,
    having: foundOf(search, range),
    ...orderOf(search),
  }
}

const TRACE_ID: { traceId: Column<string> } = { traceId: asText(sql`trace_id`) }

function foundOf(search: TraceSearch, range: StartRange): Fragment[] {
  return [...startsIn(range), ...wholeTrace(search), ...afterPosition(search)]
}

function orderOf({ sort, limit }: TraceSearch): Pick<Select, 'orderBy' | 'limit'> {
  return { orderBy: sort === 'longest' ? sql`${DURATION} DESC, trace_id DESC` : sql`${START} DESC, trace_id DESC`, limit }
}

/** Buckets in which parts of traces of a range may lie. */
export function bucketsOf(range: StartRange): Fragment[] {
  return [
    sql`bucket >= toDateTime(${uint32(Math.max(0, range.fromSeconds - SPREAD_SECONDS))})`,
    sql`bucket < toDateTime(${uint32(range.toSeconds + SPREAD_SECONDS)})`,
  ]
}

export function wholeRange(window: TenantWindow): StartRange {
  return { fromSeconds: Math.max(0, Math.floor(window.startMs / 1000)), toSeconds: Math.max(0, Math.ceil(window.endMs / 1000)) }
}

export function traceRow(row: RowOf<typeof TRACE_COLUMNS>, sort: TraceSearch['sort']): TraceRow {
  return { ...row, after: `${sort === 'longest' ? row.durationNs : row.startNs}-${row.traceId}` }
}

export interface Position {
  /** ns since 1970 of the start, or ns of duration; decimal. */
  value: string
  traceId: string
}

/** Undefined when the text is not the `after` of a trace row. */
export function readPosition(after: string): Position | undefined {
  const [, value, traceId] = /^(\d{1,20})-([0-9a-f]{32})$/.exec(after) ?? []
  return value === undefined || traceId === undefined ? undefined : { value, traceId }
}

export function startsIn(range: StartRange): Fragment[] {
  return [sql`${START} >= ${nanoseconds(range.fromSeconds)}`, sql`${START} < ${nanoseconds(range.toSeconds)}`]
}

function nanoseconds(seconds: number) {
  return uint64(seconds === 0 ? '0' : `${seconds}000000000`)
}

/** What a trace as a whole must be; for use after its parts are added up. */
export function wholeTrace(search: Omit<TraceSearch, 'sort' | 'limit' | 'after'>): Fragment[] {
  return [
    ...(search.entry === undefined ? [] : [sql`max(has_root) = 1`, sql`${TRACE_COLUMNS.rootOperation.expression} = ${text(search.entry)}`]),
    ...(search.minDurationNs === undefined ? [] : [sql`${DURATION} >= ${uint64(Math.max(0, Math.ceil(search.minDurationNs)))}`]),
    ...(search.maxDurationNs === undefined ? [] : [sql`${DURATION} <= ${uint64(Math.max(0, Math.floor(search.maxDurationNs)))}`]),
    ...(search.error === true ? [sql`sum(errors) > 0`] : []),
  ]
}

function afterPosition(search: TraceSearch): Fragment[] {
  const position = search.after === undefined ? undefined : readPosition(search.after)
  if (position === undefined) return []
  const sorted = search.sort === 'longest' ? DURATION : START
  return [sql`(${sorted}, trace_id) < (${uint64(position.value)}, toFixedString(unhex(${text(position.traceId)}), 16))`]
}
