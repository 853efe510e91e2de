import { describe, expect, it } from 'vitest'
import { baselineOf, comparisonOf, under } from './baseline.ts'

const NOW_MS = Date.parse('2026-11-22T12:10:20Z')

describe('a baseline', () => {
  it('of a moving range moves along with it', () => {
    const hour = { from: 'now-1h', to: 'now' }
    expect(baselineOf(hour, 'previous', NOW_MS)).toEqual({ from: 'now-2h', to: 'now-1h', shiftMs: 3_600_000 })
    expect(baselineOf(hour, 'day', NOW_MS)).toEqual({ from: 'now-25h', to: 'now-1d', shiftMs: 86_400_000 })
    expect(baselineOf(hour, 'week', NOW_MS)).toMatchObject({ from: 'now-169h', to: 'now-7d' })
    expect(baselineOf({ from: 'now-7d', to: 'now' }, 'previous', NOW_MS)).toMatchObject({ from: 'now-14d', to: 'now-7d' })
  })

  it('of a fixed range is fixed, and always as long', () => {
    const range = { from: '2026-11-22T11:00:00Z', to: '2026-11-22T11:30:00Z' }
    expect(baselineOf(range, 'previous', NOW_MS)).toEqual({ from: '2026-11-22T10:30:00.000Z', to: '2026-11-22T11:00:00.000Z', shiftMs: 1_800_000 })
    expect(baselineOf(range, '2026-11-15T20:00:00Z', NOW_MS)).toMatchObject({ from: '2026-11-15T20:00:00.000Z', to: '2026-11-15T20:30:00.000Z' })
  })

  it('of a range that is fixed at its start alone falls on whole minutes, so that the question stays the same within one', () => {
    const range = { from: '2026-11-22T12:00:00Z', to: 'now' }
    expect(baselineOf(range, 'day', NOW_MS)).toEqual(baselineOf(range, 'day', NOW_MS + 20_000))
  })

  it('of nothing readable is none', () => {
    expect(['', 'off', 'never'].map((vs) => baselineOf({ from: 'now-1h', to: 'now' }, vs, NOW_MS))).toEqual([null, null, null])
    expect(baselineOf({ from: 'x', to: 'now' }, 'week', NOW_MS)).toBeNull()
    expect(['off', 'week', '2026-11-15T20:00:00Z', 'x'].map(comparisonOf)).toEqual(['off', 'week', 'at', 'off'])
  })
})

describe('a baseline under a series', () => {
  it('stands at the moved times, with gaps where it has none', () => {
    expect(under([1000, 1060, 1120, 1180], [400, 460, 580], [1, 2, 4], 600)).toEqual([1, 2, null, 4])
    expect(under([1000, 1060], [], [], 600)).toEqual([null, null])
    expect(under([60, 120], [0, 60], [null, 7], 60)).toEqual([null, 7])
  })
})
