import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barOf, formatZoom, labelSide, parseZoom, ticksOf, windowOf } from './time-scale.ts'

const whole = { fromNs: 0, toNs: 1000 }

describe('the time scale', () => {
  it('places a bar by its share of the window and clips what stands over', () => {
    expect(barOf(250, 500, whole)).toEqual({ left: 0.25, width: 0.5 })
    expect(barOf(250, 500, { fromNs: 500, toNs: 600 })).toEqual({ left: 0, width: 1 })
    expect(barOf(0, 100, { fromNs: 500, toNs: 600 })).toBeNull()
  })

  it('fills the width when the whole trace took no time', () => {
    expect(barOf(0, 0, { fromNs: 0, toNs: 0 })).toEqual({ left: 0, width: 1 })
  })

  it('keeps the label of a bar on screen', () => {
    expect(labelSide({ left: 0, width: 0.9 })).toBe('inside')
    expect(labelSide({ left: 0.2, width: 0.1 })).toBe('right')
    expect(labelSide({ left: 0.95, width: 0.05 })).toBe('left')
  })

  it('has round ticks with both ends, apart from each other, never too many', () => {
    expect(ticksOf({ fromNs: 0, toNs: 2684 })).toEqual([0, 500, 1000, 1500, 2000, 2684])
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 1, max: 1e12 }), (fromNs, length) => {
        const ticks = ticksOf({ fromNs, toNs: fromNs + length })
        expect(ticks[0]).toBe(fromNs)
        expect(ticks.at(-1)).toBe(fromNs + length)
        expect(ticks.length).toBeLessThanOrEqual(8)
        ticks.slice(1).forEach((tick, i) => expect(tick).toBeGreaterThan(ticks[i] ?? NaN))
      }),
    )
  })

  it('keeps a zoom in the address and refuses what is not one', () => {
    expect(parseZoom(formatZoom(0.25, 0.5))).toEqual({ from: 0.25, to: 0.5 })
    for (const bad of ['', '0-1', '0.5-0.25', '0.5-0.5', 'a-b', '2-3']) expect(parseZoom(bad)).toBeNull()
    expect(windowOf(parseZoom('0.25-0.5'), 1000)).toEqual({ fromNs: 250, toNs: 500 })
    expect(windowOf(null, 1000)).toEqual(whole)
  })
})
