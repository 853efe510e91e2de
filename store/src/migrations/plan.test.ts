import { expect, test } from 'vitest'
import { readMigrations } from './files.ts'
import { pendingMigrations, splitStatements } from './plan.ts'

const migration = (number: number, sha256 = `sha${number}`) => ({ number, name: `${number}`, sha256, statements: [] })
const known = [migration(1), migration(2), migration(3)]

test('what has not run is pending, in order', () => {
  expect(pendingMigrations(known, [])).toEqual(known)
  expect(pendingMigrations(known, [migration(1)]).map(({ number }) => number)).toEqual([2, 3])
  expect(pendingMigrations(known, known)).toEqual([])
})

test('a changed file, a gap and a newer store are refused', () => {
  expect(() => pendingMigrations(known, [migration(1, 'other')])).toThrow('changed')
  expect(() => pendingMigrations(known, [migration(2)])).toThrow('never ran')
  expect(() => pendingMigrations(known, [...known, migration(4)])).toThrow('newer version')
  expect(() => pendingMigrations([migration(1), migration(3)], [])).toThrow('missing')
})

test('the files are numbered without gaps, named by verb and noun, and hold statements', () => {
  const files = readMigrations()
  expect(files.map(({ number }) => number)).toEqual(files.map((_, at) => at + 1))
  for (const file of files) expect(file.statements.length).toBeGreaterThan(0)
  expect(files.flatMap(({ statements }) => statements).every((statement) => /^(CREATE|ALTER) /.test(statement))).toBe(true)
})

test('statements end at a semicolon that ends a line', () => {
  expect(splitStatements("-- why\nSELECT ';' x;\nSELECT 2\n  FROM t;\n")).toEqual(["SELECT ';' x", 'SELECT 2\n  FROM t'])
})
