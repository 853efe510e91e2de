import { type SeverityClass, severityClass } from '@skein/schemas/severity'
import type { LogQuestion } from '../contract-logs.ts'
import type { Engine } from '../engine.ts'
import { asNumber } from '../sql/column.ts'
import { sql, uint32 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Column, Fragment } from '../sql/terms.ts'
import { minutesOf } from '../sql/window.ts'
import type { Conditions } from './log-filter.ts'
import { inRange, nsRange } from './log-rows.ts'

const MINUTE_MS = 60_000

const BUCKET_MS = 300_000
/** The last number of the class of a severity, 0 of what says nothing: cheaper to group by than its name. */
export const SEVERITY_NUMBER = sql`if(severity > 24, 0, intDiv(severity + 3, 4) * 4)`

export const asClass = (expression: Fragment): Column<SeverityClass> => ({ expression, read: (value) => severityClass(Number(value)) })
const asName = (expression: Fragment): Column<SeverityClass> => ({ expression, read: (value) => String(value) as SeverityClass })

export interface HistogramRow {
  timeMs: number
  severity: SeverityClass
  lines: number
}

export interface HistogramQuestion extends Pick<LogQuestion, 'tenant' | 'startMs' | 'endMs'> {
  stepMs: number
  /** The search as conditions on rows, and on minutes where these can answer it. */
  alternatives: readonly Conditions[]
  minutes: Fragment | null
}

/** Whole minutes from the rollup when it can answer, the rest from the rows. */
export async function countBySteps(engine: Engine, question: HistogramQuestion): Promise<HistogramRow[]> {
  const parts = partsOf(question)
  const answers = await Promise.all(
    parts.map(async ({ from, startMs, endMs }) => {
      const part = { ...question, startMs, endMs }
      if (from === 'minutes' && question.minutes !== null) return engine.ask(stepsOfMinutesQuery(part, question.minutes))
      return (await Promise.all(question.alternatives.map((where) => engine.ask(stepsOfRowsQuery(part, where))))).flat()
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

type Part = Pick<HistogramQuestion, 'tenant' | 'startMs' | 'endMs' | 'stepMs'>

export function stepsOfRowsQuery({ stepMs, ...part }: Part, where: Conditions) {
  const time = stepMs % BUCKET_MS === 0 ? sql`bucket` : sql`ts`
  const step = sql`intDiv(toUnixTimestamp(${time}), ${uint32(stepMs / 1000)})`
  return compile({
    scope: part,
    from: 'logs',
    columns: { timeMs: timesOf(step, stepMs), severity: asClass(SEVERITY_NUMBER), lines: asNumber(sql`count()`) },
    where: [...inRange(nsRange(part)), ...where],
    groupBy: sql`${step}, ${SEVERITY_NUMBER}`,
  })
}

export function stepsOfMinutesQuery({ stepMs, ...part }: Part, minutes: Fragment) {
  const step = sql`intDiv(toUnixTimestamp(minute), ${uint32(stepMs / 1000)})`
  return compile({
    scope: part,
    from: 'log_minutes',
    columns: { timeMs: timesOf(step, stepMs), severity: asName(sql`severity`), lines: asNumber(sql`sum(lines)`) },
    where: [minutesOf(part), minutes],
    groupBy: sql`${step}, severity`,
  })
}

function timesOf(step: Fragment, stepMs: number): Column<number> {
  return { expression: step, read: (value) => Number(value) * stepMs }
}
