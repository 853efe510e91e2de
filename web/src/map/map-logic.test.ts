import { describe, expect, it } from 'vitest'
import { edgeLook, edgeP95Ms, edgeSplit, edgeWidth, nodeLabel } from './edge-look.ts'
import { groupsOf } from './groups.ts'
import { createLayoutClient, createLocalPort, type LayoutPort, type LayoutRequest } from './layout-client.ts'
import type { LayoutInput } from './layout/graph.ts'
import { layoutGraph } from './layout/layout.ts'
import { neighbourhood, searchNodes, touching } from './neighbourhood.ts'
import { moved } from './still.ts'
import { isTopologyId, selectEdge, selectNode } from './url.ts'
import { fit, reveal, seenPart, toPicture } from './viewport.ts'
import { edge, node, none } from './topology-for-tests.ts'
import { walk } from './walk.ts'

const window = { startMs: Date.parse('2026-11-22T19:10:00Z'), endMs: Date.parse('2026-11-22T20:10:00Z') }
const nodes = ['a', 'b', 'c', 'd', 'x'].map((id) => node(id))
const edges = [edge('a', 'b'), edge('b', 'c'), edge('c', 'd')]

describe('the neighbourhood of a node', () => {
  it('reaches so many calls in both directions, with the edges between', () => {
    const near = neighbourhood({ nodes, edges }, 'b', 1)
    expect(near.nodes.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    expect(near.edges.map(({ id }) => id)).toEqual(['a>b', 'b>c'])
    expect(neighbourhood({ nodes, edges }, 'b', 2).nodes).toHaveLength(4)
  })

  it('is everything for a node that is gone', () => {
    expect(neighbourhood({ nodes, edges }, 'gone', 1).nodes).toHaveLength(5)
  })

  it('lights a node with its edges and partners, an edge with its ends', () => {
    expect(touching(edges, 'b')).toEqual(new Set(['b', 'a>b', 'a', 'b>c', 'c']))
    expect(touching(edges, 'a>b')).toEqual(new Set(['a>b', 'a', 'b']))
  })

  it('is searched by name: exact, then beginnings, then the rest by calls', () => {
    const found = searchNodes([node('my-drm', { calls: 900 }), node('drm-keys'), node('DRM'), node('epg')], 'drm')
    expect(found.map(({ name }) => name)).toEqual(['DRM', 'drm-keys', 'my-drm'])
    expect(searchNodes(nodes, ' ')).toEqual([])
  })
})

describe('the look of an edge', () => {
  it('grows with the log of its rate, within bounds', () => {
    expect(edgeWidth(0, 3600)).toBe(1)
    expect(edgeWidth(36_000_000, 3600)).toBe(6)
    expect(edgeWidth(1e12, 1)).toBe(6)
    expect(edgeWidth(3600, 3600)).toBeGreaterThan(edgeWidth(360, 3600))
  })

  it('is dashed when the caller alone knows it, dotted when silent for five minutes', () => {
    const callerOnly = edge('a', 'b', { evidence: { ...none, paired: 4, clientOnly: 6 } })
    expect(edgeLook(callerOnly, window).dash).toBe('callerOnly')
    expect(edgeLook({ ...callerOnly, lastSeen: '2026-11-22T20:04:59Z' }, window).dash).toBe('silent')
    expect(edgeLook(edge('a', 'b', { lastSeen: '2026-11-22T20:05:00Z' }), window).dash).toBe('none')
  })

  it('has a colour only when it is not well', () => {
    expect(edgeLook(edge('a', 'b', { health: 'unknown' }), window).stroke).toBe('plain')
    expect(edgeLook(edge('a', 'b', { health: 'bad' }), window).stroke).toBe('bad')
  })

  it('takes its p95 from the caller first and splits only what was paired', () => {
    const client = { p50Ms: 10, p95Ms: 20, p99Ms: 30 }
    expect(edgeP95Ms(edge('a', 'b', { client, server: { p50Ms: 1, p95Ms: 2, p99Ms: 3 } }))).toBe(20)
    expect(edgeP95Ms(edge('a', 'b'))).toBeNull()
    expect(edgeSplit(edge('a', 'b', { client }))[1]).toEqual({ label: 'p95', totalMs: 20, networkMs: null, serverMs: null })
    expect(edgeSplit(edge('a', 'b'))).toEqual([])
  })

  it('names a node by its cluster where the name is not enough', () => {
    const twins = [node('1', { name: 'api', cluster: 'bj-1' }), node('2', { name: 'api', cluster: 'gz-1' })]
    expect(nodeLabel(twins[0] ?? node('?'), twins)).toBe('api · bj-1')
    expect(nodeLabel(node('1', { cluster: 'bj-1' }), nodes)).toBe('1')
  })
})

describe('cluster boxes', () => {
  const service = (id: string, cluster: string, environment = 'prod') => node(id, { cluster, environment })
  const store = node('pg', { kind: 'database' })

  it('hold the services of a cluster and what no other cluster uses', () => {
    const topology = { nodes: [service('a', 'bj-1'), service('b', 'gz-1'), store], edges: [edge('a', 'pg')] }
    expect(groupsOf(topology)).toEqual(
      new Map([
        ['a', 'bj-1'],
        ['b', 'gz-1'],
        ['pg', 'bj-1'],
      ]),
    )
    expect(groupsOf({ ...topology, edges: [edge('a', 'pg'), edge('b', 'pg')] }).get('pg')).toBe('')
  })

  it('name the environment where there are several, and leave externals outside', () => {
    const partner = node('kms', { kind: 'external' })
    const groups = groupsOf({ nodes: [service('a', 'bj-1'), service('b', 'lab', 'staging'), partner], edges: [edge('a', 'kms')] })
    expect(groups).toEqual(
      new Map([
        ['a', 'prod / bj-1'],
        ['b', 'staging / lab'],
        ['kms', ''],
      ]),
    )
  })
})

describe('walking the map', () => {
  const placed = [
    { id: 'a', x: 0, y: 0, column: 0 },
    { id: 'b', x: 200, y: 0, column: 1 },
    { id: 'x', x: 200, y: 60, column: 1 },
    { id: 'c', x: 400, y: 0, column: 2 },
  ]
  const from = (id: string | null) => ({ nodes: placed, edges, from: id })

  it('follows edges sideways and the column up and down', () => {
    expect(walk(from('a'), 'ArrowRight')).toBe('b')
    expect(walk(from('b'), 'ArrowLeft')).toBe('a')
    expect(walk(from('b'), 'ArrowDown')).toBe('x')
    expect(walk(from('x'), 'ArrowRight')).toBeNull()
  })

  it('starts at the left when nothing is selected', () => {
    expect(walk(from(null), 'ArrowRight')).toBe('a')
  })
})

describe('the viewport', () => {
  it('fits a picture into the middle and never enlarges it', () => {
    expect(fit({ width: 100, height: 50 }, { width: 1000, height: 500 })).toEqual({ k: 1, x: 450, y: 225 })
    expect(fit({ width: 9520, height: 50 }, { width: 1000, height: 500 }).k).toBeCloseTo(0.1)
    expect(fit({ width: 9520, height: 50 }, { width: 1000, height: 500 }, 0.5)).toEqual({ k: 0.5, x: 24, y: 237.5 })
    expect(fit({ width: 0, height: 0 }, { width: 1000, height: 500 })).toEqual({ k: 1, x: 0, y: 0 })
  })

  it('goes to the picture and back', () => {
    const view = { k: 0.5, x: 10, y: 20 }
    expect(toPicture(view, { x: 60, y: 70 })).toEqual({ x: 100, y: 100 })
    expect(seenPart(view, { width: 50, height: 50 })).toEqual({ left: -20, top: -40, right: 80, bottom: 60 })
  })

  it('moves to what is not on screen, smaller only where that would not fit, and stays where it is', () => {
    const screen = { width: 600, height: 400 }
    const view = { k: 1, x: 0, y: 0 }
    expect(reveal(view, { left: 100, top: 100, right: 300, bottom: 200 }, screen)).toBe(view)
    const moved = reveal(view, { left: 900, top: 100, right: 1100, bottom: 200 }, screen)
    expect(moved).toEqual({ k: 1, x: -700, y: 50 })
    expect(reveal(moved, { left: 900, top: 100, right: 1100, bottom: 200 }, screen)).toBe(moved)
    const wide = reveal(view, { left: 0, top: 0, right: 4800, bottom: 10 }, screen)
    expect(wide.k).toBeCloseTo(0.1)
    expect(toPicture(wide, { x: 300, y: 200 })).toEqual({ x: 2400, y: 5 })
  })
})

describe('a still of the map', () => {
  it('lies where the picture would be painted', () => {
    const point = { x: 130, y: 40 }
    const on = (view: { k: number; x: number; y: number }) => ({ x: point.x * view.k + view.x, y: point.y * view.k + view.y })
    const from = { k: 0.5, x: 10, y: 20 }
    const to = { k: 0.8, x: -30, y: 5 }
    const { scale, x, y } = moved(from, to)
    expect(on(from).x * scale + x).toBeCloseTo(on(to).x)
    expect(on(from).y * scale + y).toBeCloseTo(on(to).y)
  })
})

describe('the layout client', () => {
  const sent: LayoutRequest[] = []
  const port: LayoutPort = { postMessage: (request) => sent.push(request), onmessage: null, terminate: () => {} }
  const input = (id: string): LayoutInput => ({ nodes: [{ id, name: id, kind: 'service', group: '' }], edges: [] })
  const delivered: string[] = []
  const client = createLayoutClient(port, (layout) => delivered.push(layout.nodes[0]?.id ?? ''))
  const answer = (request: LayoutRequest | undefined): void => {
    if (request !== undefined) port.onmessage?.({ data: { id: request.id, layout: layoutGraph(request.input) } })
  }

  it('delivers only the newest of what was asked while it was busy', () => {
    client.ask(input('one'))
    client.ask(input('two'))
    client.ask(input('three'))
    expect(sent).toHaveLength(1)
    answer(sent[0])
    expect(delivered).toEqual([])
    answer(sent[1])
    answer(sent[0])
    expect(delivered).toEqual(['three'])
  })
})

describe('a layout without a worker', () => {
  it('answers as the worker does, later', async () => {
    const input: LayoutInput = { nodes: [{ id: 'a', name: 'a', kind: 'service', group: '' }], edges: [] }
    const layout = await new Promise((resolve) => createLayoutClient(createLocalPort(), resolve).ask(input))
    expect(layout).toEqual(layoutGraph(input))
  })
})

describe('the address', () => {
  it('selects one thing at a time and knows an id when it sees one', () => {
    expect({ ...selectNode('n'), ...selectEdge('e') }).toEqual({ node: '', edge: 'e', focus: 0 })
    expect(isTopologyId('cbf29ce484222325')).toBe(true)
    expect(isTopologyId('<script>')).toBe(false)
  })
})
