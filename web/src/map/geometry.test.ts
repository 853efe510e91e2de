import { describe, expect, it } from 'vitest'
import { edgeCurves, headOf, pathOf, pointAt } from './geometry.ts'
import { createHitIndex } from './hit.ts'
import { layoutGraph } from './layout/layout.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './layout/place.ts'

const nodes = ['a', 'b', 'c', 'd'].map((id) => ({ id, name: id, kind: 'service' as const, group: '' }))
const edges = [
  { id: 'ab', source: 'a', target: 'b', weight: 1 },
  { id: 'ac', source: 'a', target: 'c', weight: 1 },
  { id: 'bd', source: 'b', target: 'd', weight: 1 },
  { id: 'ad', source: 'a', target: 'd', weight: 1 },
  { id: 'aa', source: 'a', target: 'a', weight: 1 },
  { id: 'gone', source: 'a', target: 'nowhere', weight: 1 },
]
const layout = layoutGraph({ nodes, edges })
const curves = edgeCurves(layout, edges)
const at = (id: string) => layout.nodes.find((node) => node.id === id) ?? { x: NaN, y: NaN }

describe('edge curves', () => {
  it('start at the caller and end in an arrow that touches the callee', () => {
    const { tip, angle } = headOf(curves.get('ab') ?? expect.fail())
    expect(curves.get('ab')?.start.x).toBe(at('a').x + NODE_WIDTH)
    expect(tip.x).toBeCloseTo(at('b').x)
    expect(tip.y).toBeGreaterThan(at('b').y)
    expect(tip.y).toBeLessThan(at('b').y + NODE_HEIGHT)
    expect(angle).toBeCloseTo(0)
  })

  it('draw a self call and leave out an edge without an end', () => {
    expect(curves.has('aa')).toBe(true)
    expect(curves.has('gone')).toBe(false)
  })

  it('leave a shared side at different heights, in the order of their targets', () => {
    const starts = ['ab', 'ac', 'ad'].map((id) => ({ y: curves.get(id)?.start.y ?? NaN, end: pointAt(curves.get(id) ?? expect.fail(), 0.5).y }))
    expect(new Set(starts.map((start) => start.y)).size).toBe(3)
    const sorted = [...starts].sort((p, q) => p.end - q.end)
    expect(sorted).toEqual([...starts].sort((p, q) => p.y - q.y))
  })

  it('have a path that a browser can read', () => {
    expect(pathOf(curves.get('ab') ?? expect.fail())).toMatch(/^M[\d.]+ [\d.]+C[\d. -]+$/)
  })
})

describe('hit testing', () => {
  const index = createHitIndex(layout.nodes, curves)

  it('finds the card under the pointer before the edge', () => {
    expect(index.at({ x: at('b').x + 3, y: at('b').y + 3 }, 6)).toEqual({ kind: 'node', id: 'b' })
  })

  it('finds the nearest edge within reach and nothing beyond', () => {
    const point = pointAt(curves.get('ab') ?? expect.fail(), 0.5)
    expect(index.at({ x: point.x, y: point.y + 2 }, 6)).toEqual({ kind: 'edge', id: 'ab' })
    expect(index.at({ x: -400, y: -400 }, 6)).toBeNull()
  })
})
