import { expect, test } from 'vitest'
import { EVENING_MS, primeTimeShare } from './prime-time.ts'

const shares = Array.from({ length: 601 }, (_, second) => primeTimeShare((second / 600) * (EVENING_MS - 1)))

test('an evening rises once to the full rate, falls, and never stands still', () => {
  const top = shares.indexOf(Math.max(...shares))
  expect(shares[top]).toBeCloseTo(1, 3)
  shares.forEach((share, at) => {
    if (at === 0) return
    if (at <= top) expect(share).toBeGreaterThanOrEqual(shares[at - 1] ?? 0)
    else expect(share).toBeLessThanOrEqual(shares[at - 1] ?? 1)
  })
  expect(Math.min(...shares)).toBeGreaterThan(0.2)
})

test('the next evening is as the one before', () => {
  expect(primeTimeShare(EVENING_MS + 1234)).toBe(primeTimeShare(1234))
})
