import { expect, test } from 'vitest'
import { insertRows } from './conformance-rows.ts'
import type { Suite } from './conformance-suite.ts'

const DAY_MS = Date.UTC(2026, 0, 2)
const MINUTE_MS = 60_000

/** What rules did not let through is counted, and can be asked for. */
export function logRuleLaws(suite: Suite): void {
  test('drops are summed up by rule, version, reason and service, the most bytes first, in the window and scope asked for', async () => {
    const tenant = suite.fresh('tenant')
    const row = (minute: number, over: Record<string, string | number> = {}) => ({
      minute: DAY_MS + minute * MINUTE_MS,
      rule: 'noise',
      version: 2,
      reason: 'drop',
      service: 'epg',
      lines: 2,
      bytes: 20,
      ...over,
    })
    await insertRows(suite, 'log_drops', tenant, [row(0), row(1), row(1, { reason: 'sample', bytes: 500 }), row(2, { version: 3 }), row(60)])
    await insertRows(suite, 'log_drops', tenant, [row(1, { service: 'drm', lines: 1, bytes: 1 })])
    await insertRows(suite, 'log_drops', suite.fresh('tenant'), [row(1)])
    const window = { tenant, startMs: DAY_MS, endMs: DAY_MS + 3 * MINUTE_MS }
    const questions = suite.store().logRules
    const of = { rule: 'noise', version: 2, service: 'epg' }
    expect(await questions.drops(window, 10)).toEqual([
      { ...of, reason: 'sample', lines: 2, bytes: 500 },
      { ...of, reason: 'drop', lines: 4, bytes: 40 },
      { ...of, reason: 'drop', version: 3, lines: 2, bytes: 20 },
      { ...of, reason: 'drop', service: 'drm', lines: 1, bytes: 1 },
    ])
    expect(await questions.drops(window, 1)).toHaveLength(1)
    expect(await questions.drops({ ...window, service: 'drm', rule: 'noise', reason: 'drop' }, 10)).toHaveLength(1)
    expect(await questions.drops({ ...window, rule: 'other' }, 10)).toEqual([])
    expect(await questions.dropSeries({ ...window, service: 'epg' }, MINUTE_MS)).toEqual([
      { timeMs: DAY_MS, reason: 'drop', lines: 2, bytes: 20 },
      { timeMs: DAY_MS + MINUTE_MS, reason: 'drop', lines: 2, bytes: 20 },
      { timeMs: DAY_MS + MINUTE_MS, reason: 'sample', lines: 2, bytes: 500 },
      { timeMs: DAY_MS + 2 * MINUTE_MS, reason: 'drop', lines: 2, bytes: 20 },
    ])
  })

  test('a sample is the same share of all lines, always the same ones, oldest first', async () => {
    const tenant = suite.fresh('tenant')
    const lines = Array.from({ length: 400 }, (_, at) => ({
      bucket: DAY_MS,
      ts: BigInt(DAY_MS + at * 100) * 1_000_000n,
      seq: at + 1,
      received: DAY_MS,
      service: 'epg',
      body: `line ${at}`,
      body_kind: 0,
    }))
    await insertRows(suite, 'logs', tenant, lines)
    const questions = suite.store().logRules
    const window = { tenant, startMs: DAY_MS, endMs: DAY_MS + 30_000 }
    const all = await questions.sample(window, { oneIn: 1, limit: 1000 })
    expect(all.map(({ body }) => body)).toEqual(Array.from({ length: 300 }, (_, at) => `line ${at}`))
    const some = await questions.sample(window, { oneIn: 4, limit: 1000 })
    expect(some.length).toBeGreaterThan(40)
    expect(some.length).toBeLessThan(120)
    expect(await questions.sample(window, { oneIn: 4, limit: 1000 })).toEqual(some)
    expect(await questions.sample(window, { oneIn: 4, limit: 5 })).toEqual(some.slice(0, 5))
    const few = await questions.sample(window, { oneIn: 64, limit: 1000 })
    expect(few.length).toBeLessThan(some.length / 4)
    expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining(few.map(({ id }) => id)))
  })

  test('what was stored beside it is counted by service', async () => {
    const tenant = suite.fresh('tenant')
    const row = (service: string, lines: number) => ({
      minute: DAY_MS,
      environment: 'prod',
      cluster: 'c1',
      namespace: 'tv',
      service,
      severity: 'info',
      pattern: 0xa0,
      lines,
      bytes: lines * 10,
    })
    await insertRows(suite, 'log_minutes', tenant, [row('epg', 2), row('drm', 3)])
    const window = { tenant, startMs: DAY_MS, endMs: DAY_MS + MINUTE_MS }
    const questions = suite.store().logRules
    expect(await questions.stored(window)).toEqual([
      { service: 'drm', lines: 3, bytes: 30 },
      { service: 'epg', lines: 2, bytes: 20 },
    ])
    expect(await questions.stored({ ...window, service: 'epg' })).toEqual([{ service: 'epg', lines: 2, bytes: 20 }])
    expect(await questions.stored({ ...window, startMs: 0, endMs: 0 })).toEqual([])
  })
}
