import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HandRow, handBlock } from '../conformance-rows.ts'
import type { Store } from '../contract.ts'
import { openChdbStore } from './store.ts'

/** A scenario has more matches than an answer is made of, or only seems to. */

const START_MS = Date.UTC(2026, 0, 2, 12)
const tenant = 't'
const ALL = 2n ** 64n
/** Keys of matches of one step, each its own run: their hashes, and of how many matches each is. */
const SCENARIOS: Record<string, { hashes: readonly bigint[]; matches: number }> = {
  many: { hashes: Array.from({ length: 210_000 }, (_, at) => (ALL / 210_000n) * BigInt(at) + 1n), matches: 1 },
  // by one key in 64 there would be none
  'one late key': { hashes: [ALL - 5n], matches: 200_001 },
  // by one key in 64 there would be 384,000
  'one early key': { hashes: [5n, ALL - 5n], matches: 6000 },
}

let directory: string
let store: Store

function rowsOf(scenario: string): HandRow[] {
  const { hashes, matches } = SCENARIOS[scenario]!
  const row = { tenant, bucket: START_MS, scenario, version: 1, step: 0, error: 0, duration: 7, span_id: '1'.repeat(16) }
  const ofKey = (hash: bigint): HandRow[] =>
    Array.from({ length: matches }, (_, at) => ({
      ...row,
      ...{ key_hash: hash, key: `k${hash}`, trace_id: (hash + BigInt(at)).toString(16).padStart(32, '0'), ts: BigInt(START_MS) * 1_000_000n + BigInt(at) },
    }))
  const noKey = { ...row, key_hash: 0n, key: '', trace_id: '2'.repeat(32), ts: BigInt(START_MS) * 1_000_000n }
  return [...hashes.flatMap(ofKey), noKey, noKey]
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'skein-many-matches-'))
  store = await openChdbStore({
    directory,
    memoryBytes: 2 ** 31,
    readers: 2,
    writers: 1,
    retention: { spansDays: 20_000, rollupDays: 20_000 },
    limits: { seconds: 30, memoryBytes: 2 ** 30, rowsRead: 1e9, resultRows: 1e6, queued: 20 },
    migrate: true,
  })
  for (const [at, scenario] of Object.keys(SCENARIOS).entries())
    await store.ingest.insert(`t:0:${at}-${at}`, handBlock('scenario_steps', rowsOf(scenario)), false)
}, 120_000)

afterAll(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

function asked(scenario: string) {
  return {
    ...{ tenant, startMs: START_MS, endMs: START_MS + 60_000, nowMs: START_MS + 600_000, withinMs: 1000, success: 0, keys: ['session.id'] },
    steps: [{ match: { kind: 'span' as const }, optional: false, slowNs: null }],
    from: { scenario, version: 1 },
  }
}

test('of too many matches one key in two is looked at, and all are counted', async () => {
  const { sample, ...funnel } = await store.scenarios.funnel(asked('many'), { stepSeconds: 60, sample: 2 })
  expect(funnel).toMatchObject({ oneIn: 2, matches: 210_000, withoutKey: 2, cut: false, outcomes: { ok: 105_001, lost: 0 } })
  expect(sample.map(({ key, steps }) => [key, BigInt(`0x${steps[0]?.reached?.traceId}`)])).toEqual(
    [105_000, 104_999].map((at) => [`k${SCENARIOS['many']?.hashes[at]}`, SCENARIOS['many']?.hashes[at]]),
  )
})

test('matches of which a few keys tell nothing are counted all the same', async () => {
  const late = await store.scenarios.funnel(asked('one late key'), { stepSeconds: 60, sample: 2 })
  expect(late).toMatchObject({ oneIn: 2, matches: 200_001, withoutKey: 2, outcomes: { ok: 0 } })
  const early = await store.scenarios.funnel(asked('one early key'), { stepSeconds: 60, sample: 2 })
  expect(early).toMatchObject({ oneIn: 1, matches: 12_000, withoutKey: 2, outcomes: { ok: 2 } })
})
