import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Migration, splitStatements } from './plan.ts'

/** The migrations beside this file, in order. */
export function readMigrations(): Migration[] {
  return readdirSync(import.meta.dirname)
    .filter((name) => /^\d{4}_[a-z]+_[a-z_]+\.sql$/.test(name))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(import.meta.dirname, name), 'utf8')
      return {
        number: Number(name.slice(0, 4)),
        name: name.slice(0, -'.sql'.length),
        sha256: createHash('sha256').update(sql).digest('hex'),
        statements: splitStatements(sql),
      }
    })
}
