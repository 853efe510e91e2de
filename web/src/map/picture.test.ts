import type { EdgeDiff } from '@skein/schemas/api/topology-diff'
import { describe, expect, it } from 'vitest'
import { createFormat } from '../format/format.ts'
import { collapse, groupNodeId } from './collapse.ts'
import { diffPicture, effectText, mainEffect, toneOf, unionOf } from './diff-picture.ts'
import type { EdgeLook } from './edge-look.ts'
import { sceneToSvg } from './export-svg.ts'
import { pngSize } from './export-png.ts'
import { frameAt, stripLines, topologyAt } from './frame-picture.ts'
import { groupSizes, groupsOf } from './groups.ts'
import { layoutGraph } from './layout/layout.ts'
import { overlayPicture, overlayScale, overlayValue } from './overlay.ts'
import { readPalette } from './palette.ts'
import { placeTags } from './place-tags.ts'
import { buildScene } from './scene.ts'
import { movedByKey, stripPath, stripScale } from './strip-shape.ts'
import { isSelectable, minuteOf, toggleGroup } from './url.ts'
import { edge, node } from './topology-for-tests.ts'
import { layoutInput } from './use-layout.ts'

const format = createFormat({ language: 'en', timeZone: 'UTC' })
const percentiles = (p95Ms: number) => ({ p50Ms: p95Ms / 2, p95Ms, p99Ms: p95Ms * 2 })

const topology = {
  nodes: [
    node('a', { cluster: 'bj-1' }),
    node('b', { cluster: 'bj-1' }),
    node('c', { cluster: 'gz-1', p95Ms: 9, health: 'bad' }),
    node('d', { cluster: 'gz-1', instances: 3 }),
    node('pg', { kind: 'database' }),
  ],
  edges: [
    edge('a', 'b'),
    edge('a', 'c', { calls: 30, errors: 3, client: percentiles(80), crossCluster: true }),
    edge('b', 'c', { calls: 5, client: percentiles(20), crossCluster: true }),
    edge('b', 'd', { kind: 'rpc' }),
    edge('c', 'd'),
    edge('d', 'pg', { kind: 'db' }),
  ],
}
const named = (name: string): string => name

describe('groups', () => {
  it('are clusters, namespaces or layers, with their sizes', () => {
    expect(groupSizes(groupsOf(topology))).toEqual([
      { name: 'gz-1', nodes: 3 },
      { name: 'bj-1', nodes: 2 },
    ])
    expect(groupSizes(groupsOf(topology, 'layer'))).toEqual([
      { name: 'service', nodes: 4 },
      { name: 'data', nodes: 1 },
    ])
    expect(groupSizes(groupsOf(topology, 'none'))).toEqual([])
  })

  it('that are closed become one node, and calls into them one edge with all their calls', () => {
    const { nodes, edges, closed, joined } = collapse(topology, groupsOf(topology), ['gz-1'], (name) => `cluster ${name}`)
    expect(nodes.map(({ id }) => id)).toEqual(['a', 'b', groupNodeId('gz-1')])
    expect(closed.get('group:gz-1')?.map(({ id }) => id)).toEqual(['c', 'd', 'pg'])
    expect(nodes[2]).toMatchObject({ name: 'cluster gz-1', calls: 45, errors: 3, p95Ms: 9, instances: 5, health: 'bad' })
    const fromA = edges.find(({ id }) => id === 'joined:a>group:gz-1')
    const fromB = edges.find(({ id }) => id === 'joined:b>group:gz-1')
    expect(fromA).toMatchObject({ calls: 30, errors: 3, crossCluster: true })
    expect(fromB).toMatchObject({ calls: 15, kind: 'call', client: percentiles(20) })
    expect(joined.get('joined:b>group:gz-1')?.map(({ id }) => id)).toEqual(['b>c', 'b>d'])
    expect(isSelectable('joined:b>group:gz-1')).toBe(true)
  })

  it('that are not there close nothing', () => {
    const shown = collapse(topology, groupsOf(topology), ['gone'], named)
    expect(shown.nodes).toEqual(topology.nodes)
    expect(shown.edges).toEqual(topology.edges)
  })

  it('keep every call that crosses a border, whichever are closed', () => {
    const groups = groupsOf(topology)
    const crossing = topology.edges.filter((one) => groups.get(one.source) !== groups.get(one.target)).reduce((sum, one) => sum + one.calls, 0)
    const shown = collapse(topology, groups, ['gz-1', 'bj-1'], named)
    expect(shown.edges.reduce((sum, one) => sum + one.calls, 0)).toBe(crossing)
  })

  it('are opened and closed by the same press', () => {
    expect(toggleGroup(['a'], 'b')).toEqual(['a', 'b'])
    expect(toggleGroup(['a', 'b'], 'a')).toEqual(['b'])
  })
})

