import { describe, expect, it } from 'vitest'
import { perSecond, ratedWindow } from './rated-window.ts'

const HOUR = { start: '2026-11-22T11:10:00Z', end: '2026-11-22T12:11:00Z' }
const NOW_MS = Date.parse('2026-11-22T12:10:30Z')

describe('a rate', () => {
  it('is divided by the part of the window that has data, and says since when', () => {
    const sinceMs = NOW_MS - 60_000
    expect(ratedWindow(HOUR, sinceMs, NOW_MS)).toEqual({ seconds: 60, sinceMs })
  })

  it('is divided by the window up to now where data fills it', () => {
    expect(ratedWindow(HOUR, Date.parse(HOUR.start) + 800, NOW_MS)).toEqual({ seconds: 3630, sinceMs: null })
    expect(ratedWindow(HOUR, null, NOW_MS).seconds).toBe(3630)
  })

  it('of a window that is over is divided by all of it', () => {
    expect(ratedWindow(HOUR, null, NOW_MS + 86_400_000).seconds).toBe(3660)
  })

  it('never trusts a clock of the browser that is wrong', () => {
    expect(ratedWindow(HOUR, null, 0).seconds).toBe(3600)
  })

  it('is not known while its window is not', () => {
    expect(perSecond(120, 60)).toBe(2)
    expect(perSecond(120, 0)).toBeNull()
  })

  it('of the first moment is not divided by next to nothing', () => {
    expect(ratedWindow(HOUR, NOW_MS - 10, NOW_MS).seconds).toBe(5)
  })
})
