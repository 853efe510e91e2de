import type { Engine } from '../engine.ts'
import { StoreVersionError } from '../errors.ts'
import { TABLES } from '../tables.ts'
import { type AppliedMigration, type Migration, pendingMigrations } from './plan.ts'

const HISTORY = `CREATE TABLE IF NOT EXISTS schema_migrations (
  number UInt32, name String, sha256 String, applied DateTime DEFAULT now()
) ENGINE = MergeTree ORDER BY number SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`

/** Brings the schema to this version (`migrate`) or checks that it is there; then compares it with TABLES. */
export async function runMigrations(engine: Engine, migrations: readonly Migration[], migrate: boolean): Promise<void> {
  const pending = pendingMigrations(migrations, await appliedMigrations(engine))
  if (pending.length > 0 && !migrate) throw new StoreVersionError(`The store lacks migration ${pending[0]?.name}: run skein migrate first.`)
  if (pending.length > 0) await engine.change(HISTORY)
  for (const { number, name, sha256, statements } of pending) {
    for (const statement of statements) await engine.change(statement)
    await engine.change(`INSERT INTO schema_migrations (number, name, sha256) VALUES (${number}, '${name}', '${sha256}')`)
  }
  await checkColumns(engine)
}

async function appliedMigrations(engine: Engine): Promise<AppliedMigration[]> {
  const [known] = await engine.inspect("SELECT count() FROM system.tables WHERE database = currentDatabase() AND name = 'schema_migrations'")
  if (Number(known?.[0]) === 0) return []
  const rows = await engine.inspect('SELECT DISTINCT number, name, sha256 FROM schema_migrations ORDER BY number')
  return rows.map(([number, name, sha256]) => ({ number: Number(number), name: String(name), sha256: String(sha256) }))
}

/** A column list exists once: the tables that the migrations made have exactly the columns of TABLES, in their order, beside those the engine fills. */
async function checkColumns(engine: Engine): Promise<void> {
  const rows = await engine.inspect(
    "SELECT table, name, type FROM system.columns WHERE database = currentDatabase() AND default_kind IN ('', 'EPHEMERAL') ORDER BY table, position",
  )
  for (const [table, definition] of Object.entries(TABLES)) {
    const found = rows.filter((row) => row[0] === table).map((row) => `${String(row[1])} ${insertedType(String(row[2]))}`)
    const wanted = Object.entries(definition.columns).map(([name, type]) => `${name} ${insertedType(type)}`)
    if (found.join(', ') !== wanted.join(', '))
      throw new StoreVersionError(`Table ${table} has the columns ${found.join(', ')}; this version needs ${wanted.join(', ')}.`)
  }
}

/** The type a block may have for a column: aggregated and dictionary-coded columns take their plain type. */
function insertedType(type: string): string {
  return type.replace(/^SimpleAggregateFunction\(\w+, (.+)\)$/, '$1').replaceAll(/LowCardinality\((\w+)\)/g, '$1')
}
