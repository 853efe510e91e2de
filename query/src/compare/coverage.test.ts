import { expect, it } from 'vitest'
import { coveredMinutes } from './coverage.ts'

const MINUTE_MS = 60_000
const WINDOW = { startMs: 600 * MINUTE_MS, endMs: 660 * MINUTE_MS }
const seen = (first: number, last: number) => [{ firstSeenMs: first * MINUTE_MS + 1, lastSeenMs: last * MINUTE_MS - 1 }]
const minutes = (edges: ReturnType<typeof seen>, isBase = false, now = 700) => coveredMinutes(edges, WINDOW, { nowMs: now * MINUTE_MS, isBase })

it('is all of a window that has calls from its start to its end, and of one that has none', () => {
  expect(minutes([...seen(600, 630), ...seen(640, 660)])).toBe(60)
  expect(minutes([])).toBe(60)
})

it('begins with the first call, and never before the window', () => {
  expect(minutes(seen(625, 660))).toBe(35)
  expect(minutes(seen(500, 660))).toBe(60)
})

it('ends now, when the window ends later', () => {
  expect(minutes(seen(600, 640), false, 640.5)).toBe(40.5)
})

it('counts an end without calls as an outage, but not of a base', () => {
  expect(minutes(seen(600, 620))).toBe(60)
  expect(minutes(seen(600, 620), true)).toBe(20)
  expect(minutes(seen(600, 600), true)).toBe(1)
})
