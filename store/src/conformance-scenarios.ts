import { RUN_OUTCOMES, STEP_FATES } from '@skein/schemas/api/scenarios'
import type { Filter } from '@skein/schemas/filter/tree'
import { readFilter, satisfies } from '@skein/schemas/filter'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeAttribute, encodeRest } from './attribute-text.ts'
import { type HandRow, insertRows } from './conformance-rows.ts'
import type { Suite } from './conformance-suite.ts'
import type { RunRow, ScenarioQuestion } from './contract-scenarios.ts'
import { type Match, type ReferenceRun, referenceRuns } from './scenario-reference-for-tests.ts'

const DAY_MS = Date.UTC(2026, 0, 2)
const NOON_MS = DAY_MS + 43_200_000
const WITHIN_MS = 60_000
const OPERATIONS = ['login', 'epg', 'ads', 'play']
const STEPS: ScenarioQuestion['steps'] = OPERATIONS.map((operation) => ({
  match: { kind: 'span', service: 'tv', operation },
  optional: operation === 'ads',
  slowNs: operation === 'play' ? 1000 : null,
}))

/** Scenarios: runs are formed alike from spans and from stored matches, and as the reference forms them. */
export function scenarioLaws(suite: Suite): void {
  test('runs are those of the reference, from spans and from stored matches alike, however rows repeat and are ordered', { timeout: 120_000 }, async () => {
    const matchOf = fc.record({
      key: fc.integer({ min: 0, max: 30 }),
      // seconds apart as well as together, and across the length of a run
      atMs: fc.oneof(
        fc.integer({ min: 0, max: 200 }).map((second) => second * 1000),
        fc.integer({ min: 0, max: 5 }),
      ),
      step: fc.integer({ min: 0, max: 3 }),
      erred: fc.boolean(),
      took: fc.integer({ min: 1, max: 2000 }),
    })
    const sets = fc.sample(fc.array(matchOf, { minLength: 1, maxLength: 400 }), { numRuns: 3, seed: 7 })
    for (const set of sets) {
      const tenant = suite.fresh('tenant')
      const matches = set.map((each, at): Match => ({ ...each, key: `s${each.key}`, atMs: NOON_MS + each.atMs, id: at }))
      await insertRows(suite, 'spans', tenant, [...matches, ...matches.slice(0, 20)].map(spanOf))
      await insertRows(suite, 'scenario_steps', tenant, [...matches.toReversed(), ...matches.slice(0, 20)].map(stepOf))
      const window = { startMs: NOON_MS + 60_000, endMs: NOON_MS + 180_000, nowMs: NOON_MS + 200_000 }
      const expected = referenceRuns(matches, { ...window, withinMs: WITHIN_MS, steps: STEPS, success: 3 })
      for (const from of ['spans', { scenario: 'sc', version: 2 }] as const) {
        const question = { ...window, ...asked(tenant), from }
        const runs = await suite.store().scenarios.runs(question, { limit: 10_000 })
        expect(runs.map(shortRun).toSorted()).toEqual(expected.map((run) => run.short).toSorted())
        const funnel = await suite.store().scenarios.funnel(question, { stepSeconds: 60, sample: 2 })
        expect(funnel.outcomes).toEqual(Object.fromEntries(RUN_OUTCOMES.map((outcome) => [outcome, expected.filter((run) => run.outcome === outcome).length])))
        const counted = (pick: (run: ReferenceRun) => boolean[]) => STEPS.map((_, at) => expected.filter((run) => pick(run)[at]).length)
        expect(funnel.steps.map(({ reached }) => reached)).toEqual(counted((run) => run.reached))
        expect(funnel.steps.map(({ errors }) => errors)).toEqual(counted((run) => run.erred))
        expect(funnel.steps.map(({ dropped }) => dropped)).toEqual(counted((run) => run.dropped))
        expect(funnel.steps[3]?.slow).toBe(expected.filter((run) => run.slow).length)
        for (const fate of set === sets[0] ? STEP_FATES : []) {
          const met = await Promise.all(STEPS.map((_, at) => suite.store().scenarios.runs(question, { limit: 10_000, step: { at, fate } })))
          expect(met.map(({ length }) => length)).toEqual(funnel.steps.map((step) => step[fate === 'erred' ? 'errors' : fate]))
          for (const run of met.flat()) expect(runs).toContainEqual(run)
        }
        for (const run of funnel.sample) expect(runs).toContainEqual(run)
        for (const outcome of RUN_OUTCOMES) expect(funnel.sample.filter((run) => run.outcome === outcome).length).toBe(Math.min(2, funnel.outcomes[outcome]))
        expect(funnel.points.reduce((sum, point) => sum + point.starts, 0)).toBe(expected.length)
      }
    }
  })

  test('runs come newest first, page by page, by outcome, and those of one key', async () => {
    const tenant = suite.fresh('tenant')
    const matches = Array.from({ length: 30 }, (_, at): Match => ({ key: `k${at}`, atMs: NOON_MS + at * 1000, step: 0, erred: at % 3 === 0, took: 5, id: at }))
    await insertRows(suite, 'scenario_steps', tenant, matches.map(stepOf))
    const question = { ...asked(tenant), startMs: NOON_MS, endMs: NOON_MS + 60_000, nowMs: NOON_MS + 600_000, from: { scenario: 'sc', version: 2 } }
    const first = await suite.store().scenarios.runs(question, { limit: 7, outcomes: ['failed'] })
    const last = first.at(-1)
    const rest = await suite.store().scenarios.runs(question, { limit: 7, outcomes: ['failed'], ...(last === undefined ? {} : { after: last.after }) })
    expect([...first, ...rest].map((run) => run.key)).toEqual(['k27', 'k24', 'k21', 'k18', 'k15', 'k12', 'k9', 'k6', 'k3', 'k0'])
    const [one] = await suite.store().scenarios.runs({ ...question, key: 'k3' }, { limit: 1 })
    expect(one).toMatchObject({
      key: 'k3',
      outcome: 'failed',
      steps: [{ reached: null, erred: { traceId: traceId(3), durationNs: 5 } }, { reached: null, erred: null }, {}, {}],
    })
    expect(await suite.store().scenarios.funnel(question, { stepSeconds: 60, sample: 2 })).toMatchObject({ matches: 30, withoutKey: 0, oneIn: 1, cut: false })
    expect(await suite.store().scenarios.runs({ ...question, from: { scenario: 'sc', version: 1 } }, { limit: 5 })).toEqual([])
  })

  test('a filter means for stored spans what it means for records', async () => {
    const tenant = suite.fresh('tenant')
    const records: Record<string, string | number | boolean>[] = [
      { code: 200, route: '/epg', cached: true, 'odd=key': 'a\x1eb\x1dc' },
      { code: 503.5, route: 'epg', text: '503.50' },
      { code: '503', text: '', cached: false },
      { code: 'x', stall_ms: 0, text: '-0.0' },
      { text: '1e3', stall_ms: -7 },
      { text: 'Infinity', code: 1e21 },
    ]
    const rows = records.map((record, at): HandRow => {
      const pairs = Object.entries({ ...record, 'session.id': `r${at}` }).map(([key, value]) => encodeAttribute(key, value))
      return {
        ...spanOf({ key: '', atMs: NOON_MS + at, step: 0, erred: at === 2, took: 1_500_000, id: at }),
        items: pairs.slice(0, 2),
        rest: encodeRest(pairs.slice(2)),
      }
    })
    await insertRows(suite, 'spans', tenant, rows)
    const filters = [
      'code >= 200',
      'code = 503',
      'code != 503',
      'text = 503.5',
      'text > 999',
      'text < 0 or text = 0',
      'route:/epg',
      '-route:/epg',
      'cached:true',
      'cached:*',
      'text:*',
      'text = ""',
      'stall_ms <= 0',
      'not (code > 1)',
      'duration_ms = 1.5 and status = error',
      'status != error kind:server',
      'service:tv operation:login code > 1e20',
    ]
    for (const where of filters) {
      const filter = filterOf(where)
      const expected = records.flatMap((record, at) => {
        const own: Record<string, string | number> = {
          duration_ms: 1.5,
          status: at === 2 ? 'error' : 'unset',
          kind: 'server',
          service: 'tv',
          operation: 'login',
        }
        return satisfies(filter, (name) => own[name] ?? record[name]) ? [`r${at}`] : []
      })
      const steps = [{ match: { kind: 'span' as const, service: 'tv', where }, optional: false, slowNs: null }]
      const question = { ...asked(tenant), steps, success: 0, startMs: NOON_MS, endMs: NOON_MS + 60_000, nowMs: NOON_MS, from: 'spans' as const }
      const runs = await suite.store().scenarios.runs(question, { limit: 100 })
      expect([where, runs.map((run) => run.key).toSorted()]).toEqual([where, expected])
    }
  })

  test('records without a key are counted and are no run', async () => {
    const tenant = suite.fresh('tenant')
    await insertRows(suite, 'spans', tenant, [{ ...spanOf({ key: 'x', atMs: NOON_MS, step: 0, erred: false, took: 1, id: 1 }), items: [] }])
    const question = { ...asked(tenant), startMs: NOON_MS, endMs: NOON_MS + 60_000, nowMs: NOON_MS, from: 'spans' as const }
    expect(await suite.store().scenarios.funnel(question, { stepSeconds: 60, sample: 2 })).toMatchObject({ matches: 0, withoutKey: 1, points: [] })
  })

  test('entries of sessions come in order, without repeats, the most frequent sequence first', async () => {
    const tenant = suite.fresh('tenant')
    const entry = (session: string, second: number, name: string, id: number): HandRow => ({
      ...spanOf({ key: session, atMs: NOON_MS + second * 1000, step: 0, erred: false, took: 9, id }),
      name,
    })
    await insertRows(suite, 'spans', tenant, [
      ...['a', 'b', 'c'].flatMap((session, at) => [
        entry(session, 3, 'play', at * 4),
        entry(session, 1, 'login', at * 4 + 1),
        entry(session, 2, 'epg', at * 4 + 2),
        entry(session, 2.5, 'epg', at * 4 + 3),
      ]),
      entry('d', 1, 'login', 90),
    ])
    const window = { tenant, startMs: NOON_MS, endMs: NOON_MS + 60_000 }
    const tv = (operation: string) => ({ service: 'tv', operation })
    expect(await suite.store().scenarios.entries(window, 100)).toEqual([
      { sessions: 3, entries: [tv('login'), tv('epg'), tv('play')] },
      { sessions: 1, entries: [tv('login')] },
    ])
  })
}

