import { expect, test } from 'vitest'
import { resolveParents } from './parent-ids.ts'

const span = (spanId: string, parentLow = '00000000', parentHigh = '00000000') => ({ spanId, parentLow, parentHigh })

test('a parent is its two halves, or the span of the trace that begins with the first', () => {
  const spans = [
    span('aaaaaaaa00000001'),
    span('bbbbbbbb00000002', 'aaaaaaaa'),
    span('cccccccc00000003', 'dddddddd', '00000009'),
    span('eeeeeeee00000004', 'ffffffff'),
  ]
  expect(resolveParents(spans)).toEqual(['', 'aaaaaaaa00000001', 'dddddddd00000009', ''])
})

test('a span is never its own parent, also when it begins as its parent does', () => {
  expect(resolveParents([span('aaaaaaaa00000001', 'aaaaaaaa')])).toEqual([''])
  expect(resolveParents([span('aaaaaaaa00000001', 'aaaaaaaa'), span('aaaaaaaa00000002')])).toEqual(['aaaaaaaa00000002', ''])
})
