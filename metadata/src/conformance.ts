import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Json, MetadataEvent, MetadataStore } from './contract.ts'
import { ReadOnlyError } from './contract.ts'

export interface MetadataDriver {
  name: string
  /** A store that holds exactly `entries`, and a second opening of the same data as another process has it. */
  open(
    entries: Record<string, Json>,
  ): Promise<{ store: MetadataStore; other: MetadataStore; change(key: string, value: Json): Promise<void>; dispose(): Promise<void> }>
  writable: boolean
}

/** For what comes at once on a machine that does nothing else. */
const PATIENCE_MS = 10_000

/** The laws of `contract.ts`, for every driver. */
export function metadataConformance(driver: MetadataDriver): void {
  describe(`metadata in ${driver.name}`, () => {
    let opened: Awaited<ReturnType<MetadataDriver['open']>>
    beforeEach(async () => {
      opened = await driver.open({ 'key/b': { n: 2 }, 'key/a': { n: 1 }, 'rule/a': ['x'] })
    })
    afterEach(() => opened.dispose())

    it('a missing key is null, a present one has its value', async () => {
      expect(await opened.store.get('key/none')).toBeNull()
      expect((await opened.store.get('key/a'))?.value).toEqual({ n: 1 })
    })

    it('a list is ordered by key and stays within its prefix', async () => {
      expect((await opened.store.list('key/')).map(({ key }) => key)).toEqual(['key/a', 'key/b'])
      expect(await opened.store.list('none/')).toEqual([])
    })

    it('another opening sees a change', async () => {
      await opened.change('key/a', { n: 9 })
      await expect.poll(async () => (await opened.other.get('key/a'))?.value, { timeout: PATIENCE_MS }).toEqual({ n: 9 })
    })

    it('watch yields later changes of others in order and ends when told', async () => {
      const from = Math.max(...(await opened.other.list('')).map(({ revision }) => revision))
      const stop = new AbortController()
      const seen: MetadataEvent[] = []
      const watching = (async () => {
        for await (const event of opened.other.watch(from, stop.signal)) seen.push(event)
      })()
      await opened.change('key/c', 'new')
      await expect.poll(() => seen.length, { timeout: PATIENCE_MS }).toBe(1)
      await opened.change('key/a', null)
      await expect
        .poll(() => seen.map(({ key, value }) => [key, value]), { timeout: PATIENCE_MS })
        .toEqual([
          ['key/c', 'new'],
          ['key/a', null],
        ])
      expect(seen[1]!.revision).toBeGreaterThan(seen[0]!.revision)
      stop.abort()
      await watching
    })

    it('no changes are no transaction', async () => {
      expect((await opened.store.transact([])).ok).toBe(true)
    })

    if (driver.writable) writableLaws(() => opened)
    else
      it('a write is refused by name', async () => {
        await expect(opened.store.transact([{ key: 'a', expect: null, value: 1 }])).rejects.toThrow(ReadOnlyError)
      })
  })
}

function writableLaws(opened: () => { store: MetadataStore; other: MetadataStore }): void {
  it('a transaction with one wrong expectation writes nothing and names the conflict', async () => {
    const { store } = opened()
    const result = await store.transact([
      { key: 'key/new', expect: null, value: 1 },
      { key: 'key/a', expect: 999, value: 2 },
    ])
    expect(result).toEqual({ ok: false, conflict: 'key/a' })
    expect(await store.get('key/new')).toBeNull()
  })

  it('of two writers that read the same revision one wins', async () => {
    const { store, other } = opened()
    const revision = (await store.get('key/a'))!.revision
    const results = await Promise.all([
      store.transact([{ key: 'key/a', expect: revision, value: 'one' }]),
      other.transact([{ key: 'key/a', expect: revision, value: 'two' }]),
    ])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  })

  it('null deletes, and the key may then be made anew', async () => {
    const { store } = opened()
    const entry = (await store.get('key/a'))!
    await store.transact([{ key: 'key/a', expect: entry.revision, value: null }])
    expect(await store.get('key/a')).toBeNull()
    expect((await store.transact([{ key: 'key/a', expect: null, value: 3 }])).ok).toBe(true)
  })

  it('a key changed twice in one transaction is a mistake of the caller', async () => {
    const change = { key: 'key/x', expect: null, value: 1 }
    await expect(opened().store.transact([change, change])).rejects.toThrow(RangeError)
  })
}
