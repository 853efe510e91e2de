import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { metadataConformance } from '../conformance.ts'
import { HistoryLostError, type Json, type MetadataStore } from '../contract.ts'
import { createLmdbMetadata } from './lmdb-metadata.ts'

async function put(store: MetadataStore, key: string, value: Json): Promise<void> {
  const now = await store.get(key)
  const result = await store.transact([{ key, expect: now?.revision ?? null, value }])
  if (!result.ok) throw new Error(`conflict on ${result.conflict}`)
}

metadataConformance({
  name: 'LMDB',
  writable: true,
  async open(entries) {
    const dataDir = mkdtempSync(join(tmpdir(), 'skein-metadata-'))
    const store = createLmdbMetadata({ dataDir, pollMs: 20 })
    const other = createLmdbMetadata({ dataDir, pollMs: 20 })
    for (const [key, value] of Object.entries(entries)) await put(store, key, value)
    return {
      store,
      other,
      change: (key, value) => put(store, key, value),
      async dispose() {
        await store.close()
        await other.close()
        rmSync(dataDir, { recursive: true, force: true })
      },
    }
  },
})

describe('LMDB metadata', () => {
  let dataDir: string
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'skein-metadata-'))
  })
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

  it('is readable by its owner only', async () => {
    const store = createLmdbMetadata({ dataDir })
    expect(statSync(join(dataDir, 'metadata')).mode & 0o777).toBe(0o700)
    await store.close()
  })

  it('a change of another process is seen without opening anew', async () => {
    const store = createLmdbMetadata({ dataDir })
    await put(store, 'a', 1)
    const script = `
      const { createLmdbMetadata } = await import(${JSON.stringify(new URL('./lmdb-metadata.ts', import.meta.url).href)})
      const store = createLmdbMetadata({ dataDir: ${JSON.stringify(dataDir)} })
      await store.transact([{ key: 'a', expect: (await store.get('a')).revision, value: 'theirs' }])
      await store.close()`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' })
    expect(await once(child, 'exit')).toEqual([0, null])
    await expect.poll(async () => (await store.get('a'))?.value, { timeout: 10_000 }).toBe('theirs')
    await store.close()
  })

  it('what was written is there after opening again', async () => {
    const first = createLmdbMetadata({ dataDir })
    await put(first, 'a', { deep: [1, null, 'x'] })
    await first.close()
    const second = createLmdbMetadata({ dataDir })
    expect((await second.get('a'))?.value).toEqual({ deep: [1, null, 'x'] })
    await second.close()
  })

  it('a watcher too far behind is told so instead of missing changes', async () => {
    const store = createLmdbMetadata({ dataDir, history: 2, pollMs: 5 })
    for (let n = 0; n < 5; n++) await put(store, 'a', n)
    const watching = store.watch(0, new AbortController().signal)[Symbol.asyncIterator]()
    await expect(watching.next()).rejects.toThrow(HistoryLostError)
    await store.close()
  })
})
