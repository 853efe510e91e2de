import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { absolute, DEFAULT_RANGE, isRelative, moveRange, parseTime, readable, RELATIVE_RANGES, resolveRange, shorterFrom } from './time-range.ts'

const NOW_MS = Date.parse('2026-11-22T12:10:00Z')

describe('a time range', () => {
  it('reads relative times, Unix ms and RFC 3339, and nothing else', () => {
    expect(parseTime('now', NOW_MS)).toBe(NOW_MS)
    expect(parseTime('now-15m', NOW_MS)).toBe(NOW_MS - 900_000)
    expect(parseTime('now-7d', NOW_MS)).toBe(NOW_MS - 7 * 86_400_000)
    expect(parseTime(String(NOW_MS), 0)).toBe(NOW_MS)
    expect(parseTime('2026-11-22T12:10:00Z', 0)).toBe(NOW_MS)
    for (const text of ['', 'yesterday', 'now+1h', 'now-1y', 'now-']) expect(parseTime(text, NOW_MS)).toBeNull()
  })

  it('falls back to the last hour when unreadable or inverted', () => {
    const lastHour = { startMs: NOW_MS - 3_600_000, endMs: NOW_MS }
    expect(resolveRange({ from: 'x', to: 'now' }, NOW_MS)).toEqual(lastHour)
    expect(resolveRange({ from: 'now', to: 'now-1h' }, NOW_MS)).toEqual(lastHour)
    expect(resolveRange(DEFAULT_RANGE, NOW_MS)).toEqual(lastHour)
  })

  it('is asked of the API as it is shown', () => {
    expect(readable({ from: 'yesterday', to: 'now' })).toEqual(DEFAULT_RANGE)
    expect(readable({ from: 'now-15m', to: 'never' })).toEqual(DEFAULT_RANGE)
    expect(readable({ from: 'now-15m', to: 'now' })).toEqual({ from: 'now-15m', to: 'now' })
    for (const [from, to] of [
      ['now', 'now-1h'],
      ['2026-11-26T00:00:00Z', '2026-11-25T00:00:00Z'],
    ] as const)
      expect(readable({ from, to })).toEqual(DEFAULT_RANGE)
    expect(readable({ from: '2026-11-25T00:00:00Z', to: 'now' })).toEqual({ from: '2026-11-25T00:00:00Z', to: 'now' })
  })

  it('moved back and forward again is where it was, and relative again at now', () => {
    const back = moveRange(DEFAULT_RANGE, -1, NOW_MS)
    expect(back).toEqual({ from: '2026-11-22T10:40:00.000Z', to: '2026-11-22T11:40:00.000Z' })
    expect(moveRange(back, 1, NOW_MS + 5000)).toEqual(DEFAULT_RANGE)
  })

  it('never moves beyond now and never changes its length', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 60_000, max: 86_400_000 }),
        fc.integer({ min: 0, max: 86_400_000 }),
        fc.constantFrom(-1 as const, 1 as const),
        (lengthMs, agoMs, direction) => {
          const moved = resolveRange(moveRange(absolute(NOW_MS - agoMs - lengthMs, NOW_MS - agoMs), direction, NOW_MS), NOW_MS)
          expect(moved.endMs).toBeLessThanOrEqual(NOW_MS)
          expect(Math.abs(moved.endMs - moved.startMs - lengthMs)).toBeLessThan(1001)
        },
      ),
    )
  })

  it('offers only ranges the API reads', () => {
    for (const from of RELATIVE_RANGES) expect(isRelative({ from, to: 'now' }) && parseTime(from, NOW_MS) !== null).toBe(true)
  })

  it.each([
    [60_000, 'now-5m'],
    [5 * 60_000, 'now-5m'],
    [5 * 60_000 + 1, 'now-15m'],
    [20 * 60_000, null],
    [2 * 3_600_000, null],
  ])('data that began %i ms ago fill %s of the last hour', (agoMs, from) => {
    expect(shorterFrom(DEFAULT_RANGE, NOW_MS - agoMs, NOW_MS)).toBe(from)
  })

  it('of a window in the past there is no shorter one', () => {
    expect(shorterFrom(absolute(NOW_MS - 3_600_000, NOW_MS), NOW_MS - 60_000, NOW_MS)).toBeNull()
  })
})
