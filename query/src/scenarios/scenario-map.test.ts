import { edgeId, nodeId, type NodeKey } from '@skein/schemas/topology'
import type { RunRow } from '@skein/store/contract-scenarios'
import type { SpanRow } from '@skein/store/contract-traces'
import { expect, test } from 'vitest'
import { mapOfRuns, tracesOfRun } from './scenario-map.ts'

const KINDS = { server: 2, client: 3 } as const
const key = (kind: NodeKey['kind'], name: string): NodeKey => ({ environment: '', cluster: '', namespace: '', kind, name })
const [user, shop, bank, store] = [key('client', 'user/shop'), key('service', 'shop'), key('service', 'bank'), key('database', 'postgresql')]
const services = new Map([shop, bank].map((node) => [node.name, node]))

interface Told {
  id: string
  parent?: string
  service: string
  kind: keyof typeof KINDS
  ms: number
  error?: boolean
  attributes?: SpanRow['attributes']
}

function span({ id, parent = '', service, kind, ms, error = false, attributes = [] }: Told): SpanRow {
  const text = { name: id, message: '', service, scope: '', resource: service }
  const times = { startNs: '1795546621411000000', durationNs: `${ms}000000` }
  return {
    spanId: id,
    parentSpanId: parent,
    kind: KINDS[kind],
    status: error ? 2 : 0,
    ...text,
    ...times,
    attributes,
    events: new Uint8Array(0),
    links: new Uint8Array(0),
  }
}

/** A shop that calls a bank and its database, one of which takes the time. */
const order = ({ bankMs = 1, storeMs = 1, fails = false }): SpanRow[] => [
  span({ id: 'order', service: 'shop', kind: 'server', ms: 100, error: fails }),
  span({ id: 'pay', parent: 'order', service: 'shop', kind: 'client', ms: bankMs, error: fails }),
  span({ id: 'charge', parent: 'pay', service: 'bank', kind: 'server', ms: 1, error: fails }),
  span({ id: 'insert', parent: 'order', service: 'shop', kind: 'client', ms: storeMs, attributes: [['db.system.name', 'postgresql']] }),
]

function run(outcome: RunRow['outcome'], ...traceIds: string[]): RunRow {
  const match = (traceId: string) => ({ atNs: '1', durationNs: 1, traceId, spanId: 'order' })
  const steps = traceIds.map((id) => (outcome === 'failed' ? { reached: null, erred: match(id) } : { reached: match(id), erred: null }))
  return { key: `${outcome} ${traceIds.join()}`, startNs: '1', endNs: '2', outcome, steps, after: '' }
}

const lived = (runs: readonly RunRow[], traces: Record<string, SpanRow[]>, rename = (node: NodeKey): NodeKey => node) =>
  mapOfRuns({ runs, traces: new Map(Object.entries(traces)), services, rename })

test('each run counts once at each node and edge it touched, in however many traces and calls', () => {
  const answer = lived([run('ok', 'a', 'b'), run('ok', 'a')], { a: order({}), b: order({}) })
  expect(answer).toMatchObject({ runs: 2, failed: 0, slow: 0 })
  const none = { runs: 2, failedRuns: 0, slowRuns: 0 }
  expect(new Map(answer.nodes.map(({ id, ...counts }) => [id, counts]))).toEqual(new Map([user, shop, bank, store].map((node) => [nodeId(node), none])))
  const edges = [edgeId(user, shop, 'call'), edgeId(shop, bank, 'call'), edgeId(shop, store, 'db')]
  expect(new Map(answer.edges.map(({ id, ...counts }) => [id, counts]))).toEqual(new Map(edges.map((id) => [id, { ...none, erredRuns: 0 }])))
})

test('a slow run is blamed on the edge that took its time, a failed one on the node the error came from', () => {
  const answer = lived([run('slow', 'slow'), run('slow', 'store'), run('failed', 'failed')], {
    slow: order({ bankMs: 90 }),
    store: order({ storeMs: 90 }),
    failed: order({ storeMs: 90, fails: true }),
  })
  expect(answer).toMatchObject({ runs: 3, failed: 1, slow: 2 })
  const edge = (id: string) => answer.edges.find((each) => each.id === id)
  const node = (of: NodeKey) => answer.nodes.find(({ id }) => id === nodeId(of))
  expect(edge(edgeId(shop, bank, 'call'))).toMatchObject({ runs: 3, erredRuns: 1, slowRuns: 1, failedRuns: 0 })
  expect(edge(edgeId(shop, store, 'db'))).toMatchObject({ runs: 3, erredRuns: 0, slowRuns: 1, failedRuns: 0 })
  expect(node(bank)).toMatchObject({ failedRuns: 1, slowRuns: 1 })
  expect(node(store)).toMatchObject({ failedRuns: 0, slowRuns: 1 })
  expect(node(shop)).toMatchObject({ failedRuns: 0, slowRuns: 0 })
})

test('nodes have the names of the map', () => {
  const known = key('service', 'orders-db')
  const answer = lived([run('slow', 'a')], { a: order({ storeMs: 90 }) }, (node) => (node.kind === 'database' ? known : node))
  expect(answer.nodes.find(({ id }) => id === nodeId(known))).toMatchObject({ runs: 1, slowRuns: 1 })
  expect(answer.edges.find(({ id }) => id === edgeId(shop, known, 'db'))).toMatchObject({ runs: 1, slowRuns: 1 })
})

test('a run whose traces are gone is not among those looked at, and says nothing', () => {
  expect(lived([run('slow', 'gone'), run('lost')], {})).toMatchObject({ runs: 0, slow: 0, nodes: [], edges: [], notes: [{ code: 'sampled_runs', count: 0 }] })
  expect(tracesOfRun(run('ok', ...Array.from({ length: 30 }, (_, at) => `t${at % 20}`)))).toHaveLength(10)
})
