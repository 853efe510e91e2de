import type { BottleneckContributor, BottleneckEntry } from '@skein/schemas/api/bottlenecks'
import { describe, expect, it } from 'vitest'
import { isAlarming, madeUpOf, rampOf, restMs } from './matrix.ts'
import { releasePairs } from './release-pairs.ts'
import { comparedWith, queryOf } from './url.ts'
import type { BottlenecksState } from './url.ts'
import { gainsOf, percentToBaseline } from './what-if.ts'

const standard: BottlenecksState = {
  service: '',
  operation: '',
  through: '',
  band: 'p99',
  base: 'auto',
  release: '',
  version: '',
  baseVersion: '',
  part: '',
  faster: 20,
}
const node = { id: '0'.repeat(16), name: 'drm', kind: 'service' as const }
const part: BottleneckContributor = {
  ...{ id: 'a', node, operation: 'POST', part: 'network', edge: null, traces: 10, share: 0.5, selfMs: 800, p50Ms: 1, p95Ms: 2, p99Ms: 3 },
  ...{ baselineMs: 80, changeMs: 720, atP50Ms: 100, atP95Ms: 400, atP99Ms: 900, errors: 0, retries: 0, exemplars: [] },
}
const entry: BottleneckEntry = {
  ...{
    service: 'gateway',
    operation: 'POST',
    environment: '',
    cluster: '',
    namespace: '',
    traces: 100,
    errors: 0,
    p50Ms: 200,
    p95Ms: 500,
    p99Ms: 1000,
    totalMs: 1,
  },
}

describe('the address', () => {
  it('compares with what the view compares with, and with the fastest half when that is nothing', () => {
    expect(comparedWith(standard, true)).toBe('window')
    expect(comparedWith(standard, false)).toBe('fast')
    expect(comparedWith({ base: 'fast', baseVersion: '' }, true)).toBe('fast')
    expect(comparedWith({ base: 'release', baseVersion: '' }, true)).toBe('fast')
    expect(comparedWith({ base: 'window', baseVersion: '' }, false)).toBe('fast')
  })

  it('becomes the question, without what says nothing', () => {
    expect(queryOf(standard, null)).toEqual({ band: 'p99', baseline: 'fast' })
    expect(queryOf({ ...standard, service: 'a', operation: 'b' }, { from: 'now-2h', to: 'now-1h' })).toEqual({
      ...{ service: 'a', operation: 'b', band: 'p99', baseline: 'window', baseStart: 'now-2h', baseEnd: 'now-1h' },
    })
    expect(queryOf({ ...standard, base: 'release', baseVersion: '1', release: 'drm' }, null)).toEqual({
      band: 'p99',
      baseline: 'release',
      baseVersion: '1',
      release: 'drm',
    })
  })
})

describe('releases', () => {
  it('are each compared with the newest of their service; one alone with nothing', () => {
    const versions = [
      { service: 'drm', version: '4.9.0', traces: 900 },
      { service: 'drm', version: '4.12.3', traces: 10 },
      { service: 'drm', version: '4.10.1', traces: 5 },
      { service: 'epg', version: '1', traces: 5 },
    ]
    expect(releasePairs(versions)).toEqual([
      { release: 'drm', version: '4.12.3', baseVersion: '4.10.1' },
      { release: 'drm', version: '4.12.3', baseVersion: '4.9.0' },
    ])
  })
})

describe('what if', () => {
  it('is at most what the contributor takes, in traces about as long as each percentile', () => {
    expect(gainsOf(entry, part, 50)).toEqual([
      { name: 'p50', beforeMs: 200, afterMs: 150, share: 0.25 },
      { name: 'p95', beforeMs: 500, afterMs: 300, share: 0.4 },
      { name: 'p99', beforeMs: 1000, afterMs: 550, share: 0.45 },
    ])
    expect(gainsOf(entry, { ...part, atP99Ms: 5000 }, 100).at(-1)).toMatchObject({ afterMs: 0, share: 1 })
    expect(gainsOf({ ...entry, p50Ms: null }, part, 50)).toHaveLength(2)
  })

  it('as it was is offered only for what got slower', () => {
    expect(percentToBaseline(part)).toBe(90)
    expect(percentToBaseline({ selfMs: 10, baselineMs: 20 })).toBeNull()
    expect(percentToBaseline({ selfMs: 10, baselineMs: null })).toBeNull()
  })
})

describe('the matrix', () => {
  const band = { name: 'p99+', fromMs: 0, toMs: null, traces: 30, meanMs: 1000, selfMs: { a: 800 } }

  it('hides no time: what no row shows is the rest', () => {
    expect(restMs(band, [part])).toBe(200)
    expect(Object.values(madeUpOf(band, [part])).reduce((sum, ms) => sum + ms, 0)).toBe(1000)
    expect(madeUpOf(band, [part])).toMatchObject({ network: 800, service: 200 })
  })

  it('grows darker with time, and alarms only what is large beside the trace', () => {
    expect([0, 12, 50, 150, 400, 800, 4000].map(rampOf)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(isAlarming(part, 1000)).toBe(true)
    expect(isAlarming({ changeMs: 20 }, 1000)).toBe(false)
    expect(isAlarming({ changeMs: null }, 1)).toBe(false)
  })
})
