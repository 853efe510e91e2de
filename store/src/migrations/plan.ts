import { StoreVersionError } from '../errors.ts'

/** One file `NNNN_verb_noun.sql`; its statements can be repeated without harm. */
export interface Migration {
  number: number
  name: string
  sha256: string
  statements: readonly string[]
}

export interface AppliedMigration {
  number: number
  name: string
  sha256: string
}

/** What is left to run. Throws when what ran is not a prefix of what this version knows: a changed file, a gap, or a newer store. */
export function pendingMigrations(known: readonly Migration[], applied: readonly AppliedMigration[]): Migration[] {
  known.forEach((migration, at) => {
    if (migration.number !== at + 1) throw new StoreVersionError(`Migration ${at + 1} is missing before ${migration.name}.`)
  })
  const newest = Math.max(0, ...applied.map((migration) => migration.number))
  if (newest > known.length) throw new StoreVersionError(`The store is at migration ${newest}, this version knows ${known.length}: start a newer version.`)
  const byNumber = new Map(applied.map((migration) => [migration.number, migration]))
  for (const migration of known.slice(0, newest)) {
    const ran = byNumber.get(migration.number)
    if (ran === undefined) throw new StoreVersionError(`Migration ${migration.name} never ran, but later ones did.`)
    if (ran.sha256 !== migration.sha256) throw new StoreVersionError(`Migration ${migration.name} was changed after it ran here.`)
  }
  return known.slice(newest)
}

/** Statements end with `;` at a line's end. Comment lines are left out. */
export function splitStatements(sql: string): string[] {
  return sql
    .split('\n')
    .filter((line) => !line.startsWith('--'))
    .join('\n')
    .split(/;[ \t]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