describe('an overlay', () => {
  it('measures what it says and nothing where nothing is known', () => {
    const measured = edge('a', 'b', { calls: 120, errors: 6, sessions: 40, client: percentiles(80), network: percentiles(30), queueWait: percentiles(7) })
    const values = (['rate', 'errors', 'p95', 'network', 'queueWait', 'sessions'] as const).map((overlay) => overlayValue(measured, overlay, 60))
    expect(values).toEqual([2, 0.05, 80, 30, 7, 40])
    expect(overlayValue(edge('a', 'b'), 'network', 60)).toBeNull()
  })

  it('draws amounts in a ramp by their logarithm, zero and unknown as any edge', () => {
    const scale = overlayScale([1, 10, 100, 1000, null, 0])
    expect([1, 10, 1000, 0, null].map((value) => scale?.step(value))).toEqual([0, 1, 4, null, null])
    expect(overlayScale([null, 0])).toBeNull()
    const picture = overlayPicture(topology.edges, 'p95', { seconds: 60, format })
    const plain: EdgeLook = { widthPx: 2, stroke: 'bad', dash: 'none' }
    expect(topology.edges.slice(0, 3).map((one) => picture?.look(one, plain).stroke)).toEqual(['plain', 'heat4', 'plain'])
    expect(picture?.tag(topology.edges[1] ?? edge('x', 'y'))).toBe('80 ms')
    expect(overlayPicture(topology.edges, 'rate', { seconds: 60, format })).toBeNull()
  })
})

describe('labels of edges', () => {
  const straight = (y: number) => ({
    start: { x: 0, y },
    pieces: [
      [
        { x: 200, y },
        { x: 400, y },
        { x: 600, y },
      ],
    ] as const,
  })

  it('stand beside the middle, step aside for cards and for each other, and leave where there is no room', () => {
    const edges = [
      { id: 'one', curve: straight(100), widthPx: 2, tag: '842 ms' },
      { id: 'two', curve: straight(100), widthPx: 2, tag: '842 ms' },
    ]
    const places = placeTags(edges, [])
    expect(places.get('two')?.x).toBeCloseTo(300)
    expect(places.get('one')?.x).not.toBeCloseTo(300)
    const walled = Array.from({ length: 6 }, (_, index) => ({ x: index * 110, y: 80 }))
    expect(placeTags(edges, walled).size).toBe(0)
  })
})

const stats = (p95Ms: number) => ({
  calls: 600,
  callsPerMinute: 10,
  errors: 0,
  errorRate: 0,
  p50Ms: 1,
  p95Ms,
  networkP95Ms: null,
  queueWaitP95Ms: null,
})
const slower: EdgeDiff = {
  id: 'a>b',
  source: node('a'),
  target: node('b'),
  kind: 'http',
  change: 'changed',
  now: stats(842),
  base: stats(69),
  effects: [
    { measure: 'rate', now: 30, base: 10, change: 3, worse: false },
    { measure: 'p95', now: 842, base: 69, change: 12.2, worse: true },
  ],
  score: 9,
  causes: [],
}
const gone: EdgeDiff = { ...slower, id: 'z>b', source: node('z'), change: 'vanished', now: null, effects: [], score: 1 }

describe('a difference', () => {
  it('shows both windows at once: what vanished stays in the picture', () => {
    const both = unionOf(topology, { nodes: [{ node: node('z'), change: 'vanished' }], edges: [slower, gone] })
    expect(both.nodes.at(-1)).toMatchObject({ id: 'z', health: 'unknown' })
    expect(both.edges.find(({ id }) => id === 'z>b')).toMatchObject({ source: 'z', target: 'b', calls: 600 })
    expect(both.edges).toHaveLength(topology.edges.length + 1)
  })

  it('fades what stayed the same, colours what changed and says by how much', () => {
    const picture = diffPicture({ nodes: [{ node: node('z'), change: 'vanished' }], edges: [slower, gone] }, format, { new: 'new', vanished: 'gone' })
    const look: EdgeLook = { widthPx: 1, stroke: 'bad', dash: 'silent' }
    const [same, changed, vanished] = [edge('x', 'y'), edge('a', 'b'), edge('z', 'b')]
    expect([same, changed, vanished].map((one) => picture.faded(one))).toEqual([true, false, false])
    expect([same, changed, vanished].map((one) => picture.look(one, look).stroke)).toEqual(['plain', 'worse', 'vanished'])
    expect(picture.look(vanished, look).dash).toBe('vanished')
    expect(picture.passing).toEqual(new Set(['z']))
    expect([same, changed, vanished].map((one) => picture.tag(one))).toEqual([null, '+773 ms', 'gone'])
  })

  it('judges by what callers feel, not by how many they are', () => {
    const rate = { measure: 'rate', now: 30, base: 10, change: 3, worse: false } as const
    expect(toneOf({ change: 'changed', effects: [rate] })).toBe('changed')
    expect(toneOf({ change: 'changed', effects: [rate, { measure: 'errorRate', now: 0, base: 0.02, change: -0.02, worse: false }] })).toBe('better')
    expect(toneOf({ change: 'new', effects: [] })).toBe('new')
    expect(mainEffect(slower.effects)?.measure).toBe('p95')
  })

  it('tells an effect with sign and unit', () => {
    expect(effectText({ measure: 'rate', now: 3160, base: 14, change: 226, worse: false }, format)).toBe('226×')
    expect(effectText({ measure: 'rate', now: 6, base: 10, change: 0.6, worse: false }, format)).toBe('−40 %')
    expect(effectText({ measure: 'errorRate', now: 0.012, base: 0.001, change: 0.011, worse: true }, format)).toBe('+1.1 pp')
    expect(effectText({ measure: 'network', now: 5, base: 764, change: 0.006, worse: false }, format)).toBe('−759 ms')
  })
})

