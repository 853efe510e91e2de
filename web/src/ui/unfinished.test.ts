import { expect, it } from 'vitest'
import { lastKnown, withoutUnfinished } from './unfinished.ts'

it('a minute that is not over is a gap, not a fall', () => {
  const times = [0, 60_000, 120_000]
  expect(withoutUnfinished(times, [60, 58, 9], 130_000)).toEqual([60, 58, null])
  expect(withoutUnfinished(times, [60, 58, 57], 180_000)).toEqual([60, 58, 57])
  expect(withoutUnfinished([0, 300_000], [60, 58], 400_000)).toEqual([60, null])
})

it('a legend speaks of the newest value that is known', () => {
  expect(
    lastKnown([
      [1, 2, null],
      [1, null, null],
    ]),
  ).toBe(1)
  expect(lastKnown([[null]])).toBe(0)
  expect(lastKnown([])).toBe(0)
})
