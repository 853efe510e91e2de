import { parseLogLineId } from '@skein/schemas/log'
import type { LogRow, LogSearch } from '../contract-logs.ts'
import type { Engine } from '../engine.ts'
import { type Fragment, sql, uint64 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { atNs, inRange, LOG_COLUMNS, logRow, type NsRange, nsRange } from './log-rows.ts'

/** From the end asked first, a question looks at windows of these lengths, then at all the rest. */
const WINDOWS_NS = [60, 1200, 24_000].map((seconds) => BigInt(seconds) * 1_000_000_000n)

type Direction = LogSearch['order']

/** What is looked for: rows of table `logs` in a range of times, in an order, behind a position. */
export interface LogLookUp {
  tenant: string
  range: NsRange
  where: readonly Fragment[]
  order: Direction
  limit: number
  /** Id of a line. */
  after?: string | undefined
}

export function searchRange({ after, order, ...window }: Pick<LogSearch, 'startMs' | 'endMs' | 'after' | 'order'>): NsRange | null {
  const range = nsRange(window)
  if (after === undefined) return range
  const position = parseLogLineId(after)
  if (position === null) return null
  return order === 'desc'
    ? { from: range.from, to: position.tsNs + 1n < range.to ? position.tsNs + 1n : range.to }
    : { from: position.tsNs > range.from ? position.tsNs : range.from, to: range.to }
}

/** Lines in order, window by window, until there are enough. */
export async function lookUpLines(engine: Engine, lookUp: LogLookUp): Promise<LogRow[]> {
  const found: LogRow[] = []
  for (const range of windowsOf(lookUp.range, lookUp.order)) {
    if (found.length >= lookUp.limit) break
    const rows = await engine.ask(linesQuery({ ...lookUp, range, limit: lookUp.limit - found.length }))
    for (const row of rows) found.push(logRow(row))
  }
  return found
}

export function windowsOf({ from, to }: NsRange, order: Direction): NsRange[] {
  const ranges: NsRange[] = []
  let rest = { from, to }
  for (const length of WINDOWS_NS) {
    if (rest.to - rest.from <= 2n * length) break
    const next = order === 'desc' ? { from: rest.to - length, to: rest.to } : { from: rest.from, to: rest.from + length }
    ranges.push(next)
    rest = order === 'desc' ? { from: rest.from, to: next.from } : { from: next.to, to: rest.to }
  }
  if (rest.to > rest.from) ranges.push(rest)
  return ranges
}

export function linesQuery({ tenant, range, where, order, limit, after }: LogLookUp) {
  return compile({
    scope: { tenant },
    from: 'logs',
    columns: LOG_COLUMNS,
    where: [...inRange(range), ...behind(after, order), ...where],
    orderBy: order === 'desc' ? sql`ts DESC, seq DESC` : sql`ts, seq`,
    limit,
  })
}

function behind(after: string | undefined, order: Direction): Fragment[] {
  const position = after === undefined ? null : parseLogLineId(after)
  if (position === null) return []
  const at = sql`(${atNs(position.tsNs)}, ${uint64(position.seq.toString())})`
  return [order === 'desc' ? sql`(ts, seq) < ${at}` : sql`(ts, seq) > ${at}`]
}
