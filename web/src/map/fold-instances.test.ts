import type { EdgeInstance } from '@skein/schemas/api/topology'
import { expect, it } from 'vitest'
import { foldInstances, worstFirst } from './fold-instances.ts'

/** Shares as of 100 calls. */
const instances = (calls: readonly number[]): EdgeInstance[] =>
  calls.map((count, i) => ({ side: 'target', instance: `pod-${i}`, calls: count, errors: i, p95Ms: 1, share: count / 100 }))

it('instances that are not shown are one row, whether the answer tells them or only how many they are', () => {
  const told = instances([40, 30, 10, 5])
  const { shown, rest, instances: count } = foldInstances(told, { instances: 98, calls: 15, errors: 4 }, 2)
  expect(shown.map(({ instance }) => instance)).toEqual(['pod-0', 'pod-1'])
  expect(rest).toEqual({ instances: 100, calls: 30, share: expect.closeTo(0.3) })
  expect(count).toBe(102)
})

it('those beyond the limit of the answer are told even where all that it tells are shown', () => {
  expect(foldInstances(instances([60, 30]), { instances: 3, calls: 10, errors: 0 }, 12).rest).toMatchObject({ instances: 3, calls: 10 })
})

it('where all are shown there is no such row', () => {
  expect(foldInstances(instances([60, 40]), null, 2)).toMatchObject({ rest: null, instances: 2 })
})

it('a list that is cut begins with those that fail, then with the busiest', () => {
  const rows = [
    { instance: 'c', calls: 5, errors: 0 },
    { instance: 'a', calls: 5, errors: 0 },
    { instance: 'd', calls: 9, errors: 0 },
    { instance: 'z', calls: 1, errors: 1 },
  ]
  expect(worstFirst(rows).map(({ instance }) => instance)).toEqual(['z', 'd', 'a', 'c'])
})
