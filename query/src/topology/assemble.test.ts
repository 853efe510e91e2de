import { topologyEdge as edgeSchema, topologyNode as nodeSchema } from '@skein/schemas/api/topology'
import { edgeId, EDGE_KINDS, nodeId } from '@skein/schemas/topology'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { edgeRow, nodeKey, noRows, serviceRow } from '../testing/edge-rows.ts'
import { assembleTopology } from './assemble.ts'
import { NO_CONTEXT } from './context.ts'
import type { TopologyRows } from './topology-rows.ts'

const VIEW = { depth: 1, limits: { nodes: 20_000, edges: 100_000 }, thresholds: NO_CONTEXT.thresholds }
const NONE = noRows()

const [gateway, epg, play] = [nodeKey('service', 'gateway'), nodeKey('service', 'epg'), nodeKey('service', 'play')]
const postgres = nodeKey('database', 'postgresql/epg')
const CHAIN: TopologyRows = {
  ...NONE,
  services: [serviceRow('gateway'), serviceRow('epg', { namespace: '' }), serviceRow('play')],
  edges: [edgeRow(gateway, epg), edgeRow(epg, postgres, { calls: 40, errors: 1 }, 'db'), edgeRow(gateway, play)],
}

const names = (topology: { nodes: { name: string }[] }) => topology.nodes.map((node) => node.name).toSorted()
const codes = (topology: { notes: { code: string }[] }) => topology.notes.map((note) => note.code)

const anyNode = fc.record({
  environment: fc.constantFrom('prod', 'staging'),
  cluster: fc.constantFrom('', 'north'),
  namespace: fc.constant(''),
  kind: fc.constantFrom('service', 'external', 'database', 'queue') as fc.Arbitrary<'service'>,
  name: fc.constantFrom('a', 'b', 'c', 'd', '10.0.0.1'),
})
const anyEdge = fc
  .tuple(anyNode, anyNode, fc.constantFrom(...EDGE_KINDS), fc.integer({ min: 1, max: 1000 }))
  .map(([source, target, kind, calls]) => edgeRow(source, target, { calls }, kind))
const anyRows = fc.uniqueArray(anyEdge, { selector: (edge) => edge.edgeId, maxLength: 25 }).map((edges) => ({
  ...NONE,
  edges,
  services: [serviceRow('a', { cluster: 'north' }), serviceRow('b'), serviceRow('b', { cluster: 'north' })],
  addresses: [{ address: '10.0.0.1', service: serviceRow('a', { cluster: 'north' }) }],
}))

const total = (edges: readonly { calls: number }[]) => edges.reduce((sum, edge) => sum + edge.calls, 0)

