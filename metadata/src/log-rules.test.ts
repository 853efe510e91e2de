import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RuleDefinition } from '@skein/schemas/log-rule'
import { rulesInForce } from '@skein/schemas/rules/in-force'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { ReadOnlyError, type MetadataStore } from './contract.ts'
import { createFileMetadata } from './file/file-metadata.ts'
import { createLmdbMetadata } from './lmdb/lmdb-metadata.ts'
import { createLogRules, type LogRules } from './log-rules.ts'

const definition: RuleDefinition = { name: 'noise', enabled: true, match: 'service:gateway', actions: [{ type: 'drop' }] }
const named = (name: string): RuleDefinition => ({ ...definition, name })

let directory: string
let metadata: MetadataStore
let nowMs: number
let made: number
let rules: LogRules
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'skein-rules-'))
  metadata = createLmdbMetadata({ dataDir: directory })
  nowMs = 1_000_000
  made = 0
  rules = createLogRules({ metadata, clock: () => nowMs, randomBytes: (count) => new Uint8Array(count).fill(++made) })
})
afterEach(async () => {
  await metadata.close()
  rmSync(directory, { recursive: true, force: true })
})

async function idOf(name: string, tenant = 't'): Promise<string> {
  const created = await rules.create(tenant, { definition: named(name) })
  if (!created.ok) throw new Error(created.reason)
  nowMs += 10
  return created.record.id
}
async function orderOf(tenant = 't'): Promise<string[]> {
  const { rules: read } = await rules.of(tenant)
  return read?.order.versions.at(-1)?.pipelines.flatMap((pipeline) => pipeline.rules) ?? []
}

test('a rule belongs to one tenant, and holds 2 s after it was written', async () => {
  const created = await rules.create('acme/eu', { definition })
  expect(created).toMatchObject({ ok: true, record: { versions: [{ version: 1, effectiveFromMs: nowMs + 2000 }] } })
  expect((await rules.of('acme')).rules).toBeNull()
  const { rules: read } = await rules.of('acme/eu')
  expect(rulesInForce(read!, nowMs + 1999)).toEqual({ fromMs: Number.NEGATIVE_INFINITY, untilMs: nowMs + 2000, rules: [] })
  expect(rulesInForce(read!, nowMs + 2000)).toMatchObject({ fromMs: nowMs + 2000, untilMs: Number.POSITIVE_INFINITY, rules: [{ version: 1 }] })
})

test('a rule comes where it is wanted, and an order changes at once or not at all', async () => {
  const [a, b] = [await idOf('a'), await idOf('b')]
  const c = await rules.create('t', { definition: named('c'), before: b })
  const ids = [a, c.ok ? c.record.id : '', b]
  expect(await orderOf()).toEqual(ids)
  const main = { id: 'main', name: 'Main', enabled: true, match: '', rules: [b] }
  const other = { id: 'other', name: 'Other', enabled: true, match: 'service:epg', rules: [ids[1]!, a] }
  expect(await rules.reorder('t', { version: 2, pipelines: [main, other] })).toEqual({ ok: false, reason: 'conflict' })
  expect(await rules.reorder('t', { version: 3, pipelines: [main] })).toEqual({ ok: false, reason: 'incomplete' })
  expect(await rules.reorder('t', { version: 3, pipelines: [main, { ...other, rules: [a, a] }] })).toEqual({ ok: false, reason: 'incomplete' })
  expect(await rules.reorder('t', { version: 3, pipelines: [main, { ...other, id: 'main' }] })).toEqual({ ok: false, reason: 'incomplete' })
  expect((await rules.reorder('t', { version: 3, pipelines: [main, other] })).ok).toBe(true)
  expect(await orderOf()).toEqual([b, ids[1], a])
})