describe('time travel', () => {
  const frames = {
    stepSeconds: 60,
    edges: ['a>c', 'b>c'],
    frames: [
      { time: '2026-11-22T20:00:00Z', calls: [100, null], errors: [10, null], p95Ms: [80, null] },
      { time: '2026-11-22T20:01:00Z', calls: [200, 40], errors: [0, 0], p95Ms: [90, 400] },
    ],
  }

  it('finds the step that holds a moment', () => {
    expect(frameAt(frames, Date.parse('2026-11-22T20:01:59Z'))).toBe(1)
    expect(frameAt(frames, Date.parse('2026-11-22T20:02:00Z'))).toBe(-1)
    expect(frameAt(frames, Number.NaN)).toBe(-1)
    expect(minuteOf('2026-11-22T20:01:59Z')).toBe(Date.parse('2026-11-22T20:01:00Z'))
    expect(minuteOf('x')).toBeNull()
  })

  it('keeps nodes and edges, so that nothing moves, and gives them the numbers of the step', () => {
    const at = topologyAt(topology, frames.edges, frames.frames[0] ?? { time: '', calls: [], errors: [], p95Ms: [] })
    expect(at.nodes.map(({ id }) => id)).toEqual(topology.nodes.map(({ id }) => id))
    expect(at.edges.map(({ id }) => id)).toEqual(topology.edges.map(({ id }) => id))
    expect(at.edges.find(({ id }) => id === 'a>c')).toMatchObject({ calls: 100, errors: 10, health: 'bad' })
    expect(at.edges.find(({ id }) => id === 'b>c')).toMatchObject({ calls: 0, health: 'unknown' })
    expect(at.nodes.find(({ id }) => id === 'c')).toMatchObject({ calls: 100, health: 'bad', p95Ms: null })
  })

  it('compares a step with last week where it is known', () => {
    const known = { ...topology, edges: [edge('b', 'c', { client: percentiles(20), weekAgoP95Ms: 100 })] }
    const [, second] = frames.frames
    expect(topologyAt(known, frames.edges, second ?? { time: '', calls: [], errors: [], p95Ms: [] }).edges[0]?.health).toBe('bad')
  })

  it('draws the largest of the chosen edges, step by step, with gaps', () => {
    expect(stripLines(frames, new Set(['a>c', 'b>c']))).toEqual([80, 400])
    expect(stripLines(frames, new Set(['b>c']))).toEqual([null, 400])
    const scale = stripScale(0, 4, 60_000, 400)
    expect(stripPath([1, 2, null, 1], scale, 50, 2)).toBe('M0 25L50 25L150 0M300 25L350 25')
    expect([-5, 0, 199, 9999].map(scale.stepAt)).toEqual([0, 0, 60_000, 180_000])
  })

  it('is driven by the keyboard, and never leaves the window', () => {
    const scale = stripScale(0, 20, 60_000, 400)
    const from = (key: string, atMs: number, far = false) => movedByKey({ key, far, atMs }, scale)
    expect([from('ArrowRight', 0), from('ArrowRight', 0, true), from('ArrowLeft', 0), from('End', 0)]).toEqual([60_000, 600_000, 0, 1_140_000])
    expect(from('x', 0)).toBeNull()
  })
})

describe('an export', () => {
  const window = { startMs: Date.parse('2026-11-22T19:10:00Z'), endMs: Date.parse('2026-11-22T20:10:00Z') }
  const hostile = { ...topology, nodes: [node('a', { name: '<script>alert("1")</script>\u0000&' }), ...topology.nodes.slice(1)] }
  const scene = buildScene({ topology: hostile, layout: layoutGraph(layoutInput(hostile)), window, format })
  const palette = readPalette((name) => (name === '--font-sans' ? '"Some Sans", sans-serif' : '#123456'))

  it('as SVG holds every card and edge, and names as text', () => {
    const svg = sceneToSvg(scene, palette)
    expect(svg.match(/<title>/g)).toHaveLength(hostile.nodes.length + hostile.edges.length)
    expect(svg).not.toContain('<script')
    expect(svg).toContain('&lt;script&gt;')
    expect(svg).not.toContain('\u0000')
    expect(svg).not.toContain('var(')
  })

  it('as PNG is never larger than a browser can paint', () => {
    expect(pngSize({ width: 1000, height: 500 })).toEqual({ width: 2096, height: 1096, ratio: 2 })
    const large = pngSize({ width: 40_000, height: 9000 })
    expect(Math.max(large.width, large.height)).toBeLessThanOrEqual(8193)
  })
})