describe('the topology', () => {
  it('is the same for any order of the rows', () => {
    fc.assert(
      fc.property(anyRows, fc.infiniteStream(fc.integer()), (rows, random) => {
        const shuffled = rows.edges.map((edge) => [random.next().value, edge] as const).toSorted(([a], [b]) => a - b)
        const other = { ...rows, edges: shuffled.map(([, edge]) => edge), services: rows.services.toReversed() }
        expect(assembleTopology(other, VIEW)).toEqual(assembleTopology(rows, VIEW))
      }),
    )
  })

  it('has every call of the rows once, however peers are named and however much is folded', () => {
    fc.assert(
      fc.property(anyRows, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), (rows, nodes, edges) => {
        const topology = assembleTopology(rows, { ...VIEW, limits: { nodes, edges } })
        expect(total(topology.edges)).toBe(total(rows.edges))
        for (const edge of topology.edges) expect(Object.values(edge.evidence).reduce((sum, count) => sum + count, 0)).toBe(edge.calls)
      }),
    )
  })

  it('names both ends of every edge, each node and edge once, by its stable id', () => {
    fc.assert(
      fc.property(anyRows, fc.integer({ min: 1, max: 12 }), (rows, nodes) => {
        const topology = assembleTopology(rows, { ...VIEW, limits: { nodes, edges: 100 } })
        const ids = topology.nodes.map((node) => node.id)
        expect(new Set(ids).size).toBe(ids.length)
        expect(new Set(topology.edges.map((edge) => edge.id)).size).toBe(topology.edges.length)
        for (const edge of topology.edges) expect(ids).toEqual(expect.arrayContaining([edge.source, edge.target]))
        for (const node of topology.nodes) expect(nodeSchema.parse(node)).toEqual(node)
        for (const edge of topology.edges) expect(edgeSchema.parse(edge)).toEqual(edge)
      }),
    )
  })

  it('leaves an edge without calls out', () => {
    expect(assembleTopology({ ...NONE, services: [serviceRow('epg')], edges: [edgeRow(gateway, epg, { calls: 0 })] }, VIEW).edges).toEqual([])
  })

  it('counts the calls of a peer by its incoming edges and those of a service by its own numbers', () => {
    const topology = assembleTopology(CHAIN, VIEW)
    expect(topology.nodes.find((node) => node.id === nodeId(postgres))).toMatchObject({
      kind: 'database',
      calls: 40,
      errors: 1,
      health: 'degraded',
      instances: 0,
    })
    expect(topology.nodes.find((node) => node.id === nodeId(epg))).toMatchObject({ calls: 100, instances: 1, health: 'ok' })
  })

  it('shows the caller of an entry as user, by an id of its own for each entry', () => {
    const [one, two] = [nodeKey('client', 'user/gateway'), nodeKey('client', 'user/epg')]
    const topology = assembleTopology({ ...CHAIN, edges: [edgeRow(one, gateway), edgeRow(two, epg)] }, VIEW)
    const users = topology.nodes.filter((node) => node.kind === 'client')
    expect(users.map((node) => [node.id, node.name])).toEqual(
      expect.arrayContaining([
        [nodeId(one), 'user'],
        [nodeId(two), 'user'],
      ]),
    )
  })

  it('gives the exemplars of all stored edges to the one they became, slowest first, each call once', () => {
    const service = serviceRow('orders')
    const direct = edgeRow(epg, nodeKey('service', 'orders'))
    const half = edgeRow(epg, nodeKey('external', 'orders'))
    const call = { traceId: 'ab'.repeat(16), spanId: '01'.repeat(8), durationNs: 3e6, transitNs: 0, error: true }
    const exemplars = [
      { ...call, edgeId: half.edgeId },
      { ...call, edgeId: half.edgeId },
      { ...call, edgeId: direct.edgeId, spanId: '02'.repeat(8), durationNs: 9e6, error: false },
      { ...call, edgeId: 'ffffffffffffffff' },
    ]
    const topology = assembleTopology({ ...NONE, services: [service], edges: [direct, half], exemplars }, VIEW)
    expect(topology.edges[0]?.exemplars.map((each) => [each.spanId, each.durationMs])).toEqual([
      ['02'.repeat(8), 9],
      ['01'.repeat(8), 3],
    ])
  })

  it('gives the call that was longest on its way beside slower ones', () => {
    const edge = edgeRow(epg, nodeKey('service', 'orders'))
    const exemplars = [9, 8, 7, 1].map((ms) => ({
      ...{ edgeId: edge.edgeId, traceId: 'ab'.repeat(16), spanId: `0${ms}`.repeat(8), durationNs: ms * 1e6, error: false },
      transitNs: ms === 1 ? 5e9 : 0,
    }))
    const topology = assembleTopology({ ...NONE, services: [serviceRow('orders')], edges: [edge], exemplars }, VIEW)
    expect(topology.edges[0]?.exemplars.map(({ durationMs, transitMs }) => [durationMs, transitMs])).toEqual([
      [9, null],
      [8, null],
      [7, null],
      [1, 5000],
    ])
  })
})

describe('health', () => {
  it.each([
    [19, 19, 'unknown'],
    [20, 0, 'ok'],
    [1000, 9, 'ok'],
    [1000, 10, 'degraded'],
    [1000, 49, 'degraded'],
    [1000, 50, 'bad'],
  ])('of %i calls with %i errors is %s', (calls, errors, health) => {
    expect(assembleTopology({ ...NONE, edges: [edgeRow(gateway, epg, { calls, errors })] }, VIEW).edges[0]?.health).toBe(health)
  })
})

describe('a scope', () => {
  const north = { cluster: 'north', namespace: 'tv' }
  const south = { cluster: 'south', namespace: 'shop' }
  const rows: TopologyRows = {
    ...NONE,
    services: [serviceRow('epg', north), serviceRow('orders', south), serviceRow('lonely', south)],
    edges: [
      edgeRow(nodeKey('service', 'epg', north), postgres, {}, 'db'),
      edgeRow(nodeKey('service', 'epg', north), nodeKey('service', 'orders', south)),
      edgeRow(nodeKey('service', 'orders', south), nodeKey('cache', 'redis')),
    ],
  }

  it('keeps what is in it, and the neighbours of that', () => {
    expect(names(assembleTopology(rows, { ...VIEW, cluster: 'north' }))).toEqual(['epg', 'orders', 'postgresql/epg'])
    expect(names(assembleTopology(rows, { ...VIEW, namespace: 'shop' }))).toEqual(['epg', 'lonely', 'orders', 'redis'])
  })

  it('that holds nothing says so, and how much is outside', () => {
    const topology = assembleTopology(rows, { ...VIEW, environment: 'nowhere' })
    expect(topology).toMatchObject({ nodes: [], edges: [], notes: [{ code: 'no_spans', message: expect.stringMatching(/: 3$/) }] })
  })

  it('of the empty name holds what has none', () => {
    expect(names(assembleTopology(CHAIN, { ...VIEW, cluster: '' }))).toEqual(names(assembleTopology(CHAIN, VIEW)))
  })
})

