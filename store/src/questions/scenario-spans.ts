import type { ScenarioQuestions } from '../contract-scenarios.ts'
import type { Engine } from '../engine.ts'
import { asText } from '../sql/column.ts'
import { list, sql, text, uint32 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { SPAN_COLUMNS, spanRows } from './trace-spans.ts'

type Wanted = Parameters<ScenarioQuestions['spans']>[1]

/** Seconds before and after a window in which spans of its traces are looked for. */
const AROUND_SECONDS = 900

export async function spansOfTraces(engine: Engine, ...asked: Parameters<ScenarioQuestions['spans']>): ReturnType<ScenarioQuestions['spans']> {
  const [window, wanted] = asked
  if (wanted.traceIds.length === 0) return new Map()
  const rows = await engine.ask(spansOfTracesQuery(window, wanted))
  const byTrace = Map.groupBy(rows, (row) => row.traceId)
  return new Map([...byTrace].map(([traceId, spans]) => [traceId, spanRows(spans)]))
}

export function spansOfTracesQuery(window: Parameters<ScenarioQuestions['spans']>[0], { traceIds, spanIds, limit }: Wanted) {
  const ids = (hexIds: readonly string[], bytes: number) => list(hexIds.map((id) => sql`toFixedString(unhex(${text(id)}), ${uint32(bytes)})`))
  return compile({
    scope: window,
    from: 'spans',
    columns: { traceId: asText(sql`lower(hex(trace_id))`), ...SPAN_COLUMNS },
    where: [
      sql`bucket >= toDateTime(${uint32(Math.max(0, Math.floor(window.startMs / 1000) - AROUND_SECONDS))})`,
      sql`bucket < toDateTime(${uint32(Math.ceil(window.endMs / 1000) + AROUND_SECONDS)})`,
      sql`trace_id IN (${ids(traceIds, 16)})`,
      ...(spanIds === undefined ? [] : [sql`span_id IN (${ids(spanIds, 8)})`]),
    ],
    orderBy: sql`trace_id, ts, span_id`,
    limitBy: { rows: 1, by: sql`trace_id, span_id` },
    limit,
  })
}
