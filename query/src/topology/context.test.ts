import { histogramOf } from '@skein/schemas/histogram'
import { nodeId } from '@skein/schemas/topology'
import { describe, expect, it } from 'vitest'
import { edgeRow, nodeKey, noRows, serviceRow } from '../testing/edge-rows.ts'
import { assembleTopology } from './assemble.ts'
import { groupName, NO_CONTEXT } from './context.ts'
import type { TopologyRows } from './topology-rows.ts'

const VIEW = { depth: 1, limits: { nodes: 20_000, edges: 100_000 }, thresholds: NO_CONTEXT.thresholds }
const [gateway, epg, play] = [nodeKey('service', 'gateway'), nodeKey('service', 'epg'), nodeKey('service', 'play')]
const postgres = nodeKey('database', 'postgresql/epg')
const CHAIN: TopologyRows = {
  ...noRows(),
  services: [serviceRow('gateway'), serviceRow('epg'), serviceRow('play')],
  edges: [edgeRow(gateway, epg), edgeRow(epg, postgres, { calls: 40, errors: 1 }, 'db'), edgeRow(gateway, play)],
}

describe('beside the numbers of the window', () => {
  it('stand those of a week before, and make health a matter of latency', () => {
    const slow = edgeRow(gateway, epg, { client: histogramOf([[760, 100]]) })
    const rows = { ...CHAIN, edges: [slow], weekAgo: { edges: [edgeRow(gateway, epg)], services: [] } }
    const { edges } = assembleTopology(rows, VIEW)
    expect(edges[0]).toMatchObject({ health: 'bad', healthReason: 'latency' })
    expect(edges[0]?.weekAgoP95Ms).toBeLessThan((edges[0]?.client?.p95Ms ?? 0) / 3)
    expect(assembleTopology({ ...CHAIN, edges: [slow] }, VIEW).edges[0]).toMatchObject({ health: 'ok', healthReason: null, weekAgoP95Ms: null })
  })

  it('an edge is compared with itself, also when its callee is named at read time', () => {
    const [address, other] = [nodeKey('external', '10.0.0.7'), nodeKey('external', '10.0.0.8')]
    const addresses = ['10.0.0.7', '10.0.0.8'].map((each) => ({ address: each, service: { environment: 'prod', cluster: '', namespace: '', service: 'epg' } }))
    const rows = { ...CHAIN, edges: [edgeRow(gateway, address)], addresses, weekAgo: { edges: [edgeRow(gateway, other)], services: [] } }
    expect(assembleTopology(rows, VIEW).edges[0]).toMatchObject({ target: nodeId(epg), weekAgoP95Ms: expect.any(Number) })
  })

  it('viewers are those of the edge, of several stored ones together, and none where nobody is named', () => {
    const [first, second] = [edgeRow(gateway, nodeKey('external', '203.0.113.1')), edgeRow(gateway, nodeKey('external', '203.0.113.2'))]
    const named = edgeRow(gateway, epg)
    const viewers = new Map([
      [named.edgeId, 7],
      [first.edgeId, 2],
      [groupName([second.edgeId, first.edgeId]), 3],
    ])
    const { edges } = assembleTopology({ ...CHAIN, edges: [first, second, named, edgeRow(gateway, play)], viewers }, VIEW)
    expect(new Set(edges.map(({ sessions }) => sessions))).toEqual(new Set([3, 7, null]))
  })

  it('services of two clusters make an edge across them, a database has none', () => {
    const far = nodeKey('service', 'epg', { cluster: 'south' })
    const near = nodeKey('service', 'gateway', { cluster: 'north' })
    const { edges } = assembleTopology({ ...noRows(), edges: [edgeRow(near, far), edgeRow(near, postgres, {}, 'db')] }, VIEW)
    expect(Object.fromEntries(edges.map(({ kind, crossCluster }) => [kind, crossCluster]))).toEqual({ db: false, http: true })
  })

  it('a service that passes calls on is a proxy, and stays a service', () => {
    const proxies = [{ environment: 'prod', cluster: '', namespace: '', service: 'gateway', proxy: 'nginx' }]
    const { nodes } = assembleTopology({ ...CHAIN, proxies }, VIEW)
    expect(nodes.map(({ name, kind, proxy }) => [name, kind, proxy])).toContainEqual(['gateway', 'service', 'nginx'])
    expect(nodes.filter(({ proxy }) => proxy !== null)).toHaveLength(1)
  })

  it('what the graph folded and what ingest left out are two notes', () => {
    const notes = [{ code: 'limit' as const, subject: 'epg', count: 4 }]
    const view = { ...VIEW, limits: { nodes: 3, edges: 100 } }
    expect(assembleTopology({ ...CHAIN, notes }, view).notes.filter(({ code }) => code === 'limit' || code === 'folded')).toEqual([
      { code: 'folded', count: 1, message: expect.stringMatching(/"other".*: 1$/) },
      { code: 'limit', count: 4, message: expect.stringMatching(/^Spans whose partners may be missing.*: 4 \(epg\)$/), values: { subjects: 'epg' } },
    ])
  })
})

describe('10^5 edges and nodes', () => {
  it('fold into other by kind: calls are kept, what lost its name is counted, the busiest stay', () => {
    const many = Array.from({ length: 5000 }, (_, i) => edgeRow(gateway, nodeKey('external', `host-${i}-雪.example.com`), { calls: i + 1 }))
    const topology = assembleTopology({ ...CHAIN, edges: many }, { ...VIEW, limits: { nodes: 100, edges: 50 } })
    expect(topology.edges.length).toBeLessThanOrEqual(51)
    expect(topology.edges.reduce((sum, { calls }) => sum + calls, 0)).toBe((5000 * 5001) / 2)
    expect(topology.nodes.some(({ name, kind }) => name === 'other' && kind === 'external')).toBe(true)
    expect(topology.nodes.map(({ name }) => name)).toContain('host-4999-雪.example.com')
    expect(topology.notes.find(({ code }) => code === 'folded')?.count).toBeGreaterThan(4900)
  })
})