test('two who change the same version: the second is told', async () => {
  const id = await idOf('a')
  expect((await rules.change('t', id, { definition: named('b'), version: 1 })).ok).toBe(true)
  expect(await rules.change('t', id, { definition: named('c'), version: 1 })).toEqual({ ok: false, reason: 'conflict' })
  expect(await rules.change('t', id, { definition: named('b'), version: 2 })).toMatchObject({ ok: true, record: { versions: [{}, { version: 2 }] } })
})

test('what a record is judged by never depends on later changes', async () => {
  const step = fc.record({ op: fc.constantFrom('create', 'change', 'remove', 'reverse'), at: fc.nat(3), afterMs: fc.nat(5000) })
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
      const tenant = `t${run++}`
      const seen = new Map<number, string>()
      for (const [n, { op, at, afterMs }] of steps.entries()) {
        const ids = await orderOf(tenant)
        const id = ids[at % Math.max(1, ids.length)] ?? ''
        if (op === 'create') await rules.create(tenant, { definition: named(`n${n}`) })
        else if (op === 'change') await rules.change(tenant, id, { definition: named(`n${n}`) })
        else if (op === 'remove') await rules.remove(tenant, id)
        else {
          const { rules: read } = await rules.of(tenant)
          const last = read?.order.versions.at(-1)
          if (last !== undefined)
            await rules.reorder(tenant, { version: last.version, pipelines: last.pipelines.map((each) => ({ ...each, rules: each.rules.toReversed() })) })
        }
        nowMs += afterMs
        const { rules: read } = await rules.of(tenant)
        if (read === null) continue
        const judging = (timeMs: number): string => JSON.stringify(rulesInForce(read, timeMs).rules.map((rule) => [rule.id, rule.version]))
        for (const [timeMs, judged] of seen) expect(judging(timeMs)).toBe(judged)
        // What is written from now on holds 2 s later: what is received until then is decided.
        for (const timeMs of [nowMs, nowMs + 1000, nowMs + 1999]) seen.set(timeMs, judging(timeMs))
      }
    }),
    { numRuns: 15 },
  )
})

test('a rule that is gone judges what came before, until nothing asks for it any more', async () => {
  const id = await idOf('a')
  nowMs += 60_000
  await rules.remove('t', id)
  expect(await rules.remove('t', id)).toEqual({ ok: false, reason: 'unknown' })
  expect(await rules.change('t', id, { definition })).toEqual({ ok: false, reason: 'unknown' })
  const { rules: read } = await rules.of('t')
  expect([0, nowMs, nowMs + 2000].map((timeMs) => rulesInForce(read!, timeMs).rules.length)).toEqual([0, 1, 0])
  for (let i = 0; i < 50; i++) await rules.reorder('t', { version: 2 + i, pipelines: [] })
  expect((await rules.of('t')).rules?.rules).toEqual([])
})

test('a file replaces everything at once: same ids get a version more, others come, the rest goes', async () => {
  const [a, b] = [await idOf('a'), await idOf('b')]
  const file = {
    skeinLogRules: 1 as const,
    pipelines: [
      {
        id: 'p',
        name: 'P',
        enabled: true,
        match: '',
        rules: [
          { id: b, definition: named('b2') },
          { id: 'mine', definition: named('m') },
        ],
      },
    ],
  }
  expect(await rules.replace('t', { file, version: 1 })).toEqual({ ok: false, reason: 'conflict' })
  const replaced = await rules.replace('t', { file, version: 2 })
  expect(replaced.ok && Object.fromEntries(replaced.rules.rules.map(({ id, versions }) => [id, versions.length]))).toEqual({ [a]: 1, [b]: 2, mine: 1 })
  expect(await orderOf()).toEqual([b, 'mine'])
})

