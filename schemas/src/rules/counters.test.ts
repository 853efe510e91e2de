import { expect, test } from 'vitest'
import { createCounters } from './counters.ts'

const at = (logTimeMs: number, lengthMs = 1000, enough = 0) => ({ lengthMs, logTimeMs, enough })

test('a window begins at a multiple of its length and counts each key of each action for itself', () => {
  const counters = createCounters()
  expect(['a', 'a', 'b'].map((key) => counters.next('r1', key, at(1999)))).toEqual([0, 1, 0])
  expect(counters.next('r2', 'a', at(1999))).toBe(0)
  expect(counters.next('r1', 'a', at(2000))).toBe(0)
  expect(counters.next('r1', 'a', at(2000, 60_000))).toBe(0)
})

test('keys beyond what is held count together, those of one action never with those of another', () => {
  const counters = createCounters()
  for (let key = 0; key < 20_000; key++) counters.next('greedy', String(key), at(5000))
  expect(['x', 'y', 'z'].map((key) => counters.next('greedy', key, at(5000)))).toEqual([0, 1, 2])
  expect(['x', 'y'].map((key) => counters.next('other', key, at(5000)))).toEqual([0, 1])
  expect(counters.next('greedy', '7', at(5000))).toBe(1)
})
