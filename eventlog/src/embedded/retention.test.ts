import fc from 'fast-check'
import { expect, test } from 'vitest'
import { removableVolumes } from './retention.ts'

const sealed = [
  { end: [10, 5], newestMs: 1000 },
  { end: [20, 5], newestMs: 2000 },
  { end: [30, 9], newestMs: 3000 },
]

test('without a known group nothing may go', () => {
  expect(removableVolumes(sealed, [], 0)).toBe(0)
})

test('the slowest partition of the slowest group decides', () => {
  const fast = { committed: [30, 9], doneMs: 9000 }
  expect(removableVolumes(sealed, [fast], 0)).toBe(3)
  expect(removableVolumes(sealed, [fast, { committed: [29, 9], doneMs: 9000 }], 0)).toBe(2)
  expect(removableVolumes(sealed, [fast, { committed: [30, 4], doneMs: 9000 }], 0)).toBe(0)
  expect(removableVolumes(sealed, [fast, { committed: [30, null], doneMs: 9000 }], 0)).toBe(0)
})

test('log time within the margin of what is done stays', () => {
  expect(removableVolumes(sealed, [{ committed: [30, 9], doneMs: 3500 }], 1500)).toBe(2)
  expect(removableVolumes(sealed, [{ committed: [30, 9], doneMs: 2499 }], 1500)).toBe(0)
})

test('no volume that holds a record at or past a commit ever goes', () => {
  const volumes = fc.array(fc.record({ grow: fc.array(fc.nat(5), { minLength: 3, maxLength: 3 }), newestMs: fc.nat(100) }), { maxLength: 8 })
  const group = fc.record({ committed: fc.array(fc.option(fc.nat(40)), { minLength: 3, maxLength: 3 }), doneMs: fc.nat(200) })
  fc.assert(
    fc.property(volumes, fc.array(group, { maxLength: 3 }), fc.nat(50), (spans, groups, marginMs) => {
      const end = [0, 0, 0]
      const built = spans.map(({ grow, newestMs }) => {
        for (const [partition, by] of grow.entries()) end[partition] = (end[partition] as number) + by
        return { end: [...end], newestMs }
      })
      const kept = built[removableVolumes(built, groups, marginMs) - 1]
      if (kept === undefined) return
      for (const { committed, doneMs } of groups) {
        expect(doneMs - kept.newestMs).toBeGreaterThanOrEqual(marginMs)
        for (const [partition, next] of committed.entries()) expect(next ?? 0).toBeGreaterThanOrEqual(kept.end[partition] as number)
      }
    }),
  )
})
