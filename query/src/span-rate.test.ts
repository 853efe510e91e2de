import { expect, test } from 'vitest'
import { rateOfLastMinute } from './span-rate.ts'

const MINUTE_MS = 60_000
const START_MS = 1_764_000_000_000 - (1_764_000_000_000 % MINUTE_MS)
const minutes = (...counts: number[]) => counts.map((records, at) => ({ minuteMs: START_MS + at * MINUTE_MS, records }))

test('an even stream has one rate at every moment of a minute', () => {
  for (const second of [0, 1, 30, 59]) expect(rateOfLastMinute(minutes(600, second * 10), START_MS + MINUTE_MS + second * 1000)).toBeCloseTo(10)
})

test('a stream that began in this minute has a rate at once, and one that ended fades within the next', () => {
  expect(rateOfLastMinute(minutes(0, 50), START_MS + MINUTE_MS + 5000)).toBe(10)
  expect(rateOfLastMinute(minutes(0, 7), START_MS + MINUTE_MS + 10)).toBe(7)
  expect(rateOfLastMinute(minutes(600), START_MS + MINUTE_MS + 30_000)).toBe(5)
  expect(rateOfLastMinute(minutes(600), START_MS + 2 * MINUTE_MS)).toBe(0)
  expect(rateOfLastMinute([], START_MS)).toBe(0)
})

test('kinds of records in one minute count together', () => {
  expect(rateOfLastMinute([...minutes(60), ...minutes(60)], START_MS + MINUTE_MS)).toBe(2)
})
