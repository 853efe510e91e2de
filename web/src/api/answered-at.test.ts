import { expect, it } from 'vitest'
import { answeredAtMs } from './answered-at.ts'

it('an answer is as old as it says, and one that stands in is of this minute', () => {
  expect(answeredAtMs({ dataUpdatedAt: 42 }, 100_000)).toBe(42)
  expect(answeredAtMs({ dataUpdatedAt: 0 }, 119_999)).toBe(60_000)
})
