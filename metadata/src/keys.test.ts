import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MetadataStore } from './contract.ts'
import { readKeyText, writeKeyText } from './key-text.ts'
import { createKeys, type Keys } from './keys.ts'
import { createLmdbMetadata } from './lmdb/lmdb-metadata.ts'

describe('keys', () => {
  let dataDir: string
  let metadata: MetadataStore
  let nowMs: number
  let keys: Keys
  let reads: number
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'skein-keys-'))
    metadata = createLmdbMetadata({ dataDir })
    nowMs = 1_800_000_000_000
    reads = 0
    const counting: MetadataStore = { ...metadata, get: (key) => (reads++, metadata.get(key)) }
    keys = createKeys({ metadata: counting, clock: () => nowMs, randomBytes })
  })
  afterEach(async () => {
    await metadata.close()
    rmSync(dataDir, { recursive: true, force: true })
  })

  it('a created key has the documented shape and opens its tenant', async () => {
    const { text, record } = await keys.create({ type: 'sec', tenant: 'acme', label: 'edge' })
    expect(text).toMatch(/^skn_sec_[0-9A-Za-z]{8}_[\w-]{43}_[\w-]{6}$/)
    expect(await keys.authenticate(text)).toEqual({ ok: true, tenant: 'acme', keyId: record.id, type: 'sec' })
  })

  it('the store never holds the key text', async () => {
    const { text } = await keys.create({ type: 'sec', tenant: 'acme', label: 'edge' })
    expect(JSON.stringify(await metadata.list(''))).not.toContain(text.slice(17, 60))
  })

  it('a wrong character is junk without a look-up', async () => {
    const { text } = await keys.create({ type: 'sec', tenant: 'acme', label: 'edge' })
    for (let at = 0; at < text.length; at++) {
      const wrong = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
      expect(await keys.authenticate(wrong)).toEqual({ ok: false, reason: 'unknown' })
    }
    expect(reads).toBe(0)
  })

  it('an invented secret under a known id is unknown', async () => {
    const { record } = await keys.create({ type: 'sec', tenant: 'acme', label: 'edge' })
    const invented = writeKeyText('sec', record.id, randomBytes(32))
    expect(readKeyText(invented)?.id).toBe(record.id)
    expect(await keys.authenticate(invented)).toEqual({ ok: false, reason: 'unknown' })
  })

  it('a key of one type never passes as another', async () => {
    const secret = Buffer.alloc(32, 7)
    const fixed = createKeys({ metadata, clock: () => nowMs, randomBytes: (count) => Buffer.alloc(count, 7) })
    const { record } = await fixed.create({ type: 'pub', tenant: 'acme', label: 'app' })
    expect(await keys.authenticate(writeKeyText('sec', record.id, secret))).toEqual({ ok: false, reason: 'unknown' })
  })

  it('a revoked key is refused within seconds, also where it was trusted', async () => {
    const { text, record } = await keys.create({ type: 'sec', tenant: 'acme', label: 'edge' })
    await keys.authenticate(text)
    const elsewhere = createKeys({ metadata, clock: () => nowMs, randomBytes })
    expect(await elsewhere.revoke(record.id)).toBe(true)
    nowMs += 2001
    expect(await keys.authenticate(text)).toMatchObject({ ok: false, reason: 'revoked', keyId: record.id })
  })

  it('a key expires on time even while trusted', async () => {
    const { text } = await keys.create({ type: 'sec', tenant: 'acme', label: 'edge', expiresAtMs: nowMs + 100 })
    expect(await keys.authenticate(text)).toMatchObject({ ok: true })
    nowMs += 100
    expect(await keys.authenticate(text)).toMatchObject({ ok: false, reason: 'expired' })
  })

  it('the first revocation counts and an unknown id cannot be revoked', async () => {
    const { record } = await keys.create({ type: 'sec', tenant: 'acme', label: 'edge' })
    await keys.revoke(record.id)
    nowMs += 5000
    await keys.revoke(record.id)
    expect((await keys.list())[0]?.revokedAtMs).toBe(1_800_000_000_000)
    expect(await keys.revoke('nobody00')).toBe(false)
  })

  it('last use is written, and at most once a minute', async () => {
    const { text } = await keys.create({ type: 'sec', tenant: 'acme', label: 'edge' })
    await keys.authenticate(text)
    await expect.poll(async () => (await keys.list())[0]?.lastUsedAtMs, { timeout: 10_000 }).toBe(nowMs)
    const firstMs = nowMs
    nowMs += 30_000
    await keys.authenticate(text)
    expect((await keys.list())[0]?.lastUsedAtMs).toBe(firstMs)
  })
})
