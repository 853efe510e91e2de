import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ScenarioDefinition } from '@skein/schemas/scenario'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MetadataStore } from './contract.ts'
import { createLmdbMetadata } from './lmdb/lmdb-metadata.ts'
import { createScenarios, type Scenarios } from './scenarios.ts'

const definition: ScenarioDefinition = {
  name: 'play',
  key: 'session',
  within: '10m',
  steps: [{ name: 'play', match: { kind: 'span', service: 'gateway' } }],
  success: 'play',
}

let directory: string
let metadata: MetadataStore
let nowMs: number
let made: number
let scenarios: Scenarios
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'skein-scenarios-'))
  metadata = createLmdbMetadata({ dataDir: directory })
  nowMs = 1_000_000
  made = 0
  scenarios = createScenarios({ metadata, clock: () => nowMs, randomBytes: (count) => new Uint8Array(count).fill(made++) })
})
afterEach(async () => {
  await metadata.close()
  rmSync(directory, { recursive: true, force: true })
})

test('a scenario belongs to one tenant, and holds 2 s after it was written', async () => {
  const created = await scenarios.create('acme/eu', definition)
  expect(created).toMatchObject({ ok: true, record: { id: '000000000000', versions: [{ version: 1, definition, effectiveFromMs: nowMs + 2000 }] } })
  expect(await scenarios.list('acme')).toEqual([])
  expect(await scenarios.get('acme', '000000000000')).toBeNull()
  expect((await scenarios.list('acme/eu')).map(({ id }) => id)).toEqual(['000000000000'])
  expect((await scenarios.list()).map(({ tenant }) => tenant)).toEqual(['acme/eu'])
})

test('a change is a version after the last, which a reader of an older one does not overwrite', async () => {
  await scenarios.create('acme', definition)
  const changed = { ...definition, within: '5m' }
  nowMs += 500
  expect(await scenarios.change('acme', '000000000000', { definition: changed, version: 1 })).toMatchObject({ ok: true })
  expect(await scenarios.change('acme', '000000000000', { definition, version: 1 })).toEqual({ ok: false, reason: 'conflict' })
  expect(await scenarios.change('acme', '000000000000', { definition: changed })).toMatchObject({ ok: true, record: { updatedAtMs: nowMs } })
  expect((await scenarios.get('acme', '000000000000'))?.versions.map(({ version, effectiveFromMs }) => [version, effectiveFromMs])).toEqual([
    [1, 1_002_000],
    [2, 1_002_500],
  ])
  expect(await scenarios.change('acme', 'ffff', { definition })).toEqual({ ok: false, reason: 'unknown' })
  expect(await scenarios.change('acme', '../key/x', { definition })).toEqual({ ok: false, reason: 'unknown' })
})

test('what was removed is gone, once', async () => {
  await scenarios.create('acme', definition)
  expect(await scenarios.remove('acme', '000000000000')).toMatchObject({ id: '000000000000' })
  expect(await scenarios.remove('acme', '000000000000')).toBeNull()
  expect(await scenarios.list()).toEqual([])
})

test('a record that is none, or whose condition cannot be read, is not there, and the others are', async () => {
  await scenarios.create('acme', definition)
  const created = await scenarios.get('acme', '000000000000')
  const [version] = created?.versions ?? []
  const spoilt = { ...definition, steps: [{ name: 'play', match: { kind: 'span', service: 'gateway', where: 'a >' } }] }
  const values = { aa: { id: 'aa' }, bb: 'typed wrong', cc: { ...created, id: 'cc', versions: [{ ...version, definition: spoilt }] } }
  for (const [id, value] of Object.entries(values)) {
    await metadata.transact([{ key: `scenario/acme/${id}`, expect: null, value: JSON.parse(JSON.stringify(value)) }])
    expect(await scenarios.get('acme', id)).toBeNull()
  }
  expect((await scenarios.list()).map(({ id }) => id)).toEqual(['000000000000'])
  expect(await scenarios.unreadable()).toEqual(['scenario/acme/aa', 'scenario/acme/bb', 'scenario/acme/cc'])
})

test('a tenant has so many scenarios and no more', async () => {
  for (let at = 0; at < 50; at++) expect((await scenarios.create('acme', definition)).ok).toBe(true)
  expect(await scenarios.create('acme', definition)).toEqual({ ok: false, reason: 'limit' })
  expect((await scenarios.create('other', definition)).ok).toBe(true)
})
