import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readGraph } from '../layout.bench.ts'
import type { LayoutInput, LayoutNode } from './graph.ts'
import { layoutGraph } from './layout.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './place.ts'

const node = (name: string, kind: LayoutNode['kind'] = 'service', group = ''): LayoutNode => ({ id: name, name, kind, group })
const calls = (...pairs: string[]): LayoutInput['edges'] =>
  pairs.map((pair) => {
    const [source = '', target = ''] = pair.split('>')
    return { id: pair, source, target, weight: 10 }
  })

const shop: LayoutInput = {
  nodes: [
    node('user', 'client'),
    node('gateway'),
    node('catalog'),
    node('playback'),
    node('drm'),
    node('kafka/orders', 'queue'),
    node('worker'),
    node('pg', 'database'),
    node('redis', 'cache'),
    node('kms', 'external'),
  ],
  edges: calls(
    'user>gateway',
    'gateway>catalog',
    'gateway>playback',
    'playback>drm',
    'drm>kms',
    'catalog>pg',
    'playback>redis',
    'playback>kafka/orders',
    'kafka/orders>worker',
    'worker>pg',
  ),
}

const large = (): LayoutInput => readGraph(readFileSync(new URL('../fixtures/large.csv', import.meta.url), 'utf8'))

const arbitrary = fc.array(fc.tuple(fc.nat(24), fc.nat(24)), { maxLength: 60 }).chain((pairs) =>
  fc.array(fc.constantFrom('', 'a', 'b', 'c'), { minLength: 25, maxLength: 25 }).map(
    (groups): LayoutInput => ({
      nodes: groups.map((group, i) => node(`n${i}`, i % 7 === 6 ? 'database' : 'service', group)),
      edges: calls(...new Set(pairs.map(([a, b]) => `n${a}>n${b}`))),
    }),
  ),
)

const x = (result: ReturnType<typeof layoutGraph>, id: string): number => result.nodes.find((placed) => placed.id === id)?.x ?? NaN

