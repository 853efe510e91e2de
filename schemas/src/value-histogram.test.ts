import fc from 'fast-check'
import { expect, test } from 'vitest'
import { histogramOf } from './histogram.ts'
import { bucketValue, valueBucket, valueQuantiles } from './value-histogram.ts'

const value = fc.oneof(fc.double({ min: -1e12, max: 1e12, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true }), fc.integer({ min: -1000, max: 1000 }))

test('buckets are in the order of their values, and tell a value to 1.1 %', () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      if (a <= b) expect(valueBucket(a)).toBeLessThanOrEqual(valueBucket(b))
      if (Math.abs(a) > 1e-8) expect(Math.abs(bucketValue(valueBucket(a)) / a - 1)).toBeLessThan(0.0111)
      else expect(Math.abs(bucketValue(valueBucket(a)))).toBeLessThan(1.2e-8)
    }),
  )
  expect([valueBucket(0), valueBucket(1e-12), valueBucket(-1e-12), bucketValue(0)]).toEqual([0, 0, 0, 0])
  expect(valueBucket(-5)).toBe(-valueBucket(5))
  expect(Math.abs(valueBucket(1e300))).toBeLessThan(32_768)
})

test('quantiles are those of the values in their order, also below 0', () => {
  const values = [-100, -1, 0, 1, 10]
  const histogram = histogramOf(values.map((each) => [valueBucket(each), 1] as const))
  const found = valueQuantiles(histogram, [0.2, 0.5, 1])
  expect(found?.map(Math.round)).toEqual([-100, 0, 10])
  expect(valueQuantiles(histogramOf([]), [0.5])).toBeNull()
})
