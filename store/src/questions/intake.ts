import type { OutcomeKind, OutcomeReason, SIGNALS } from '@skein/schemas/outcomes'
import { Topic } from '@skein/schemas/topics'
import type { IntakeQuestions } from '../contract.ts'
import type { TenantWindow } from '../contract-terms.ts'
import type { Engine } from '../engine.ts'
import { asNumber, asText } from '../sql/column.ts'
import { sql, text } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { beforeMs, minutesOf, sinceMs } from '../sql/window.ts'

export function createIntakeQuestions(engine: Engine): IntakeQuestions {
  return {
    async accepted(window) {
      const rows = await engine.ask(acceptedQuery(window))
      return rows.map(({ ofLogs, ...row }) => ({ ...row, signal: ofLogs === 1 ? 'logs' : 'traces' }))
    },
    async outcomes(window) {
      const rows = await engine.ask(outcomesQuery(window))
      return rows.map((row) => ({
        ...row,
        signal: row.signal as (typeof SIGNALS)[number],
        kind: row.kind as OutcomeKind,
        reason: row.reason as OutcomeReason,
      }))
    },
    async newest(tenant) {
      const [row] = await engine.ask(newestQuery(tenant))
      return row === undefined || row.ranges === 0 ? null : { receivedMs: row.receivedMs, newestSpanMs: row.newestSpanMs }
    },
  }
}

export function acceptedQuery(window: TenantWindow) {
  const minute = sql`intDiv(toUnixTimestamp64Milli(received), 60000) * 60000`
  return compile({
    scope: window,
    from: 'ranges',
    columns: {
      minuteMs: asNumber(minute),
      ofLogs: asNumber(sql`topic = ${text(Topic.logs)}`),
      records: asNumber(sql`sum(records)`),
      visible: asNumber(sql`sum(visible)`),
      repeats: asNumber(sql`sum(repeats)`),
      dead: asNumber(sql`sum(dead)`),
      bytes: asNumber(sql`sum(bytes)`),
    },
    where: [sinceMs(sql`received`, window.startMs), beforeMs(sql`received`, window.endMs)],
    groupBy: sql`minuteMs, ofLogs`,
    orderBy: sql`minuteMs, ofLogs`,
  })
}

export function outcomesQuery(window: TenantWindow) {
  return compile({
    scope: window,
    from: 'outcomes',
    columns: {
      minuteMs: asNumber(sql`toUnixTimestamp(minute) * 1000`),
      signal: asText(sql`signal`),
      keyId: asText(sql`key_id`),
      kind: asText(sql`kind`),
      reason: asText(sql`reason`),
      requests: asNumber(sql`sum(requests)`),
      records: asNumber(sql`sum(records)`),
      bytes: asNumber(sql`sum(bytes)`),
    },
    where: [minutesOf(window)],
    groupBy: sql`minute, signal, key_id, kind, reason`,
    orderBy: sql`minute, signal, key_id, kind, reason`,
  })
}

export function newestQuery(tenant: string) {
  return compile({
    scope: { tenant },
    from: 'ranges',
    columns: {
      ranges: asNumber(sql`count()`),
      receivedMs: asNumber(sql`toUnixTimestamp64Milli(max(received))`),
      newestSpanMs: asNumber(sql`intDiv(max(newest_ns), 1000000)`),
    },
  })
}
