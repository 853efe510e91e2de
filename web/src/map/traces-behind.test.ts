import type { TopologyNode } from '@skein/schemas/api/topology'
import type { EdgeDiff } from '@skein/schemas/api/topology-diff'
import { expect, it } from 'vitest'
import { collapse } from './collapse.ts'
import { edge, node, none } from './topology-for-tests.ts'
import { diffTracer, edgeTracer, nodeTracer, tracesOfEdge, tracesOfNode, tracesOfPart, tracesOfWindow } from './traces-behind.ts'

const place = { environment: 'prod', cluster: 'bj-1', namespace: 'core' }
const [shop, stock] = [node('shop', place), node('stock', place)]
const [viewer, database] = [node('user', { kind: 'client' }), node('postgresql/stock', { kind: 'database', instances: 0 })]
const [proxy, silent] = [node('nginx', { instances: 0 }), edge('nginx', 'stock', { evidence: { ...none, log: 4 } })]

it('traces of an edge are those with exactly this call, from the place of its service, in the time that is shown', () => {
  const within = { from: '2026-11-22T12:00:00Z', to: '2026-11-22T12:01:00Z' }
  const there = { env: 'prod', cluster: 'bj-1', namespace: 'core' }
  expect(tracesOfEdge(edge('shop', 'stock'), [shop, stock], null)).toEqual({ ...there, caller: 'shop', callee: 'stock' })
  expect(tracesOfEdge(edge('shop', 'db'), [shop, database], within)).toEqual({ ...there, caller: 'shop', callee: 'postgresql/stock', ...within })
  expect(tracesOfEdge(edge('user', 'shop'), [viewer, shop], null)).toEqual({ ...there, caller: 'user', callee: 'shop' })
})

it('numbers of all of the window lead to all of it, whatever step is shown', () => {
  const step = { from: '2026-11-22T12:00:00Z', to: '2026-11-22T12:01:00Z' }
  const ends = [shop, stock] as const
  expect(tracesOfWindow(tracesOfEdge(edge('shop', 'stock'), ends, step))).toEqual(tracesOfEdge(edge('shop', 'stock'), ends, null))
  expect(tracesOfWindow(null)).toBeNull()
})

it('a part of an edge may be of either end, so that it is sought in the places of both', () => {
  const traced = tracesOfEdge(edge('shop', 'stock'), [shop, stock], null)
  expect(tracesOfPart(traced, { instance: 'shop-1' })).toEqual({ env: 'prod', caller: 'shop', callee: 'stock', instance: 'shop-1' })
  expect(tracesOfPart(null, { instance: 'shop-1' })).toBeNull()
})

it('an edge that only lines of logs tell of, or whose end is not known, has no traces', () => {
  expect(tracesOfEdge(silent, [proxy, stock], null)).toBeNull()
  expect(tracesOfEdge(edge('shop', 'gone'), [shop, undefined], null)).toBeNull()
})

it('traces of a node are its own, or where it sends no spans those that call it', () => {
  expect(tracesOfNode(stock, [], null)).toEqual({ service: 'stock', env: 'prod', cluster: 'bj-1', namespace: 'core' })
  expect(tracesOfNode(database, [edge('shop', 'postgresql/stock')], null)).toEqual({ env: 'prod', callee: 'postgresql/stock' })
  expect(tracesOfNode(proxy, [edge('shop', 'nginx')], null)).toEqual({ env: 'prod', callee: 'nginx' })
  expect(tracesOfNode(proxy, [edge('shop', 'nginx', { evidence: { ...none, log: 2 } })], null)).toBeNull()
})

it('rows of the table lead where the panels of their edge and node do, in the step that is shown', () => {
  const step = { from: '2026-11-22T12:00:00Z', to: '2026-11-22T12:01:00Z' }
  const map = { nodes: [shop, stock, database], edges: [edge('shop', 'stock'), edge('shop', 'postgresql/stock')] }
  expect(map.edges.map(edgeTracer(map, step))).toEqual([tracesOfEdge(map.edges[0]!, [shop, stock], step), tracesOfEdge(map.edges[1]!, [shop, database], step)])
  expect(map.nodes.map(nodeTracer(map, step))).toEqual(map.nodes.map((each) => tracesOfNode(each, map.edges, step)))
})

it('rows of a difference lead to the traces of its later window, where the edge is still there and spans tell of it', () => {
  const window = { start: '2026-11-22T12:00:00Z', end: '2026-11-22T12:30:00Z' }
  const traced = diffTracer({ window, edges: [edge('shop', 'stock'), silent] })
  const changed = (source: TopologyNode, target: TopologyNode): EdgeDiff => ({
    ...{ id: edge(source.name, target.name).id, source, target, kind: 'http', change: 'changed', now: null, base: null, effects: [], score: 1, causes: [] },
  })
  const whole = { from: window.start, to: window.end }
  expect(traced(changed(shop, stock))).toEqual(tracesOfEdge(edge('shop', 'stock'), [shop, stock], whole))
  expect(traced(changed(proxy, stock))).toBeNull()
  expect(traced(changed(stock, database))).toBeNull()
})

it('a closed group and the edges that it joins have no search of their own', () => {
  const map = { nodes: [shop, stock, database], edges: [edge('shop', 'stock'), edge('stock', 'postgresql/stock')] }
  const closed = collapse(
    map,
    new Map([
      ['stock', 'core'],
      ['shop', 'front'],
    ]),
    ['core'],
    (name) => name,
  )
  expect(closed.edges).toHaveLength(2)
  expect(closed.edges.map(edgeTracer(closed, null))).toEqual([null, null])
  expect(closed.nodes.filter(({ id }) => id.startsWith('group:')).map(nodeTracer(closed, null))).toEqual([null])
})
