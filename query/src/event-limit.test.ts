import { expect, it } from 'vitest'
import { createEventLimit } from './event-limit.ts'

it('an event is said ten times a minute, and the next minute says how often it was not', () => {
  let nowMs = 0
  const limit = createEventLimit(() => nowMs)
  expect(Array.from({ length: 10 }, () => limit('away'))).toEqual(Array(10).fill(0))
  expect([limit('away'), limit('away'), limit('other')]).toEqual([null, null, 0])
  nowMs = 60_000
  expect([limit('away'), limit('away')]).toEqual([2, 0])
})
