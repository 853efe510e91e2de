import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseTime, parseWindow, seriesSteps, windowAnswerOf } from './window.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 20, 10, 30)

describe('a time', () => {
  it.each([
    ['now', NOW_MS],
    ['now-15m', NOW_MS - 15 * 60_000],
    ['now-1h', NOW_MS - 3_600_000],
    ['now-2d', NOW_MS - 2 * 86_400_000],
    ['1764000000000', 1_764_000_000_000],
    ['2026-11-22T20:10:00Z', Date.UTC(2026, 10, 22, 20, 10)],
    ['2026-11-23T04:10:00.250+08:00', Date.UTC(2026, 10, 22, 20, 10, 0, 250)],
    ['2026-11-22t20:10:00z', Date.UTC(2026, 10, 22, 20, 10)],
  ])('%s is read', (text, timeMs) => {
    expect(parseTime('start', text, NOW_MS)).toBe(timeMs)
  })

  it.each([
    '',
    'yesterday',
    'now+1h',
    'now-1y',
    'now-99999999m',
    '2026-11-22',
    '2026-11-22T20:10:00',
    '2026-13-40T00:00:00Z',
    '-5',
    '1e12',
    "now'; DROP TABLE spans --",
    '99999999999999',
  ])('%j is refused, and the parameter is named', (text) => {
    expect(() => parseTime('start', text, NOW_MS)).toThrow(/^start: is not a time/)
  })
})

describe('a window', () => {
  it('is the last hour when nothing is given', () => {
    expect(windowAnswerOf(parseWindow({}, NOW_MS))).toEqual({ start: '2026-11-22T19:10:00.000Z', end: '2026-11-22T20:11:00.000Z' })
  })

  it('is the hour before its end when only that is given', () => {
    expect(windowAnswerOf(parseWindow({ end: '2026-11-20T10:00:00Z' }, NOW_MS))).toEqual({ start: '2026-11-20T09:00:00.000Z', end: '2026-11-20T10:00:00.000Z' })
  })

  it('starts and ends at whole minutes and holds what was asked for, never a minute more on a side', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: NOW_MS }), fc.integer({ min: 1, max: 10_000_000 }), (start, length) => {
        const window = parseWindow({ start: String(start), end: String(start + length) }, NOW_MS)
        expect(window.startMs % 60_000).toBe(0)
        expect(window.endMs % 60_000).toBe(0)
        expect(window.startMs).toBeLessThanOrEqual(start)
        expect(window.endMs).toBeGreaterThanOrEqual(start + length)
        expect(start - window.startMs).toBeLessThan(60_000)
        expect(window.endMs - start - length).toBeLessThan(60_000)
      }),
    )
  })

  it.each([{ start: 'now', end: 'now-1h' }, { start: 'now', end: 'now' }, { start: '2027-01-01T00:00:00Z' }])(
    'that ends before it starts is refused: %j',
    (parameters) => {
      expect(() => parseWindow(parameters, NOW_MS)).toThrow(/^start: must be before/)
    },
  )
})

describe('a series', () => {
  it('has at most its points, at whole steps from the epoch, covering the window', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), fc.integer({ min: 0, max: 20_000_000 }), (minutes, startMinute) => {
        const window = { startMs: startMinute * 60_000, endMs: (startMinute + minutes) * 60_000 }
        const { stepSeconds, timesMs } = seriesSteps(window, 300)
        expect(timesMs.length).toBeLessThanOrEqual(300)
        expect(stepSeconds % 60).toBe(0)
        expect(timesMs.every((timeMs) => timeMs % (stepSeconds * 1000) === 0)).toBe(true)
        expect(timesMs[0]).toBeLessThanOrEqual(window.startMs)
        expect((timesMs.at(-1) ?? 0) + stepSeconds * 1000).toBeGreaterThanOrEqual(window.endMs)
      }),
    )
  })

  it('of an hour has a point a minute', () => {
    expect(seriesSteps({ startMs: 0, endMs: 3_600_000 }, 300)).toMatchObject({ stepSeconds: 60, timesMs: { length: 60 } })
  })
})
