import { expect, test } from 'vitest'
import { uint64 } from './fragment.ts'

test('a number of any size becomes a whole one that the engine can read', () => {
  expect([0, 12, 1e18, 1e21, 1e300, Infinity].map((value) => uint64(value).value)).toEqual([
    '0',
    '12',
    '1000000000000000000',
    ...Array.from({ length: 3 }, () => '9223372036854775000'),
  ])
  for (const value of [-1, 0.5, Number.NaN, '1e3', '']) expect(() => uint64(value)).toThrow(RangeError)
})
