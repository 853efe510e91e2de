import type { ChangeEvent } from '@skein/schemas/api/events'
import type { StatusAnswer } from '@skein/schemas/api/status'
import { describe, expect, it } from 'vitest'
import { localInputOf, timeOfInput } from './local-input.ts'
import { markersOf } from './markers.ts'
import { isCanvas, normalPath, PAGES } from './pages.ts'
import { healthOf, isFresh } from './platform-status.ts'
import { languageOf } from './preferred-language.ts'
import { withPresent } from './with-present.ts'

const status: Parameters<typeof healthOf>[0] = {
  store: { ok: true, error: null, since: null },
  log: { ok: true, error: null, lagRecords: 0 },
  droppedLastHour: 0,
  behindMs: 1400,
}
const health = (over: Partial<StatusAnswer>) => healthOf({ ...status, ...over })

describe('the platform', () => {
  it('is well only while it takes, keeps and shows in time', () => {
    expect(health({})).toBe('ok')
    expect(health({ behindMs: null })).toBe('unknown')
    expect(health({ behindMs: 20_000 })).toBe('degraded')
    expect(health({ behindMs: 61_000 })).toBe('bad')
    expect(health({ droppedLastHour: 1 })).toBe('degraded')
    expect(health({ store: { ok: false, error: 'x', since: null } })).toBe('bad')
    expect(health({ log: { ok: false, error: 'x', lagRecords: null } })).toBe('bad')
  })
})

describe('live', () => {
  it('means that data came in the last ten seconds', () => {
    expect(isFresh({ newestData: '2026-11-22T12:10:00Z', now: '2026-11-22T12:10:09Z' })).toBe(true)
    expect(isFresh({ newestData: '2026-11-22T12:10:00Z', now: '2026-11-22T12:10:10Z' })).toBe(false)
    expect(isFresh({ newestData: null, now: '2026-11-22T12:10:10Z' })).toBe(false)
  })
})

describe('the pages', () => {
  it('are reached by one letter each', () => {
    expect(new Set(PAGES.map((page) => page.key)).size).toBe(PAGES.length)
  })

  it('are known by their path however the file is served', () => {
    expect(['/', '/index.html', '/map', '/map/', '/map.html', '/map/index.html'].map(normalPath)).toEqual(['/', '/', '/map', '/map', '/map', '/map'])
    expect(isCanvas('/trace.html')).toBe(true)
    expect(isCanvas('/traces')).toBe(false)
  })
})

describe('what a reader enters', () => {
  it('reads back as the same moment in either zone', () => {
    const timeMs = Date.parse('2026-11-22T12:10:05Z')
    for (const utc of [true, false]) expect(Date.parse(timeOfInput(localInputOf(timeMs, utc), utc))).toBe(timeMs)
  })
})

describe('choices', () => {
  it('keep what the address names even when no telemetry does', () => {
    expect(withPresent(['prod', ''], '')).toEqual(['prod'])
    expect(withPresent(['prod'], 'gone')).toEqual(['prod', 'gone'])
    expect(withPresent(['prod'], 'prod')).toEqual(['prod'])
  })

  it('of language follow the first subtag', () => {
    expect(['zh', 'zh-CN', 'zh-Hant-TW', 'en-GB', 'de', 'zhx'].map(languageOf)).toEqual(['zh', 'zh', 'zh', 'en', 'en', 'en'])
  })
})

describe('the markers of changes', () => {
  const event = (more: Partial<ChangeEvent>): ChangeEvent => ({
    id: 'a',
    time: '2026-11-22T12:10:00Z',
    kind: 'deploy',
    source: 'posted',
    title: 'Release of the evening',
    environment: '',
    cluster: '',
    namespace: '',
    service: '',
    fromVersion: '',
    toVersion: '',
    link: '',
    attributes: {},
    instanceShare: null,
    ...more,
  })

  it('name a release by its service and version, anything else by its title, cut where it is long', () => {
    const labels = markersOf([event({ service: 'drm', toVersion: '4.12.3' }), event({}), event({ title: 'cdn-b moved its shield from bj-2 to tj-1' })]).map(
      ({ label }) => label,
    )
    expect(labels).toEqual(['drm 4.12.3', 'Release of the evening', 'cdn-b moved its shield from…'])
  })

  it('are never so many that they hide the chart: the newest stay', () => {
    const markers = markersOf(Array.from({ length: 100 }, (_, index) => event({ id: String(index) })))
    expect(markers.map(({ id }) => id)).toEqual(Array.from({ length: 40 }, (_, index) => String(60 + index)))
  })
})
