import { expect, test } from 'vitest'
import { TABLES } from '../tables.ts'
import { asNumber } from './column.ts'
import { sql, text } from './fragment.ts'
import { insertStatement } from './insert.ts'
import { compile, nameOf } from './select.ts'
import type { Scope } from './terms.ts'

test('no value stands in a statement', () => {
  const evil = "x' OR 1=1 --"
  const compiled = compile({ scope: { tenant: evil }, from: 'notes', columns: { n: asNumber(sql`count()`) }, where: [sql`subject = ${text(evil)}`] })
  expect(compiled.sql).not.toContain('OR 1=1')
  expect(compiled.parameters).toEqual({ p0: { type: 'String', value: evil } })
})

test('a question without a tenant, of an unknown table, or that names a table in an expression is refused', () => {
  const columns = { n: asNumber(sql`count()`) }
  expect(() => compile({ scope: { tenant: '' }, from: 'notes', columns })).toThrow('bound to a tenant')
  expect(() => compile({ scope: { markersOf: '' }, from: 'notes', columns })).toThrow('token')
  expect(() => compile({ scope: { tenant: 'a' }, from: 'secrets' as 'notes', columns })).toThrow('no table')
  expect(() => compile({ scope: { tenant: 'a' }, from: { scope: { tenant: '' }, from: 'notes', columns }, columns })).toThrow('bound to a tenant')
  for (const expression of [
    () => sql`1 FROM spans`,
    () => sql`(SELECT 1)`,
    () => sql`1; DROP`,
    () => sql`file('x')`,
    () => sql`1 -- x`,
    () => sql`1 SETTINGS x = 1`,
  ])
    expect(expression).toThrow('may not stand')
  expect(() => nameOf('notes', 'count) FROM spans')).toThrow('no column')
  const scopes: Scope[] = [{ markersOf: 't:notes' }, { everyTenant: 'batchIds' }]
  expect(scopes.map((scope) => compile({ scope, from: 'notes', columns }).sql.split('\n')[3])).toEqual([
    "WHERE (tenant = '' AND `subject` = {p0:String})",
    "WHERE (tenant != '')",
  ])
})

test('an insert names every column of its table in order, and its token is text', () => {
  for (const [table, { columns }] of Object.entries(TABLES)) {
    const statement = insertStatement(table as keyof typeof TABLES, "file('f', 'Native')", { token: "a'b\\", onlyDays: [1, 2] })
    expect(statement).toContain(
      `(${Object.keys(columns)
        .map((name) => `\`${name}\``)
        .join(', ')}) SELECT`,
    )
    expect(statement).toContain("insert_deduplication_token = 'a\\'b\\\\'")
    expect(statement).toContain('WHERE has([1, 2], ')
  }
})
