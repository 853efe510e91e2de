import { expect, test } from 'vitest'
import { clearTuples, createTupleIndex, findTuple, tupleBytes, tupleId } from './tuple-index.ts'

function fill(index: ReturnType<typeof createTupleIndex>, count: number): void {
  for (let i = 0; i < count; i++) tupleId(index, i, -i, 7)
}

test('what was forgotten is not found again, whether its memory is kept or not', () => {
  for (const count of [10, 100_000]) {
    const index = createTupleIndex()
    fill(index, count)
    clearTuples(index)
    expect([index.size, findTuple(index, 3, -3, 7)]).toEqual([0, -1])
    expect(tupleId(index, 3, -3, 7)).toBe(0)
  }
})

test('large memory is kept for as long as it is used, and goes once it is not', () => {
  const index = createTupleIndex()
  fill(index, 100_000)
  const bytes = tupleBytes(index)
  clearTuples(index)
  expect(tupleBytes(index)).toBe(bytes)
  fill(index, 100)
  clearTuples(index)
  expect(tupleBytes(index)).toBeLessThan(bytes / 100)
})
