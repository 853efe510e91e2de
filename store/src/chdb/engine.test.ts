import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { handBlock } from '../conformance-rows.ts'
import type { StoreOptions } from '../engine.ts'
import { QueryLimitError, StoreVersionError } from '../errors.ts'
import { asNumber, asText } from '../sql/column.ts'
import { sql, uint32 } from '../sql/fragment.ts'
import { compile } from '../sql/select.ts'
import { openChdbEngine } from './engine.ts'
import { openChdbStore } from './store.ts'

const DAY_MS = Date.UTC(2026, 0, 2)
let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'skein-engine-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

function options(limits: Partial<StoreOptions['limits']> = {}) {
  return {
    directory,
    memoryBytes: 2 ** 31,
    readers: 2,
    writers: 1,
    retention: { spansDays: 20_000, rollupDays: 20_000 },
    limits: { seconds: 15, memoryBytes: 2 ** 30, rowsRead: 1e9, resultRows: 1e5, queued: 2, ...limits },
    migrate: true,
  }
}

const noteQuery = (seconds: number) =>
  compile({ scope: { tenant: 't' }, from: 'notes', columns: { slept: asNumber(sql`sleepEachRow(${uint32(seconds)})`), count: asNumber(sql`count`) } })

test('questions run side by side, wait in a bounded queue, and one that ignores the clock is given up and its reader comes back', {
  timeout: 60_000,
}, async () => {
  const store = await openChdbStore(options())
  await store.ingest.insert('t:0:0-1', handBlock('notes', [{ tenant: 't', minute: DAY_MS, code: 'c', subject: 's', count: 7 }]), false)
  await store.close()
  const engine = await openChdbEngine(options({ seconds: 2 }))
  try {
    const answers = await Promise.all([engine.ask(noteQuery(0)), engine.ask(noteQuery(0)), engine.ask(noteQuery(0)), engine.ask(noteQuery(0))])
    expect(answers.map(([row]) => row?.count)).toEqual([7, 7, 7, 7])
    const asked = Promise.allSettled([1, 2, 3, 4, 5].map(() => engine.ask(noteQuery(3))))
    const ends = await asked
    expect(ends.map((end) => (end.status === 'rejected' && end.reason instanceof QueryLimitError ? end.reason.limit : end.status)).sort()).toEqual([
      'concurrency',
      'time',
      'time',
      'time',
      'time',
    ])
    expect(await engine.ask(noteQuery(0))).toEqual([{ slept: 0, count: 7 }])
  } finally {
    await engine.close()
  }
})

test('what a failed question had answered already never stands in the next answer', { timeout: 30_000 }, async () => {
  const store = await openChdbStore(options())
  for (const [at, tenant] of ['t', 'other'].entries()) {
    const rows = Array.from({ length: 5 }, (_, row) => ({ tenant, minute: DAY_MS + row * 60_000, code: 'c', subject: `${row}`, count: at }))
    await store.ingest.insert(`t:0:${at}-${at}`, handBlock('notes', rows), false)
  }
  await store.close()
  const engine = await openChdbEngine({ ...options({ seconds: 10 }), readers: 1 })
  const slow = compile({
    scope: { tenant: 't' },
    from: { scope: { tenant: 't' }, from: 'notes', columns: { subject: asText(sql`subject`) } },
    columns: { subject: asText(sql`subject`), slept: asNumber(sql`sleepEachRow(0.3)`), failed: asNumber(sql`throwIf(subject = '4')`) },
  })
  const quick = compile({ scope: { tenant: 'other' }, from: 'notes', columns: { count: asNumber(sql`sum(count)`) } })
  for (let round = 0; round < 3; round++) {
    await expect(engine.ask(slow)).rejects.toThrow()
    expect(await engine.ask(quick)).toEqual([{ count: 5 }])
  }
  await engine.close()
})

test('inserts leave no files behind', async () => {
  const store = await openChdbStore(options())
  await store.ingest.insert('t:0:0-1', handBlock('notes', [{ tenant: 't', minute: DAY_MS, code: 'c' }]), false)
  expect(readdirSync(join(directory, 'inserts'))).toEqual([])
  await store.close()
})

