import { describe, expect, it } from 'vitest'
import { markerNear } from './chart-marker.ts'
import { drawnSeries, isLonely, stacked, upperBound } from './chart-options.ts'
import { placeMarkers } from './draw-markers.ts'
import { knownLanguage } from './load-plot.ts'
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

describe('the language that numbers are drawn in', () => {
  it('is always one that Intl takes', () => {
    expect(knownLanguage('de-AT', 'en')).toBe('de-AT')
    expect(knownLanguage('en-US@posix', 'zh-CN')).toBe('zh-CN')
    expect(knownLanguage('', '')).toBe('en')
    expect(() => new Intl.NumberFormat(knownLanguage('en-US@posix', ''))).not.toThrow()
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

describe('markers of changes', () => {
  const widthOf = (label: string) => label.length * 6

  it('have their label on the side that is free, and none where there is no room', () => {
    const placed = placeMarkers(
      [
        { x: 300, label: '4.12.3' },
        { x: 100, label: 'playback 7.2.0' },
        { x: 308, label: 'shield' },
        { x: 395, label: 'drm 2.0' },
        { x: 420, label: 'gone' },
      ],
      400,
      widthOf,
    )
    expect(placed.map(({ x, labelX }) => [x, labelX])).toEqual([
      [100, 108],
      [300, 256],
      [308, 316],
      [395, null],
    ])
  })

  it('are told by name where the crosshair is near', () => {
    const markers = [
      { id: 'a', timeMs: 1000, label: 'a' },
      { id: 'b', timeMs: 5000, label: 'b' },
    ]
    expect(markerNear(markers, 1500, 600)?.label).toBe('a')
    expect(markerNear(markers, 3000, 600)).toBeNull()
    expect(markerNear([], 0, 600)).toBeNull()
  })
})

describe('a baseline', () => {
  it('lies under the lines and leaves them their names', () => {
    const drawn = drawnSeries([{ id: 'p95', label: 'p95', values: [1], was: [2], color: 'cat-1', filled: true }])
    expect(drawn.map(({ id, values, dashed }) => [id, values, dashed ?? false])).toEqual([
      ['p95 was', [2], true],
      ['p95', [1], false],
    ])
  })
})

describe('bars that stand on each other', () => {
  const series = (values: (number | null)[]) => ({ id: 'x', label: 'x', color: 'bad', values })

  it('are sums from the foot up, the highest first, so that each covers all but its own part', () => {
    expect(stacked([series([1, 2]), series([3, 0]), series([null, 4])])).toEqual([
      [4, 6],
      [4, 2],
      [1, 2],
    ])
    expect(stacked([series([null]), series([null])])).toEqual([[null], [null]])
  })
})
