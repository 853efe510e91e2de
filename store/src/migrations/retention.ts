import type { Engine, Retention } from '../engine.ts'
import { identifier } from '../sql/select.ts'
import { TABLES, type TableName } from '../tables.ts'

/** Rows and what points to them go with the spans; sums by minute and the record of what came in stay longer. */
const KEPT_AS_LONG_AS: Readonly<Record<TableName, keyof Retention>> = {
  spans: 'spansDays',
  resources: 'spansDays',
  traces: 'spansDays',
  trace_services: 'spansDays',
  exemplars: 'spansDays',
  scenario_steps: 'spansDays',
  logs: 'spansDays',
  log_minutes: 'rollupDays',
  log_patterns: 'rollupDays',
  log_drops: 'rollupDays',
  red: 'rollupDays',
  instances: 'rollupDays',
  edges: 'rollupDays',
  edge_instances: 'rollupDays',
  edge_viewers: 'rollupDays',
  notes: 'rollupDays',
  path_time: 'rollupDays',
  outcomes: 'rollupDays',
  events: 'rollupDays',
  ranges: 'rollupDays',
}

/** Sets each table's retention where it is another one; whole day parts go at once. */
export async function applyRetention(engine: Engine, retention: Retention): Promise<void> {
  const rows = await engine.inspect('SELECT name, engine_full FROM system.tables WHERE database = currentDatabase()')
  const engines = new Map(rows.map(([name, full]) => [String(name), String(full)]))
  for (const table of Object.keys(TABLES) as TableName[]) {
    const days = retention[KEPT_AS_LONG_AS[table]]
    if (!Number.isSafeInteger(days) || days < 1) throw new RangeError(`${table} cannot be kept for ${days} days`)
    if (engines.get(table)?.includes(`toIntervalDay(${days})`) === true) continue
    await engine.change(`ALTER TABLE ${identifier(table)} MODIFY TTL toDateTime(${identifier(TABLES[table].day)}) + toIntervalDay(${days})`)
  }
}
