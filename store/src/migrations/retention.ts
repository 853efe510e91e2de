import type { Engine, Retention } from '../engine.ts'
import { identifier } from '../sql/select.ts'
import { TABLES, type TableName } from '../tables.ts'

type Kept = 'spans' | 'logs' | 'either' | 'rollups'

/** Rows and what points to them go with the spans or the log lines; sums by minute and the record of what came in stay longer. */
const KEPT_AS_LONG_AS: Readonly<Record<TableName, Kept>> = {
  spans: 'spans',
  resources: 'either',
  traces: 'spans',
  trace_services: 'spans',
  exemplars: 'spans',
  span_links: 'spans',
  scenario_steps: 'spans',
  logs: 'logs',
  log_minutes: 'rollups',
  log_patterns: 'rollups',
  log_drops: 'rollups',
  log_metrics: 'rollups',
  red: 'rollups',
  instances: 'rollups',
  edges: 'rollups',
  edge_instances: 'rollups',
  edge_viewers: 'rollups',
  notes: 'rollups',
  path_time: 'rollups',
  outcomes: 'rollups',
  events: 'rollups',
  ranges: 'rollups',
}

/** Sets each table's retention where it is another one; whole day parts go at once. */
export async function applyRetention(engine: Engine, retention: Retention): Promise<void> {
  const rows = await engine.inspect('SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()')
  const engines = new Map(rows.map(([name, full]) => [String(name), String(full)]))
  const { spansDays, rollupDays, logsDays = spansDays } = retention
  const kept: Record<Kept, number> = { spans: spansDays, logs: logsDays, either: Math.max(spansDays, logsDays), rollups: rollupDays }
  for (const table of Object.keys(TABLES) as TableName[]) {
    const days = kept[KEPT_AS_LONG_AS[table]]
    if (!Number.isSafeInteger(days) || days < 1) throw new RangeError(`${table} cannot be kept for ${days} days`)
    if (engines.get(table)?.includes(`toIntervalDay(${days})`) === true) continue
    await engine.change(`ALTER TABLE ${identifier(table)} MODIFY TTL toDateTime(${identifier(TABLES[table].day)}) + toIntervalDay(${days})`)
  }
}
