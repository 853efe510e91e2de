import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WINDOW } from '../conformance-log-lines.ts'
import { WORDY_BODIES, WORDY_ROWS, wrongSearches } from '../conformance-log-words.ts'
import { handBlock } from '../conformance-rows.ts'
import type { Store } from '../contract.ts'
import type { Engine } from '../engine.ts'
import { QueryLimitError, StoreVersionError } from '../errors.ts'
import { readMigrations } from '../migrations/files.ts'
import { runMigrations } from '../migrations/run.ts'
import { openChdbEngine } from './engine.ts'
import { openChdbStore } from './store.ts'

/** The migration that adds the index of pieces of four characters. */
const LONGER_PIECES = 22
const tenant = 't'
const rows = WORDY_ROWS.map((row) => ({ tenant, ...row }))
const half = rows.length / 2
/** More than one granule of that index has (2,048), fewer than the older half. */
const NARROW_ROWS = 3000
const sought = WORDY_BODIES[1234] ?? ''

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'skein-older-parts-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function options(rowsRead = 1e9) {
  return {
    ...{ directory, memoryBytes: 2 ** 31, readers: 2, writers: 1, migrate: true },
    retention: { spansDays: 20_000, rollupDays: 20_000 },
    limits: { seconds: 15, memoryBytes: 2 ** 30, rowsRead, resultRows: 1e5, queued: 2 },
  }
}

async function withEngine<Answer>(use: (engine: Engine) => Promise<Answer>): Promise<Answer> {
  const engine = await openChdbEngine(options())
  try {
    return await use(engine)
  } finally {
    await engine.close()
  }
}

/** Bytes of the indexes of pieces. */
async function piecesOf(engine: Engine): Promise<Record<string, number>> {
  const sizes = await engine.inspect(
    "SELECT name, data_compressed_bytes FROM system.data_skipping_indices WHERE database = currentDatabase() AND table = 'logs' AND type = 'ngrambf_v1'",
  )
  return Object.fromEntries(sizes.map(([name, bytes]) => [String(name), Number(bytes)]))
}

async function withStore<Answer>(rowsRead: number | undefined, use: (store: Store) => Promise<Answer>): Promise<Answer> {
  const store = await openChdbStore(options(rowsRead))
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

const searched = (): Promise<string[]> => withStore(undefined, (store) => wrongSearches({ store: () => store }, tenant))

/** The line with a part of an id, found by reading one granule of the index of longer pieces, not two. */
function searchedNarrowly(): Promise<string[]> {
  const search = { field: 'body', op: 'like', value: `*${sought.slice(-15, -1)}*` } as const
  return withStore(NARROW_ROWS, async ({ logs }) => (await logs.search({ tenant, ...WINDOW, search, order: 'asc', limit: 10 })).map(({ body }) => body))
}

test('lines of a directory from before the longer pieces are found after an upgrade, inserts index no pieces, and merges do', {
  timeout: 120_000,
}, async () => {
  const [known, older] = [readMigrations(), readMigrations().filter(({ number }) => number < LONGER_PIECES)]
  const before = await withEngine(async (engine) => {
    // the columns are then those of that version
    await expect(runMigrations(engine, older, true)).rejects.toBeInstanceOf(StoreVersionError)
    await engine.insert({ ...handBlock('logs', rows.slice(0, half)), token: 'older' })
    await engine.change('OPTIMIZE TABLE logs FINAL')
    return piecesOf(engine)
  })
  expect(before['ig']).toBeGreaterThan(0)
  await withEngine(async (engine) => {
    await engine.change('SYSTEM STOP MERGES logs')
    await runMigrations(engine, known, true)
    await engine.insert({ ...handBlock('logs', rows.slice(half)), token: 'newer' })
    expect(await piecesOf(engine)).toEqual({ ...before, ip4: 0 })
  })
  await expect(searchedNarrowly()).rejects.toBeInstanceOf(QueryLimitError)
  expect(await searched()).toEqual([])
  await withEngine((engine) => engine.change('OPTIMIZE TABLE logs FINAL'))
  expect((await withEngine(piecesOf))['ip4']).toBeGreaterThan(0)
  expect(await searched()).toEqual([])
  expect(await searchedNarrowly()).toEqual([sought])
})