describe('focus', () => {
  it('shows what is within so many hops, in both directions', () => {
    expect(names(assembleTopology(CHAIN, { ...VIEW, service: 'play', depth: 1 }))).toEqual(['gateway', 'play'])
    expect(names(assembleTopology(CHAIN, { ...VIEW, service: 'play', depth: 2 }))).toEqual(['epg', 'gateway', 'play'])
    expect(names(assembleTopology(CHAIN, { ...VIEW, service: 'play', depth: 3 }))).toEqual(['epg', 'gateway', 'play', 'postgresql/epg'])
  })

  it('on a service that only sends spans shows it alone', () => {
    expect(names(assembleTopology({ ...CHAIN, services: [...CHAIN.services, serviceRow('cron', { calls: 0 })] }, { ...VIEW, service: 'cron' }))).toEqual([
      'cron',
    ])
  })

  it('on nobody shows nothing and says why', () => {
    expect(assembleTopology(CHAIN, { ...VIEW, service: 'nobody' })).toMatchObject({ nodes: [], notes: [{ code: 'no_spans' }] })
  })
})

describe('limits', () => {
  it('keep the busiest and fold the rest by kind, counted in a note', () => {
    const dbs = Array.from({ length: 10 }, (_, i) => nodeKey('database', `db${i}`))
    const edges = [edgeRow(gateway, epg, { calls: 1000 }), ...dbs.map((db, i) => edgeRow(epg, db, { calls: i + 1 }, 'db'))]
    const topology = assembleTopology({ ...CHAIN, services: [], edges }, { ...VIEW, limits: { nodes: 4, edges: 100 } })
    expect(names(topology)).toEqual(['db8', 'db9', 'epg', 'gateway', 'other'].slice(0, 5))
    expect(topology.edges.find((edge) => edge.target === nodeId(nodeKey('database', 'other')))).toMatchObject({
      id: edgeId(epg, nodeKey('database', 'other'), 'db'),
      calls: 36,
    })
    expect(topology.notes).toContainEqual(expect.objectContaining({ code: 'folded', count: 8 }))
  })

  it('of edges hold too', () => {
    const edges = Array.from({ length: 50 }, (_, i) => edgeRow(nodeKey('service', `s${i}`), nodeKey('service', `t${i}`), { calls: i + 1 }))
    const topology = assembleTopology({ ...NONE, edges }, { ...VIEW, limits: { nodes: 1000, edges: 10 } })
    expect(topology.edges).toHaveLength(11)
    expect(topology.notes).toContainEqual(expect.objectContaining({ code: 'folded', count: 40 }))
  })
})

describe('notes', () => {
  it('nothing at all is no_spans', () => {
    expect(codes(assembleTopology(NONE, VIEW))).toEqual(['no_spans'])
  })

  it('one service is one_service, services that never meet are no_parents, a linked graph is neither', () => {
    expect(codes(assembleTopology({ ...NONE, services: [serviceRow('epg')] }, VIEW))).toEqual(['one_service'])
    const apart = { ...NONE, services: [serviceRow('epg'), serviceRow('play')], edges: [edgeRow(epg, postgres, {}, 'db')] }
    expect(codes(assembleTopology(apart, VIEW))).toEqual(['no_parents'])
    expect(codes(assembleTopology(CHAIN, VIEW))).toEqual([])
  })

  it('what ingest noted is added up, and its worst subjects are named', () => {
    const notes = [
      { code: 'half_edges' as const, subject: 'epg', count: 3 },
      { code: 'half_edges' as const, subject: 'play', count: 9 },
      { code: 'half_edges' as const, subject: 'epg', count: 2 },
      { code: 'skewed_hosts' as const, subject: '', count: 1 },
      { code: 'late_corrections' as const, subject: '', count: 0 },
    ]
    const found = assembleTopology({ ...CHAIN, notes }, VIEW).notes
    expect(found).toEqual([
      { code: 'half_edges', count: 14, message: expect.stringMatching(/: 14 \(play, epg\)$/), values: { subjects: 'play, epg' } },
      { code: 'skewed_hosts', count: 1, message: expect.stringMatching(/: 1$/) },
    ])
  })

  it('a service without a name of its own is unnamed_service, once', () => {
    const services = [...CHAIN.services, serviceRow('unknown_service:java')]
    expect(codes(assembleTopology({ ...CHAIN, services }, VIEW))).toEqual(['unnamed_service'])
    const notes = [{ code: 'unnamed_service' as const, subject: 'unknown_service:java', count: 7 }]
    expect(codes(assembleTopology({ ...CHAIN, services, notes }, VIEW))).toEqual(['unnamed_service'])
  })
})
