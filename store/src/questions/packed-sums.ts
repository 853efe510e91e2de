import type { TenantWindow } from '../contract-terms.ts'
import type { MinuteMark } from '../cache/signatures.ts'
import type { CachedQuestion } from '../cache/window-cache.ts'
import type { Segment } from '../cache/segments.ts'
import type { Engine } from '../engine.ts'
import { type ColumnKind, type ReadBlock, readColumns } from '../native/columns.ts'
import { asNumber, asText } from '../sql/column.ts'
import { every, some, sql, uint32 } from '../sql/fragment.ts'
import { type CompiledQuery, compile } from '../sql/select.ts'
import type { Column, Fragment } from '../sql/terms.ts'
import { minutesOf } from '../sql/window.ts'
import { inParts, isTooManyRows } from './in-parts.ts'
import { addSums, type DeltaColumns, narrowSums, sumDeltas, type SumShape, type Sums, sumsBytes } from '../sums/sums.ts'
import type { TableName } from '../tables.ts'

/** Rows of a table as sums by id, read as they are, column by column: to add them up here costs less than in the engine. */
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
    small: narrowSums,
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
  const read = async (how: Pick<Reading, 'summed' | 'part'>): Promise<Sums[]> => {
    const blocks = readColumns(await engine.askNative(packedQuery(tenant, packed, { segments, ...how })), kindsOf(packed)).map((block) =>
      deltaBlock(packed, block),
    )
    return wanted.map((stretch) =>
      sumDeltas(
        packed.shape,
        blocks.flatMap((block) => deltasOf(block, stretch)),
      ),
    )
  }
  try {
    return await read({})
  } catch (error) {
    if (!isTooManyRows(error)) throw error
    // of a minute alone: operations without end, which the engine adds up, or more ids than an answer may hold
    const parts = await inParts(packed.id, (part) => read({ summed: true, part }))
    return wanted.map((_, at) =>
      addSums(
        packed.shape,
        parts.map((sums) => sums[at]!),
      ),
    )
  }
}

interface Reading {
  segments: readonly Segment[]
  /** Rows of a minute and id added up by the engine. */
  summed?: boolean
  part?: readonly Fragment[]
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

export function packedQuery(tenant: string, packed: PackedTable, { segments, summed = false, part = [] }: Reading): CompiledQuery {
  const added = { sum: (of: Fragment) => sql`sum(${of})`, min: (of: Fragment) => sql`min(${of})`, max: (of: Fragment) => sql`max(${of})` } as const
  const counters = packed.counters.map((counter, at) => (summed ? added[packed.shape.counters[at] ?? 'sum'](counter) : counter))
  const histograms = packed.histograms.map((histogram) => (summed ? sql`sumMap(${histogram})` : histogram))
  const columns = [
    ['seconds', sql`toUnixTimestamp(minute)`] as const,
    ['id', packed.id] as const,
    ...counters.map((counter, at) => [`counter${at}`, counter] as const),
    ...histograms.map((histogram, at) => [`histogram${at}`, histogram] as const),
  ]
  return compile({
    scope: { tenant },
    from: packed.table,
    columns: Object.fromEntries(columns.map(([name, expression]) => [name, inNative(expression)])),
    where: [insideSegments(segments), ...part],
    ...(summed ? { groupBy: sql`minute, ${packed.id}` } : {}),
  })
}

/** Read from bytes, by position. */
function inNative(expression: Fragment): Column<unknown> {
  return { expression, read: (value) => value }
}

function kindsOf({ counters, histograms }: PackedTable): ColumnKind[] {
  return [4, 8, ...counters.map(() => 8 as const), ...histograms.map(() => 'histogram' as const)]
}

interface DeltaBlock extends DeltaColumns {
  readonly seconds: Uint32Array
  /** Where the entries of each row end, by histogram. */
  readonly ends: readonly Uint32Array[]
}

function deltaBlock({ counters, histograms }: PackedTable, { rows, columns }: ReadBlock): DeltaBlock {
  const [seconds, ids, ...others] = columns
  const ofHistograms = others.slice(counters.length)
  const ends = histograms.map((_, at) => lowHalves(new Uint32Array(ofHistograms[at * 3]!), rows))
  return {
    seconds: new Uint32Array(seconds!),
    ids: new Int32Array(ids!),
    counters: others.slice(0, counters.length).map((column) => new Int32Array(column)),
    histograms: ends.map((own, at) => ({
      lengths: own.map((end, row) => end - (row === 0 ? 0 : own[row - 1]!)),
      buckets: new Int16Array(ofHistograms[at * 3 + 1]!),
      counts: new Int32Array(ofHistograms[at * 3 + 2]!),
    })),
    ends,
  }
}

function lowHalves(wide: Uint32Array, rows: number): Uint32Array {
  const low = new Uint32Array(rows)
  for (let row = 0; row < rows; row++) low[row] = wide[row * 2]!
  return low
}

/** The rows of a stretch of minutes, as views. The engine reads in the order of time, so they mostly stand side by side. */
function deltasOf(block: DeltaBlock, { from, to }: Segment): DeltaColumns[] {
  const { seconds } = block
  const deltas: DeltaColumns[] = []
  const isInside = (row: number): boolean => seconds[row]! >= from && seconds[row]! < to
  for (let row = 0; row < seconds.length; row++) {
    if (!isInside(row)) continue
    const start = row
    while (row < seconds.length && isInside(row)) row++
    deltas.push(rowsOf(block, start, row))
  }
  return deltas
}

function rowsOf({ ids, counters, histograms, ends }: DeltaBlock, start: number, end: number): DeltaColumns {
  return {
    ids: ids.subarray(start * 2, end * 2),
    counters: counters.map((column) => column.subarray(start * 2, end * 2)),
    histograms: histograms.map(({ lengths, buckets, counts }, which) => {
      const first = start === 0 ? 0 : ends[which]![start - 1]!
      const last = ends[which]![end - 1]!
      return { lengths: lengths.subarray(start, end), buckets: buckets.subarray(first, last), counts: counts.subarray(first * 2, last * 2) }
    }),
  }
}
