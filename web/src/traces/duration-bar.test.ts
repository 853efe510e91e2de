import { expect, it } from 'vitest'
import { fullBarMs } from './duration-bar.ts'

it('fills duration bars at the 95th percentile, whatever one outlier lasted', () => {
  const usual = Array.from({ length: 99 }, (_, i) => i + 1)
  expect(fullBarMs([...usual, 60_000])).toBe(95)
  expect(fullBarMs([7])).toBe(7)
  expect(fullBarMs([])).toBe(0)
})
