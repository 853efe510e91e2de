import type { SeverityClass } from '@skein/schemas/severity'
import type { LogQuestion } from '../contract-logs.ts'
import type { Engine } from '../engine.ts'
import { asNumber, asText, type Column } from '../sql/column.ts'
import { type Fragment, sql, uint32, uint64 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { inRange, nsRange } from './log-rows.ts'

const MINUTE_MS = 60_000

/** `none` for what says nothing, else the class of four. */
export const SEVERITY_CLASS = sql`arrayElement(['none', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'], if(severity > 24, 0, intDiv(severity + 3, 4)) + 1)`

export interface HistogramRow {
  timeMs: number
  severity: SeverityClass
  lines: number
}

export interface HistogramQuestion extends Pick<LogQuestion, 'tenant' | 'startMs' | 'endMs'> {
  stepMs: number
  /** The search as a condition on rows, and on minutes where these can answer it. */
  rows: Fragment[]
  minutes: Fragment | null
}

/** Whole minutes from the rollup when it can answer, the rest from the rows. */
export async function countBySteps(engine: Engine, question: HistogramQuestion): Promise<HistogramRow[]> {
  const parts = partsOf(question)
  const answers = await Promise.all(
    parts.map(async ({ from, startMs, endMs }) => {
      const part = { ...question, startMs, endMs }
      const rows = await engine.ask(from === 'minutes' && question.minutes !== null ? stepsOfMinutesQuery(part, question.minutes) : stepsOfRowsQuery(part))
      return rows.map((row) => ({ ...row, severity: row.severity as SeverityClass }))
    }),
  )
  return added(answers.flat())
}

/** Where each part of the window is counted. */
export function partsOf({ startMs, endMs, stepMs, minutes }: HistogramQuestion): { from: 'rows' | 'minutes'; startMs: number; endMs: number }[] {
  const first = Math.ceil(startMs / MINUTE_MS) * MINUTE_MS
  const last = Math.floor(endMs / MINUTE_MS) * MINUTE_MS
  if (minutes === null || stepMs % MINUTE_MS !== 0 || last <= first) return [{ from: 'rows', startMs, endMs }]
  const parts = [
    { from: 'rows' as const, startMs, endMs: first },
    { from: 'minutes' as const, startMs: first, endMs: last },
    { from: 'rows' as const, startMs: last, endMs },
  ]
  return parts.filter((part) => part.endMs > part.startMs)
}

function added(rows: readonly HistogramRow[]): HistogramRow[] {
  const sums = new Map<string, HistogramRow>()
  for (const row of rows) {
    const key = `${row.timeMs} ${row.severity}`
    const sum = sums.get(key)
    if (sum === undefined) sums.set(key, { ...row })
    else sum.lines += row.lines
  }
  return [...sums.values()].sort((a, b) => a.timeMs - b.timeMs || (a.severity < b.severity ? -1 : 1))
}

type Part = Pick<HistogramQuestion, 'tenant' | 'startMs' | 'endMs' | 'stepMs' | 'rows'>

export function stepsOfRowsQuery({ stepMs, rows, ...part }: Part) {
  const step = sql`intDiv(toUnixTimestamp64Nano(ts), toInt64(${uint64(stepMs * 1_000_000)}))`
  return compile({
    scope: part,
    from: 'logs',
    columns: { timeMs: timesOf(step, stepMs), severity: asText(SEVERITY_CLASS), lines: asNumber(sql`count()`) },
    where: [...inRange(nsRange(part)), ...rows],
    groupBy: sql`${step}, ${SEVERITY_CLASS}`,
  })
}

export function stepsOfMinutesQuery({ stepMs, ...part }: Part, minutes: Fragment) {
  const step = sql`intDiv(toUnixTimestamp(minute), ${uint32(stepMs / 1000)})`
  return compile({
    scope: part,
    from: 'log_minutes',
    columns: { timeMs: timesOf(step, stepMs), severity: asText(sql`severity`), lines: asNumber(sql`sum(lines)`) },
    where: [...wholeMinutes(part), minutes],
    groupBy: sql`${step}, severity`,
  })
}

export function wholeMinutes({ startMs, endMs }: { startMs: number; endMs: number }): Fragment[] {
  return [sql`minute >= toDateTime(${uint32(Math.floor(startMs / 1000))})`, sql`minute < toDateTime(${uint32(Math.floor(endMs / 1000))})`]
}

function timesOf(step: Fragment, stepMs: number): Column<number> {
  return { expression: step, read: (value) => Number(value) * stepMs }
}