test('a second process is told in one sentence that the directory is taken', async () => {
  const store = await openChdbStore(options())
  const { output } = await runChild('open', () => undefined)
  expect(output).toContain('StoreVersionError: The store in')
  await store.close()
})

test('a store of a newer version, a changed migration and a missing one are refused', async () => {
  const statements = {
    newer: "INSERT INTO schema_migrations (number, name, sha256) VALUES (9999, '9999_add_future', 'x')",
    changed: "ALTER TABLE schema_migrations UPDATE sha256 = 'other' WHERE number = 1 SETTINGS mutations_sync = 1",
    missing: 'ALTER TABLE schema_migrations DELETE WHERE number = 2 SETTINGS mutations_sync = 1',
  }
  for (const statement of [statements.newer, statements.changed, statements.missing]) {
    rmSync(directory, { recursive: true, force: true })
    await (await openChdbStore(options())).close()
    const engine = await openChdbEngine(options())
    await engine.change(statement)
    await engine.close()
    await expect(openChdbStore(options())).rejects.toBeInstanceOf(StoreVersionError)
  }
})

test('an empty directory is refused without migrations, and a table that is not as declared always', async () => {
  await expect(openChdbStore({ ...options(), migrate: false })).rejects.toBeInstanceOf(StoreVersionError)
  await (await openChdbStore(options())).close()
  const engine = await openChdbEngine(options())
  await engine.change('ALTER TABLE notes RENAME COLUMN count TO amount')
  await engine.close()
  await expect(openChdbStore(options())).rejects.toThrow('Table notes has the columns')
})

test('a changed retention is applied at the next start', async () => {
  const ttlOf = async (table: string): Promise<string> => {
    const engine = await openChdbEngine(options())
    const [row] = await engine.inspect(`SELECT engine_full FROM system.tables WHERE database = currentDatabase() AND name = '${table}'`)
    await engine.close()
    return String(row?.[0])
  }
  await (await openChdbStore(options())).close()
  expect(await ttlOf('spans')).toContain('toIntervalDay(20000)')
  await (await openChdbStore({ ...options(), retention: { spansDays: 19_000, rollupDays: 20_000, logsDays: 19_500 } })).close()
  expect(await ttlOf('spans')).toContain('toIntervalDay(19000)')
  expect(await ttlOf('logs')).toContain('toIntervalDay(19500)')
  expect(await ttlOf('resources')).toContain('toIntervalDay(19500)')
  expect(await ttlOf('edges')).toContain('toIntervalDay(20000)')
})

test('ranges redone after kill -9 in the middle of inserting are there exactly once', { timeout: 60_000 }, async () => {
  const { output } = await runChild('insert', (child, line) => {
    if (line === 'inserted 12') setTimeout(() => child.kill('SIGKILL'), 3)
  })
  expect(output).toContain('inserted 12')
  const store = await openChdbStore(options())
  for (let at = 0; at < 40; at++)
    await store.ingest.insert(`t:0:${at}-${at}`, handBlock('notes', [{ tenant: 't', minute: DAY_MS, code: `c${at}`, count: 1 }]), true)
  const notes = await store.topology.notes({ tenant: 't', startMs: DAY_MS, endMs: DAY_MS + 1 })
  expect(notes.length).toBe(40)
  expect(notes.every(({ count }) => count === 1)).toBe(true)
  await store.close()
})

/** Runs `child-for-tests.ts`, which opens a store on the directory; resolves when it has ended. */
async function runChild(what: 'open' | 'insert', onLine: (child: ReturnType<typeof spawn>, line: string) => void): Promise<{ output: string }> {
  const child = spawn(execPath, [join(import.meta.dirname, 'child-for-tests.ts'), what, JSON.stringify(options())], { stdio: ['ignore', 'pipe', 'ignore'] })
  let output = ''
  for await (const line of createInterface({ input: child.stdout })) {
    output += `${line}\n`
    onLine(child, line)
  }
  return { output }
}
