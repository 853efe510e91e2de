import { describe, expect, it } from 'vitest'
import { isLonely, upperBound } from './chart-options.ts'
import { sparkPath } from './sparkline.tsx'

describe('a chart', () => {
  it('starts at zero and has an axis even without values', () => {
    expect(upperBound(null)).toBe(1)
    expect(upperBound(0)).toBe(1)
    expect(upperBound(100)).toBeCloseTo(110)
  })

  it('draws a dot where a single value stands between gaps', () => {
    expect(isLonely([null, 5, null])).toBe(true)
    expect(isLonely([5, 6, null])).toBe(false)
  })
})

describe('a sparkline', () => {
  it('never joins over a gap', () => {
    expect(sparkPath([1, 2, null, 2, 1], 100, 20).line.match(/M/g)).toHaveLength(2)
  })

  it('draws a known zero on the axis', () => {
    expect(sparkPath([0, 0], 102, 20).line).toBe('M1,18L101,18')
  })

  it('of nothing is nothing', () => {
    expect(sparkPath([null, null], 100, 20)).toEqual({ line: '', area: '' })
  })
})
