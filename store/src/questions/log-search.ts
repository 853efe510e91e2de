import { parseLogLineId } from '@skein/schemas/log'
import type { LogRow, LogSearch } from '../contract-logs.ts'
import type { Engine } from '../engine.ts'
import { sql, uint64 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Fragment } from '../sql/terms.ts'
import type { Conditions } from './log-filter.ts'
import { atNs, BUCKET_NS, inRange, LOG_COLUMNS, logRow, type NsRange, nsRange } from './log-rows.ts'

/** From the end asked first, a question looks at windows of about these lengths, then at all the rest. */
const SECONDS = [60, 1200, 24_000]
/** Where an index finds what is rare, all the rest costs less than another window. */
const INDEXED_SECONDS = [1200]
const SECOND_NS = 1_000_000_000n

type Direction = LogSearch['order']

/** What is looked for: rows of table `logs` in a range of times, in an order, behind a position. */
export interface LogLookUp {
  tenant: string
  range: NsRange
  /** Of the lines that are found exactly one holds for each. */
  alternatives: readonly Conditions[]
  /** Whether an index finds what is looked for. */
  indexed: boolean
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
  for (const range of windowsOf(lookUp.range, lookUp)) {
    if (found.length >= lookUp.limit) break
    const limit = lookUp.limit - found.length
    const answers = await Promise.all(lookUp.alternatives.map((where) => engine.ask(linesQuery({ ...lookUp, where, range, limit }))))
    for (const row of inOrder(
      answers.map((rows) => rows.map(logRow)),
      lookUp.order,
    ).slice(0, limit))
      found.push(row)
  }
  return found
}

/** Ids sort as times do. */
function inOrder(answers: readonly LogRow[][], order: Direction): LogRow[] {
  const sign = order === 'desc' ? -1 : 1
  return answers.length === 1 ? (answers[0] ?? []) : answers.flat().sort((a, b) => (a.id < b.id ? -sign : sign))
}

/** Windows one after the other from the end asked first; but for one shorter than a bucket they meet where buckets do. */
export function windowsOf({ from, to }: NsRange, { order, indexed }: { order: Direction; indexed: boolean }): NsRange[] {
  const ranges: NsRange[] = []
  let rest = { from, to }
  const cut = (at: bigint): void => {
    if (at <= rest.from || at >= rest.to) return
    ranges.push(order === 'desc' ? { from: at, to: rest.to } : { from: rest.from, to: at })
    rest = order === 'desc' ? { from: rest.from, to: at } : { from: at, to: rest.to }
  }
  for (const seconds of indexed ? INDEXED_SECONDS : SECONDS) {
    const length = BigInt(seconds) * SECOND_NS
    if (rest.to - rest.from <= 2n * length) continue
    const at = order === 'desc' ? rest.to - length : rest.from + length
    if (length < BUCKET_NS) cut(at)
    else cut(order === 'desc' ? bucketBefore(at) : bucketAfter(at))
  }
  if (rest.to - rest.from > 2n * BUCKET_NS) cut(order === 'desc' ? bucketAfter(rest.from) : bucketBefore(rest.to))
  if (rest.to > rest.from) ranges.push(rest)
  return ranges
}

function bucketBefore(ns: bigint): bigint {
  return (ns / BUCKET_NS) * BUCKET_NS
}

function bucketAfter(ns: bigint): bigint {
  return bucketBefore(ns + BUCKET_NS - 1n)
}

export function linesQuery({ tenant, range, where, order, limit, after }: Omit<LogLookUp, 'indexed' | 'alternatives'> & { where: Conditions }) {
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
