import { expect, it } from 'vitest'
import { edge, node, none } from './topology-for-tests.ts'
import { tracesOfEdge } from './traces-behind.ts'

const times = { p50Ms: 1, p95Ms: 2, p99Ms: 3 }
const [shop, stock] = [node('shop'), node('stock')]
const [viewer, database, topic] = [node('viewer', { kind: 'client' }), node('db', { kind: 'database' }), node('topic', { kind: 'queue' })]

it('traces of an edge are those of the end that sent spans of its calls, in the time that is shown', () => {
  const within = { from: '2026-11-22T12:00:00Z', to: '2026-11-22T12:01:00Z' }
  expect(tracesOfEdge(edge('shop', 'stock', { server: times }), [shop, stock], null)).toEqual({ service: 'stock' })
  expect(tracesOfEdge(edge('shop', 'stock', { client: times }), [shop, stock], within)).toEqual({ service: 'shop', ...within })
  expect(tracesOfEdge(edge('shop', 'db', { client: times }), [shop, database], null)).toEqual({ service: 'shop' })
  expect(tracesOfEdge(edge('topic', 'stock'), [topic, stock], null)).toEqual({ service: 'stock' })
  expect(tracesOfEdge(edge('viewer', 'shop'), [viewer, shop], null)).toEqual({ service: 'shop' })
})

it('an edge that only lines of logs tell of, or that has no service at its ends, has no traces', () => {
  expect(tracesOfEdge(edge('shop', 'stock', { evidence: { ...none, log: 4 } }), [shop, stock], null)).toBeNull()
  expect(tracesOfEdge(edge('viewer', 'db'), [viewer, database], null)).toBeNull()
  expect(tracesOfEdge(edge('viewer', 'gone'), [viewer, undefined], null)).toBeNull()
})