describe('the layout', () => {
  it('gives the same picture for the same data, in whatever order it came', () => {
    const shuffled = { nodes: [...shop.nodes].reverse(), edges: [...shop.edges].reverse() }
    expect(layoutGraph(shuffled)).toEqual(layoutGraph(shop))
  })

  it('puts a caller left of what it calls, and layers in the order client, services, data, external', () => {
    const result = layoutGraph(shop)
    for (const edge of shop.edges) expect(x(result, edge.source), edge.id).toBeLessThan(x(result, edge.target))
    expect(x(result, 'pg')).toBe(x(result, 'redis'))
    expect(x(result, 'kms')).toBeGreaterThan(x(result, 'pg'))
    expect(result.layers.map(({ layer }) => layer)).toEqual(['client', 'service', 'data', 'external'])
  })

  it('never lets two cards overlap and keeps every card inside the picture', () => {
    fc.assert(
      fc.property(arbitrary, (input) => {
        const { nodes, width, height } = layoutGraph(input)
        for (const [i, a] of nodes.entries()) {
          expect(a.x >= 0 && a.y >= -1e-6 && a.x + NODE_WIDTH <= width + 1e-6 && a.y + NODE_HEIGHT <= height + 1e-6).toBe(true)
          for (const b of nodes.slice(i + 1)) {
            expect(Math.abs(a.x - b.x) >= NODE_WIDTH || Math.abs(a.y - b.y) >= NODE_HEIGHT, `${a.id} over ${b.id}`).toBe(true)
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  it('keeps a cluster inside its box and the boxes apart', () => {
    fc.assert(
      fc.property(arbitrary, (input) => {
        const { nodes, groups } = layoutGraph(input)
        for (const box of groups) {
          const inside = nodes.filter((placed) => placed.x >= box.x && placed.x <= box.x + box.width && placed.y >= box.y && placed.y <= box.y + box.height)
          const members = input.nodes.filter((each) => each.group === box.name && each.kind === 'service').map((each) => each.id)
          expect(
            inside
              .map((placed) => placed.id)
              .filter((id) => input.nodes.find((each) => each.id === id)?.kind === 'service')
              .sort(),
          ).toEqual(members.sort())
        }
        const sorted = [...groups].sort((a, b) => a.y - b.y)
        sorted.slice(1).forEach((box, i) => expect(box.y).toBeGreaterThan((sorted[i]?.y ?? 0) + (sorted[i]?.height ?? 0)))
      }),
      { numRuns: 60 },
    )
  })

  it('draws no box for a single cluster', () => {
    expect(layoutGraph({ nodes: [node('a', 'service', 'bj-1'), node('b', 'service', 'bj-1')], edges: calls('a>b') }).groups).toEqual([])
  })

  it('moves nobody when the picture on screen is still true, and little when a node arrives', () => {
    const before = layoutGraph(shop)
    const y = Object.fromEntries(before.nodes.map((placed) => [placed.id, placed.y]))
    const again = layoutGraph({ ...shop, previous: before })
    for (const placed of again.nodes) expect(placed.y).toBeCloseTo(y[placed.id] ?? NaN, 3)
    const grown = layoutGraph({ nodes: [...shop.nodes, node('epg')], edges: [...shop.edges, ...calls('gateway>epg')], previous: before })
    for (const placed of grown.nodes) {
      if (placed.id !== 'epg') expect(Math.abs(placed.y - (y[placed.id] ?? NaN)), placed.id).toBeLessThanOrEqual(2 * NODE_HEIGHT)
    }
  })

  it('draws a part of what was on screen anew, as if it had come alone', () => {
    const part = { nodes: shop.nodes.slice(0, 4), edges: shop.edges.slice(0, 3) }
    expect(layoutGraph({ ...part, previous: layoutGraph(shop) })).toEqual(layoutGraph(part))
  })

  it('bends an edge around the columns that it passes', () => {
    const { bends } = layoutGraph(shop)
    expect(bends['catalog>pg']?.length).toBeGreaterThan(0)
    expect(bends['gateway>catalog']).toBeUndefined()
  })

  it('places cycles, self calls, unknown ends and nothing at all', () => {
    const cyclic = layoutGraph({ nodes: [node('a'), node('b'), node('c')], edges: calls('a>b', 'b>c', 'c>a', 'a>a', 'a>ghost') })
    expect(cyclic.nodes).toHaveLength(3)
    expect(new Set(cyclic.nodes.map((placed) => placed.column)).size).toBe(3)
    expect(layoutGraph({ nodes: [], edges: [] })).toMatchObject({ width: 0, height: 0, nodes: [] })
  })

  it('keeps a real graph of 1,238 services in a picture rather than a ribbon', () => {
    const { nodes, width, height } = layoutGraph(large())
    expect(nodes).toHaveLength(1238)
    expect(width / height).toBeGreaterThan(0.7)
    expect(width / height).toBeLessThan(3)
  })

  it('moves a real graph little when one service comes and another goes', () => {
    const before = layoutGraph(large())
    const at = new Map(before.nodes.map((placed) => [placed.id, placed]))
    const { nodes, edges } = large()
    const gone = nodes[300]?.id ?? ''
    const grown = {
      nodes: [...nodes.filter(({ id }) => id !== gone), node('a-newcomer')],
      edges: [
        ...edges.filter(({ source, target }) => source !== gone && target !== gone),
        { id: 'new', source: nodes[5]?.id ?? '', target: 'a-newcomer', weight: 3 },
      ],
    }
    const moved = layoutGraph({ ...grown, previous: before }).nodes.flatMap((placed) => {
      const was = at.get(placed.id)
      return was === undefined ? [] : [Math.hypot(placed.x - was.x, placed.y - was.y)]
    })
    expect(moved).toHaveLength(1237)
    expect(moved.filter((distance) => distance < 1).length).toBeGreaterThan(1237 / 2)
    expect(moved.filter((distance) => distance > 2 * NODE_HEIGHT).length).toBeLessThan(1237 / 10)
  })
})
