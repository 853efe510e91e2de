import { expect, test } from 'vitest'
import { insertRows } from './conformance-rows.ts'
import type { Suite } from './conformance-suite.ts'

const DAY_MS = Date.UTC(2026, 0, 2)
const MINUTE_MS = 60_000
const KEY = { environment: 'prod', cluster: 'c1', namespace: 'tv' }

/** Templates survive, and lines are counted under them. */
export function logPatternLaws(suite: Suite): void {
  test('the templates before an offset are as ranges below it left them, of each service in the order they were made', async () => {
    const tenant = suite.fresh('tenant')
    const row = (position: number, number: number, template: string) => ({
      day: DAY_MS,
      partition: 3,
      position,
      service: 'epg',
      number,
      pattern: 0xa0 + number,
      template,
      first_seen: 5,
    })
    await insertRows(suite, 'log_patterns', tenant, [row(10, 0, 'took 5'), row(10, 1, 'user a'), row(20, 0, 'took <*>'), row(30, 2, 'late')])
    await insertRows(suite, 'log_patterns', tenant, [
      { ...row(5, 0, 'elsewhere'), partition: 4 },
      { ...row(5, 0, 'of another'), service: 'drm' },
    ])
    const before = async (offset: number) => (await suite.store().ingest.patternsBefore(3, offset)).filter((pattern) => pattern.tenant === tenant)
    const texts = async (offset: number) => (await before(offset)).map(({ service, template }) => `${service} ${Buffer.from(template).toString()}`)
    expect(await texts(30)).toEqual(['drm of another', 'epg took <*>', 'epg user a'])
    expect(await texts(20)).toEqual(['drm of another', 'epg took 5', 'epg user a'])
    expect((await before(31)).at(-1)).toEqual({
      tenant,
      service: 'epg',
      number: 2,
      pattern: '00000000000000a2',
      template: Buffer.from('late'),
      firstSeenMs: 5,
      day: DAY_MS / 86_400_000,
    })
    expect(await texts(0)).toEqual([])
  })

  test('lines are counted by service, pattern and severity, in the window and scope asked for', async () => {
    const tenant = suite.fresh('tenant')
    const row = (minute: number, over: Record<string, string | number>) => ({
      ...KEY,
      minute: DAY_MS + minute * MINUTE_MS,
      service: 'epg',
      severity: 'info',
      pattern: 0xa0,
      lines: 2,
      bytes: 20,
      ...over,
    })
    await insertRows(suite, 'log_minutes', tenant, [
      row(0, {}),
      row(1, {}),
      row(1, { severity: 'error', lines: 1 }),
      row(1, { pattern: 0, service: 'drm' }),
      row(2, { cluster: 'c2' }),
      row(60, {}),
    ])
    const window = { tenant, startMs: DAY_MS, endMs: DAY_MS + 3 * MINUTE_MS }
    const patterns = suite.store().logPatterns
    expect(await patterns.totals(window, 10)).toEqual([
      { service: 'epg', pattern: '00000000000000a0', severity: 'info', lines: 6, bytes: 60 },
      { service: 'drm', pattern: null, severity: 'info', lines: 2, bytes: 20 },
      { service: 'epg', pattern: '00000000000000a0', severity: 'error', lines: 1, bytes: 20 },
    ])
    expect(await patterns.totals(window, 1)).toHaveLength(1)
    expect(await patterns.totals({ ...window, severities: ['error'], service: 'epg', cluster: 'c1', namespace: 'tv', environment: 'prod' }, 10)).toHaveLength(1)
    expect(await patterns.series({ ...window, cluster: 'c1' }, ['00000000000000a0'], MINUTE_MS)).toEqual([
      { pattern: '00000000000000a0', timeMs: DAY_MS, lines: 2 },
      { pattern: '00000000000000a0', timeMs: DAY_MS + MINUTE_MS, lines: 3 },
    ])
    expect(await patterns.totals({ ...window, startMs: 0, endMs: 0 }, 10)).toEqual([])
  })

  test('a template is told as widened last and first seen first, whatever its partition', async () => {
    const tenant = suite.fresh('tenant')
    const row = { day: DAY_MS, partition: 1, position: 9, service: 'epg', number: 0, pattern: 0xbb, template: 'took <*>', first_seen: 9 }
    await insertRows(suite, 'log_patterns', tenant, [row, { ...row, position: 4, template: 'took 5', first_seen: 4 }])
    expect(await suite.store().logPatterns.templates(tenant, ['00000000000000bb', '00000000000000cc'])).toEqual([
      { service: 'epg', pattern: '00000000000000bb', template: 'took <*>', firstSeenMs: 4 },
    ])
  })
}
