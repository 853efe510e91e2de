import type { TracePoint, TraceSearch } from '../contract-traces.ts'
import type { Engine } from '../engine.ts'
import { asNumber, asText } from '../sql/column.ts'
import { sql, uint32 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Fragment, Select } from '../sql/terms.ts'
import { bucketsOf, DURATION, START, type StartRange, startsIn, wholeRange, wholeTrace } from './trace-fold.ts'
import { withOwners } from './resource-owners.ts'
import { candidatesOf } from './trace-search.ts'

type PointSearch = Omit<TraceSearch, 'sort' | 'limit' | 'after'>

/** Parts of traces that one look adds up; of a window with more, every n-th trace is looked at. */
const MOST_PARTS = 2_000_000
/** The same traces are chosen whenever a window is looked at, and no attribute decides which. */
const LOT = sql`cityHash64(trace_id)`

const POINT_COLUMNS = {
  traceId: asText(sql`lower(hex(trace_id))`),
  startNs: asText(sql`toString(${START})`),
  durationNs: asNumber(DURATION),
  errors: asNumber(sql`sum(errors)`),
  found: asNumber(sql`count() OVER ()`),
} as const

/** Dots of a window; more than `limit` are drawn by lot. */
export async function tracePoints(engine: Engine, search: PointSearch, limit: number): Promise<{ points: TracePoint[]; total: number }> {
  const range = wholeRange(search)
  if (limit < 1 || range.fromSeconds >= range.toSeconds) return { points: [], total: 0 }
  const [counted] = await engine.ask(partsQuery(search, range))
  const oneIn = Math.max(1, Math.ceil((counted?.parts ?? 0) / MOST_PARTS))
  const looks = candidatesOf({ ...(await withOwners(engine, search)), sort: 'longest', limit }, range)
  const answers = await Promise.all(looks.map((candidates) => engine.ask(pointsQuery({ search, range, candidates, oneIn, limit }))))
  const points = [...new Map(answers.flat().map(({ found: _found, ...point }) => [point.traceId, point])).values()].slice(0, limit)
  const found = Math.max(points.length, ...answers.map((rows) => rows[0]?.found ?? 0))
  return { points, total: found * oneIn }
}

export function partsQuery(search: PointSearch, range: StartRange) {
  return compile({ scope: search, from: 'traces', columns: { parts: asNumber(sql`count()`) }, where: bucketsOf(range) })
}

export interface PointsQuestion {
  search: PointSearch
  range: StartRange
  candidates: Select | undefined
  oneIn: number
  limit: number
}

export function pointsQuery({ search, range, candidates, oneIn, limit }: PointsQuestion) {
  const drawn: Fragment[] = oneIn === 1 ? [] : [sql`${LOT} % ${uint32(oneIn)} = 0`]
  return compile({
    scope: search,
    from: 'traces',
    columns: POINT_COLUMNS,
    where: [...bucketsOf(range), ...drawn, ...(candidates === undefined ? [] : [sql`trace_id IN ${candidates}`])],
    groupBy: sql`trace_id`,
    having: [...startsIn(range), ...wholeTrace(search)],
    orderBy: LOT,
    limit,
  })
}
