import { expect, test } from 'vitest'
import { forgetGone } from './row-sizes.ts'

test('sizes of lines that are there stay, and there are never many of others', () => {
  const sizes = new Map<unknown, number>()
  for (let first = 0; first < 20_000; first += 50) {
    const lines = Array.from({ length: 300 }, (_, at) => ({ id: String(first + at) }))
    for (const { id } of lines) sizes.set(id, 48)
    forgetGone(sizes, lines)
    expect(sizes.size).toBeLessThanOrEqual(1300)
    expect(lines.every(({ id }) => sizes.has(id))).toBe(true)
  }
})
