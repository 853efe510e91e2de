import type { TenantWindow } from '../contract-terms.ts'
import type { CachedQuestion, MinuteMark } from '../cache/window-cache.ts'
import type { Segment } from '../cache/segments.ts'
import type { Engine } from '../engine.ts'
import { readPacked } from '../native/packed.ts'
import { asNumber, asText } from '../sql/column.ts'
import { every, some, sql, uint32 } from '../sql/fragment.ts'
import { type CompiledQuery, compile } from '../sql/select.ts'
import type { Column, Fragment } from '../sql/terms.ts'
import { minutesOf } from '../sql/window.ts'
import { addSums, type DeltaColumns, sumDeltas, type SumShape, type Sums, sumsBytes } from '../sums/sums.ts'
import type { TableName } from '../tables.ts'

/** Rows of a table as sums by id, read as packed columns: an array of each column a minute, which costs the engine a copy alone. */
export interface PackedTable {
  readonly table: 'edges' | 'red'
  readonly shape: SumShape
  /** UInt64. */
  readonly id: Fragment
  /** 64-bit integers, as many as the shape has counters. */
  readonly counters: readonly Fragment[]
  readonly histograms: readonly Fragment[]
}

/** Rows of one reading: what they take in the engine and here stays below some 100 MB. */
export const ROWS_A_LOAD = 60_000

export function packedSums<Answer>(
  engine: Engine,
  packed: PackedTable,
  rest: Pick<CachedQuestion<Sums, Answer>, 'answer' | 'answerBytes'>,
): CachedQuestion<Sums, Answer> {
  return {
    name: packed.table,
    table: packed.table,
    rowsALoad: ROWS_A_LOAD,
    marks: (window) => engine.ask(marksQuery(window, packed.table)),
    load: (tenant, segments) => readSums(engine, packed, { tenant, segments, wanted: segments }),
    add: (parts) => addSums(packed.shape, parts),
    partBytes: sumsBytes,
    ...rest,
  }
}

/** The sums of each wanted stretch of minutes; `segments` are what is read, and hold them all. */
export async function readSums(
  engine: Engine,
  packed: PackedTable,
  { tenant, segments, wanted }: { tenant: string; segments: readonly Segment[]; wanted: readonly Segment[] },
): Promise<Sums[]> {
  const rows = readPacked(await engine.askNative(packedQuery(tenant, packed, segments)), widthsOf(packed))
  return wanted.map(({ from, to }) => {
    const inside = rows.filter(({ seconds }) => seconds >= from && seconds < to)
    return sumDeltas(
      packed.shape,
      inside.map(({ columns }) => deltaColumns(packed, columns)),
    )
  })
}

/** What tells a minute's rows from those of before: the sum of their marks. */
export function marksQuery(window: TenantWindow, table: 'edges' | 'red' | 'instances'): CompiledQuery<MinuteMark> {
  return minuteMarks(window, table, sql`toString(sum(mark))`)
}

/** Of a table whose rows never merge, their number. */
export function countMarksQuery(window: TenantWindow, table: 'exemplars'): CompiledQuery<MinuteMark> {
  return minuteMarks(window, table, sql`toString(count())`)
}

function minuteMarks(window: TenantWindow, table: TableName, mark: Fragment): CompiledQuery<MinuteMark> {
  return compile({
    scope: window,
    from: table,
    columns: { minute: asNumber(sql`toUnixTimestamp(minute)`), mark: asText(mark), rows: asNumber(sql`count()`) },
    where: [minutesOf(window)],
    groupBy: sql`minute`,
  })
}

export function insideSegments(segments: readonly Segment[]): Fragment {
  return some(segments.map(({ from, to }) => every([sql`minute >= toDateTime(${uint32(from)})`, sql`minute < toDateTime(${uint32(to)})`])))
}

/** Of a column that is kept sparse, mostly zeros, the engine's groupArray gives the zeros last: in the order of the other columns only when it is made full. */
function inOrder(value: Fragment): Fragment {
  return sql`groupArray(materialize(${value}))`
}

export function packedQuery(tenant: string, packed: PackedTable, segments: readonly Segment[]): CompiledQuery {
  const histograms = packed.histograms.flatMap((histogram, at) => [
    [`lengths${at}`, inOrder(sql`toUInt32(length(${histogram}))`)] as const,
    [`buckets${at}`, sql`groupArrayArray(mapKeys(${histogram}))`] as const,
    [`counts${at}`, sql`groupArrayArray(mapValues(${histogram}))`] as const,
  ])
  const columns = [
    ['seconds', sql`toUnixTimestamp(minute)`] as const,
    ['ids', inOrder(packed.id)] as const,
    ...packed.counters.map((counter, at) => [`counter${at}`, inOrder(counter)] as const),
    ...histograms,
  ]
  return compile({
    scope: { tenant },
    from: packed.table,
    columns: Object.fromEntries(columns.map(([name, expression]) => [name, inNative(expression)])),
    where: [insideSegments(segments)],
    groupBy: sql`minute`,
  })
}

/** Read from bytes, by position. */
function inNative(expression: Fragment): Column<unknown> {
  return { expression, read: (value) => value }
}

function widthsOf({ counters, histograms }: PackedTable): number[] {
  return [8, ...counters.map(() => 8), ...histograms.flatMap(() => [4, 2, 8])]
}

function deltaColumns({ counters, histograms }: PackedTable, columns: readonly ArrayBuffer[]): DeltaColumns {
  const [ids, ...others] = columns
  const ofHistograms = others.slice(counters.length)
  return {
    ids: new Int32Array(ids!),
    counters: others.slice(0, counters.length).map((column) => new Int32Array(column)),
    histograms: histograms.map((_, at) => ({
      lengths: new Uint32Array(ofHistograms[at * 3]!),
      buckets: new Int16Array(ofHistograms[at * 3 + 1]!),
      counts: new Int32Array(ofHistograms[at * 3 + 2]!),
    })),
  }
}
