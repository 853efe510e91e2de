import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addUp, windowParts } from './window-parts.ts'

test('the parts of a window cover each of its minutes once and nothing else, in whole steps', () => {
  const time = fc.integer({ min: 0, max: 200 * 60_000 })
  fc.assert(
    fc.property(time, time, (startMs, endMs) => {
      const parts = windowParts({ tenant: 't', startMs, endMs })
      const minutes = parts.flatMap(({ ranges, stepSeconds }) =>
        ranges.flatMap(([from, to]) => {
          expect([from % stepSeconds, to % stepSeconds, from < to]).toEqual([0, 0, true])
          return Array.from({ length: (to - from) / 60 }, (_, at) => from / 60 + at)
        }),
      )
      const expected: number[] = []
      for (let minute = Math.floor(startMs / 60_000); minute < Math.ceil(endMs / 60_000); minute++) expected.push(minute)
      expect(minutes.sort((a, b) => a - b)).toEqual(expected)
    }),
  )
})

test('rows of one key are added up, in the order of their first', () => {
  const rows = [
    { key: 'b', n: 1 },
    { key: 'a', n: 2 },
    { key: 'b', n: 3 },
  ]
  expect(
    addUp(
      rows,
      (row) => row.key,
      (a, b) => ({ key: a.key, n: a.n + b.n }),
    ),
  ).toEqual([
    { key: 'b', n: 4 },
    { key: 'a', n: 2 },
  ])
})