test('what cannot be read is told and hinders nobody; a file cannot be written', async () => {
  const [record] = [(await rules.create('t', { definition })) as { record: { id: string } }]
  const entries = Object.fromEntries([
    ...(await metadata.list('log-')).map(({ key, value }) => [key, value] as const),
    ['log-rule/t/bad', { nonsense: 1 }],
    ['log-rule/u/x', {}],
  ])
  const path = join(directory, 'rules.yaml')
  writeFileSync(path, stringify({ entries }))
  const file = createFileMetadata({ path })
  const read = createLogRules({ metadata: file, clock: () => nowMs, randomBytes: (count) => new Uint8Array(count) })
  expect((await read.of('t')).unreadable).toEqual(['log-rule/t/bad'])
  expect((await read.of('u')).unreadable).toEqual(['log-order/u', 'log-rule/u/x'])
  expect((await read.all()).map(({ tenant, rules: held }) => [tenant, held.map(({ id }) => id)])).toEqual([['t', [record.record.id]]])
  await expect(read.create('t', { definition })).rejects.toThrow(ReadOnlyError)
  await file.close()
})

describe('a rule that cannot be read', () => {
  let ids: string[]
  const main = { id: 'main', name: 'Main', enabled: true, match: '' }
  const spoil = async (key: string): Promise<void> => {
    const entry = await metadata.get(key)
    await metadata.transact([{ key, expect: entry?.revision ?? null, value: { newer: true } }])
  }
  beforeEach(async () => {
    ids = [await idOf('a'), await idOf('b'), await idOf('c')]
    await spoil(`log-rule/t/${ids[1]}`)
  })

  test('keeps its place when others are put in order, and hinders no change', async () => {
    const [a, lost, c] = ids as [string, string, string]
    expect(await rules.reorder('t', { version: 3, pipelines: [{ ...main, rules: [c, a] }] })).toMatchObject({
      ok: true,
      unreadable: [`log-rule/t/${lost}`],
      unreadableRules: [lost],
    })
    expect(await orderOf()).toEqual([c, lost, a])
    expect(await rules.reorder('t', { version: 4, pipelines: [{ ...main, rules: [c] }] })).toEqual({ ok: false, reason: 'incomplete' })
    expect(await rules.reorder('t', { version: 4, pipelines: [{ ...main, rules: [c, a, 'none'] }] })).toEqual({ ok: false, reason: 'incomplete' })
    expect((await rules.reorder('t', { version: 4, pipelines: [{ ...main, rules: [lost, c, a] }] })).ok).toBe(true)
    expect(await orderOf()).toEqual([lost, c, a])
    expect((await rules.remove('t', a)).ok).toBe(true)
    expect((await rules.of('t')).unreadable).toEqual([`log-rule/t/${lost}`])
  })

  test('can be removed, whether an order names it or not', async () => {
    const [a, lost, c] = ids as [string, string, string]
    expect(await rules.remove('t', lost)).toEqual({ ok: true, record: null })
    expect(await orderOf()).toEqual([a, c])
    await spoil('log-rule/t/stray')
    expect((await rules.of('t')).unreadable).toEqual(['log-rule/t/stray'])
    expect(await rules.remove('t', 'stray')).toEqual({ ok: true, record: null })
    expect(await rules.of('t')).toMatchObject({ unreadable: [], unreadableRules: [] })
    expect(await rules.remove('t', 'stray')).toEqual({ ok: false, reason: 'unknown' })
  })

  test.for([{ isNamed: true }, { isNamed: false }])(
    'is replaced by a file (it names it: $isNamed), as is an order that cannot be read',
    async ({ isNamed }) => {
      const [a, lost] = ids as [string, string]
      await spoil('log-order/t')
      const wanted = [a, ...(isNamed ? [lost] : [])].map((id) => ({ id, definition: named(id) }))
      expect((await rules.replace('t', { file: { skeinLogRules: 1, pipelines: [{ ...main, rules: wanted }] } })).ok).toBe(true)
      const read = await rules.of('t')
      expect(read.unreadable).toEqual([])
      expect(read.rules?.rules.map(({ id }) => id).toSorted()).toEqual(wanted.map(({ id }) => id).toSorted())
    },
  )
})
