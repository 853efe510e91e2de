import type { DropReason } from '@skein/schemas/api/log-rules'
import type { DropScope, LogRuleQuestions } from '../contract-log-rules.ts'
import type { TenantWindow } from '../contract-terms.ts'
import type { Engine } from '../engine.ts'
import { asNumber, asText } from '../sql/column.ts'
import { sql, text, uint32 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import type { Column, Fragment } from '../sql/terms.ts'
import { minutesOf } from '../sql/window.ts'
import { inRange, LOG_COLUMNS, logRow, nsRange } from './log-rows.ts'

export function createLogRuleQuestions(engine: Engine): LogRuleQuestions {
  return {
    drops: (scope, limit) => engine.ask(dropsQuery(scope, limit)),
    dropSeries: (scope, stepMs) => engine.ask(dropSeriesQuery(scope, stepMs)),
    async sample(window, options) {
      const rows = await engine.ask(sampleQuery(window, options))
      return rows.map(logRow)
    },
    stored: (scope) => engine.ask(storedLinesQuery(scope)),
  }
}

const REASON: Column<DropReason> = { expression: sql`reason`, read: (value) => String(value) as DropReason }

export function dropsQuery(scope: DropScope, limit: number) {
  return compile({
    scope,
    from: 'log_drops',
    columns: {
      rule: asText(sql`rule`),
      version: asNumber(sql`version`),
      reason: REASON,
      service: asText(sql`service`),
      lines: asNumber(sql`sum(lines)`),
      bytes: asNumber(sql`sum(bytes)`),
    },
    where: conditions(scope),
    groupBy: sql`rule, version, reason, service`,
    orderBy: sql`sum(bytes) DESC, sum(lines) DESC, rule, version, reason, service`,
    limit,
  })
}

export function dropSeriesQuery(scope: DropScope, stepMs: number) {
  const step = sql`intDiv(toUnixTimestamp(minute), ${uint32(stepMs / 1000)})`
  const timeMs: Column<number> = { expression: step, read: (value) => Number(value) * stepMs }
  return compile({
    scope,
    from: 'log_drops',
    columns: { timeMs, reason: REASON, lines: asNumber(sql`sum(lines)`), bytes: asNumber(sql`sum(bytes)`) },
    where: conditions(scope),
    groupBy: sql`${step}, reason`,
    orderBy: sql`${step}, reason`,
  })
}

export function storedLinesQuery({ service, ...window }: Pick<DropScope, 'service'> & TenantWindow) {
  return compile({
    scope: window,
    from: 'log_minutes',
    columns: { service: asText(sql`service`), lines: asNumber(sql`sum(lines)`), bytes: asNumber(sql`sum(bytes)`) },
    where: [minutesOf(window), ...(service === undefined ? [] : [sql`service = ${text(service)}`])],
    groupBy: sql`service`,
    orderBy: sql`sum(bytes) DESC, service`,
  })
}

/** From here on whole seconds are left out, so that most of what lies side by side is not read at all. */
const SPARSE = 64
/** Of the lines of seconds that are looked at. */
const OF_A_SECOND = 16

/** Places in the log, hashed: lines that stand side by side are not taken or left together. */
export function sampleQuery(window: TenantWindow, { oneIn, limit }: { oneIn: number; limit: number }) {
  const isSparse = oneIn >= SPARSE
  const seconds = isSparse ? [sql`intHash64(toUnixTimestamp(toDateTime(ts))) % ${uint32(Math.round(oneIn / OF_A_SECOND))} = 0`] : []
  return compile({
    scope: window,
    from: 'logs',
    columns: LOG_COLUMNS,
    where: [...inRange(nsRange(window)), ...seconds, sql`intHash64(seq) % ${uint32(isSparse ? OF_A_SECOND : oneIn)} = 0`],
    orderBy: sql`ts, seq`,
    limit,
  })
}

function conditions({ rule, service, reason, ...window }: DropScope): Fragment[] {
  return [
    minutesOf(window),
    ...(rule === undefined ? [] : [sql`rule = ${text(rule)}`]),
    ...(service === undefined ? [] : [sql`service = ${text(service)}`]),
    ...(reason === undefined ? [] : [sql`reason = ${text(reason)}`]),
  ]
}