function filterOf(text: string): Filter {
  const read = readFilter(text)
  if (!read.ok) throw new Error(`${text}: ${read.error.message}`)
  return read.filter
}

function asked(tenant: string) {
  return { tenant, steps: STEPS, success: 3, keys: ['session.id'], withinMs: WITHIN_MS }
}

function shortRun(run: RunRow): string {
  const steps = run.steps.map(({ reached, erred }) => `${reached?.atNs ?? '-'}/${erred?.atNs ?? '-'}`)
  return [run.key, run.startNs, run.outcome, ...steps].join(' ')
}

const traceId = (id: number): string => id.toString(16).padStart(32, '0')

function common(match: Match): HandRow {
  return {
    bucket: NOON_MS,
    ts: BigInt(match.atMs) * 1_000_000n,
    duration: match.took,
    trace_id: traceId(match.id),
    span_id: match.id.toString(16).padStart(16, '0'),
  }
}

function spanOf(match: Match): HandRow {
  return {
    ...common(match),
    service: 'tv',
    name: OPERATIONS[match.step] ?? '',
    kind: 2,
    status: match.erred ? 2 : 0,
    items: [encodeAttribute('session.id', match.key)],
  }
}

function stepOf(match: Match): HandRow {
  const hash = Array.from(match.key).reduce((sum, letter) => BigInt.asUintN(64, (sum ^ BigInt(letter.codePointAt(0) ?? 0)) * 0x9e37_79b9_7f4a_7c15n), 7n)
  return { ...common(match), scenario: 'sc', version: 2, key_hash: hash, key: match.key, step: match.step, error: match.erred ? 1 : 0 }
}
