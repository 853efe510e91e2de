import { RUN_OUTCOMES } from '@skein/schemas/api/scenarios'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Match, referenceRuns } from '../scenario-reference-for-tests.ts'
import { formRuns, type RunRules } from './form-runs.ts'
import type { MatchColumns } from './match-columns.ts'
import { sumFunnel } from './funnel-sums.ts'
import { hashOf, newestRuns } from './newest-runs.ts'

const MS = 1e6
const ASKED = {
  startMs: 100,
  endMs: 300,
  nowMs: 320,
  withinMs: 60,
  success: 3,
  steps: [false, false, true, false, false].map((optional, at) => ({ match: { kind: 'span' as const }, optional, slowNs: at === 3 ? 5 : null })),
}
const RULES: RunRules = { ...ASKED, within: 60 * MS, from: 100 * MS, to: 300 * MS, now: 320 * MS }

const matches: fc.Arbitrary<Match[]> = fc
  .array(
    fc.record({
      key: fc.integer({ min: 0, max: 4 }),
      atMs: fc.integer({ min: 40, max: 359 }),
      step: fc.integer({ min: 0, max: 4 }),
      erred: fc.boolean(),
      took: fc.integer({ min: 1, max: 9 }),
    }),
    { maxLength: 60 },
  )
  .map((all) => all.map((each, id) => ({ ...each, key: String(each.key), id })))

function columnsOf(all: readonly Match[]): MatchColumns {
  return {
    length: all.length,
    keys: Uint32Array.from(all.flatMap(({ key }) => [Number(key), Math.imul(Number(key) + 1, 0x9e3779b1)])),
    at: Float64Array.from(all, ({ atMs }) => atMs * MS),
    code: Uint8Array.from(all, ({ step, erred }) => step * 2 + (erred ? 1 : 0)),
    took: Float64Array.from(all, ({ took }) => took),
  }
}

function runsOf(all: readonly Match[]): string[] {
  const columns = columnsOf(all)
  const runs: string[] = []
  formRuns(columns, RULES, (run) => {
    const ns = (match: number): string => (match < 0 ? '-' : `${columns.at[match]! / MS}000000`)
    const steps = Array.from(run.hit, (hit, at) => `${ns(hit)}/${ns(run.miss[at]!)}`)
    runs.push([all[run.first]?.key, `${run.start / MS}000000`, RUN_OUTCOMES[run.outcome], ...steps].join(' '))
  })
  return runs.sort((a, b) => (a < b ? -1 : 1))
}

const byText = (a: string, b: string): number => (a < b ? -1 : 1)

test('runs are those of the reference', () => {
  fc.assert(
    fc.property(matches, (all) => {
      expect(runsOf(all)).toEqual(
        referenceRuns(all, ASKED)
          .map(({ short }) => short)
          .sort(byText),
      )
    }),
    { numRuns: 1000 },
  )
})

test('the order of matches, and any of them once more, change nothing', () => {
  fc.assert(
    fc.property(matches, fc.array(fc.nat(), { maxLength: 10 }), fc.integer(), (all, again, turn) => {
      const more = [...all, ...again.flatMap((at) => all[at % Math.max(1, all.length)] ?? [])]
      const at = Math.abs(turn) % Math.max(1, more.length)
      expect(runsOf([...more.slice(at), ...more.slice(0, at)].reverse())).toEqual(runsOf(all))
    }),
    { numRuns: 300 },
  )
})

test('a funnel counts each run once, and pages of runs meet each once', () => {
  fc.assert(
    fc.property(matches, (all) => {
      const columns = columnsOf(all)
      const expected = referenceRuns(all, ASKED)
      const { outcomes, points, newest } = sumFunnel(columns, RULES, { stepNs: 50 * MS, newest: 2 })
      const page = (at: number) => newestRuns(columns, RULES, { limit: 2, outcomes: new Set([at]) })
      expect(newest).toEqual(RUN_OUTCOMES.flatMap((_, at) => page(at)))
      expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(expected.length)
      expect(points.reduce((sum, { starts }) => sum + starts, 0)).toBe(expected.length)
      const found: string[] = []
      for (let after: { start: number; hash: string } | undefined; ; ) {
        const next = newestRuns(columns, RULES, { limit: 3, outcomes: new Set([0, 1, 2, 3, 4]), ...(after === undefined ? {} : { after }) })
        const names = next.map(({ start, first }) => ({ start, hash: hashOf(columns, first) }))
        found.push(...names.map(({ start, hash }) => `${start} ${hash}`))
        after = names.at(-1)
        if (after === undefined) break
      }
      expect(new Set(found).size).toBe(found.length)
      expect(found).toHaveLength(expected.length)
    }),
    { numRuns: 300 },
  )
})

test('one key with all matches is formed in time that grows with them', () => {
  const count = 200_000
  const columns: MatchColumns = {
    length: count,
    keys: new Uint32Array(count * 2).fill(7),
    at: Float64Array.from({ length: count }, (_, at) => 100 * MS + ((at * 7919) % count) * 900),
    code: Uint8Array.from({ length: count }, (_, at) => (at % 5) * 2),
    took: new Float64Array(count),
  }
  let runs = 0
  formRuns(columns, RULES, () => runs++)
  expect(runs).toBeGreaterThan(10_000)
})
