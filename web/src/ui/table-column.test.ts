import { expect, it } from 'vitest'
import { compareValues } from './table-column.ts'

const sorted = (values: (string | number | null)[], desc: boolean) => values.toSorted((a, b) => compareValues(a, b, desc))

it('what is not known comes last in both directions', () => {
  expect(sorted([null, 2, 1], false)).toEqual([1, 2, null])
  expect(sorted([null, 2, 1], true)).toEqual([2, 1, null])
})

it('numbers inside names count as numbers', () => {
  expect(sorted(['pod-10', 'pod-9', 'pod-1'], false)).toEqual(['pod-1', 'pod-9', 'pod-10'])
})
