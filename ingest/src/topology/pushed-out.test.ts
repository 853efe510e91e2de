import fc from 'fast-check'
import { expect, test } from 'vitest'
import { copyOfPushedOut, countArrivals, createPushedOut, heldMs } from './pushed-out.ts'

const LIMITS = { maxSpansPerPartition: 100, pairWindowMs: 60_000 }

test('what is remembered is bounded by the window, however few rows come and for however long', () => {
  const pushed = createPushedOut()
  for (let second = 0; second < 10_000; second++) countArrivals(pushed, { logTimeMs: second * 1000, rows: second % 100 === 0 ? 1 : 0 }, LIMITS)
  expect(pushed.seconds.length).toBeLessThanOrEqual(61)
  expect(pushed.rows).toBe(pushed.seconds.reduce((sum, { rows }) => sum + rows, 0))
})

test('spans are held back to the second behind which half of the room came, and for the window at most', () => {
  const arrivals = fc.array(fc.record({ stepMs: fc.nat(20_000), rows: fc.nat(60) }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(arrivals, (steps) => {
      const pushed = createPushedOut()
      const came: { second: number; rows: number }[] = []
      let logTimeMs = 1_000_000
      for (const { stepMs, rows } of steps) {
        logTimeMs += stepMs
        countArrivals(pushed, { logTimeMs, rows }, LIMITS)
        came.push({ second: Math.floor(logTimeMs / 1000), rows })
        const behind = (second: number): number => came.reduce((sum, each) => sum + (each.second > second ? each.rows : 0), 0)
        const full = came.findLast(({ second }) => behind(second) >= LIMITS.maxSpansPerPartition / 2)
        const expected = full === undefined ? LIMITS.pairWindowMs : Math.min(LIMITS.pairWindowMs, Math.max(0, logTimeMs - (full.second + 1) * 1000))
        expect(heldMs(pushed, logTimeMs, LIMITS.pairWindowMs)).toBe(expected)
      }
    }),
  )
})

test('a log that is read from the middle on says the same once a window has passed', () => {
  const [whole, later] = [createPushedOut(), createPushedOut()]
  for (let second = 0; second < 200; second++) {
    const came = { logTimeMs: second * 1000, rows: (second * 7) % 5 }
    countArrivals(whole, came, LIMITS)
    if (second >= 100) countArrivals(later, came, LIMITS)
    if (second >= 160) expect(heldMs(later, came.logTimeMs, LIMITS.pairWindowMs)).toBe(heldMs(whole, came.logTimeMs, LIMITS.pairWindowMs))
  }
})

test('what is counted on a copy leaves the original as it was', () => {
  const pushed = createPushedOut()
  countArrivals(pushed, { logTimeMs: 1000, rows: 3 }, LIMITS)
  const before = structuredClone(pushed)
  countArrivals(copyOfPushedOut(pushed), { logTimeMs: 1500, rows: 200 }, LIMITS)
  expect(pushed).toEqual(before)
})
