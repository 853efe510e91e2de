import { expect, test, vi } from 'vitest'
import { batchOf, MINUTE_MS, START_MS, type TestSpan } from './spans-for-tests.ts'
import { createTopology, type Topology } from './topology.ts'

/** Slow machines are busy ones. */
vi.setConfig({ testTimeout: 60_000 })

const [INTERNAL, SERVER, CLIENT] = [1, 2, 3]
const MANY = 100_000

function newTopology(maxSpansPerPartition = 1_000_000): Topology {
  return createTopology({ pairWindowMs: 5 * MINUTE_MS, maxSpansPerPartition })
}

function hex(n: number): string {
  return (n + 1).toString(16)
}

function callsOf(topology: Topology): number {
  return topology.takeRows().edges.reduce((sum, { calls }) => sum + calls, 0)
}

test('spans that are their own or each other’s parents end, and pair as far as kinds allow', () => {
  const topology = newTopology()
  const http = { 'server.address': 'x' }
  topology.add(
    batchOf([
      { id: '1', parent: '1', kind: CLIENT, attributes: http },
      { id: '2', parent: '3', kind: CLIENT, attributes: http },
      { id: '3', parent: '2', kind: CLIENT, attributes: http },
      { id: '4', parent: '5', kind: SERVER, resource: { service: 'b' } },
      { id: '5', parent: '4', kind: CLIENT, resource: { service: 'a' }, attributes: http },
    ]),
    { emit: true },
  )
  const { edges } = topology.takeRows()
  expect(
    edges.filter(({ calls }) => calls > 0).map(({ source, target, evidence }) => [source.name, target.name, evidence.paired, evidence.parentChild]),
  ).toEqual([
    ['svc', 'x', 0, 0],
    ['a', 'b', 1, 0],
    ['b', 'a', 0, 1],
  ])
})

test.each([
  [
    'a chain of nested client spans',
    (i: number): TestSpan => ({ id: hex(i), ...(i > 0 ? { parent: hex(i - 1) } : {}), kind: CLIENT, attributes: { 'server.address': 'x' } }),
    1,
  ],
  [
    'one client with servers only',
    (i: number): TestSpan => (i === 0 ? { id: '1', kind: CLIENT } : { id: hex(i), parent: '1', kind: SERVER, resource: { service: 'b' } }),
    MANY - 1,
  ],
  [
    'one internal with calls to a database',
    (i: number): TestSpan => (i === 0 ? { id: '1', kind: INTERNAL } : { id: hex(i), parent: '1', kind: CLIENT, attributes: { 'db.system': 'mysql' } }),
    MANY - 1,
  ],
])('a trace of 100,000 spans takes time in proportion, in either order: %s', (_, spanOf, calls) => {
  const spans = Array.from({ length: MANY }, (__, i) => spanOf(i))
  const [forward, backward] = [batchOf(spans), batchOf(spans.toReversed())]
  for (const batch of [forward, backward]) {
    const topology = newTopology()
    topology.add(batch, { emit: true })
    expect(callsOf(topology)).toBe(calls)
    topology.add(batchOf([{ id: 'ffffff', trace: '2', envelope: { logTimeMs: START_MS + 5 * MINUTE_MS } }]), { emit: true })
    expect(topology.heldSpans()).toBe(1)
  }
})

test('names without end are all counted, and held no longer than the spans that bear them', () => {
  const topology = newTopology()
  topology.take()
  const empty = topology.heldBytes()
  const spans = Array.from(
    { length: MANY },
    (_, i): TestSpan => ({ id: hex(i), kind: CLIENT, name: `GET /item/${i}`, attributes: { 'server.address': `host-${i}.example.com` } }),
  )
  topology.add(batchOf(spans), { emit: true })
  expect(callsOf(topology)).toBe(MANY)
  const root = { id: 'ffffff', kind: SERVER, name: 'GET /', envelope: { logTimeMs: START_MS + 5 * MINUTE_MS } }
  const [kept, later] = [
    { ...root, parent: 'fffffe' },
    { ...root, id: 'fffffe', kind: CLIENT, resource: { service: 'web' } },
  ]
  topology.add(batchOf([kept]), { emit: true })
  topology.takeRows()
  topology.add(batchOf([later]), { emit: true })
  const { edges } = topology.takeRows()
  expect(edges.map(({ source, target, operation, calls }) => [source.name, target.name, operation, calls])).toEqual([['web', 'svc', 'GET /', 1]])
  topology.forget('skein.traces', 0)
  expect(topology.heldBytes() - empty).toBeLessThan(2 ** 22)
})

test('a name of any length is cut at a character', () => {
  const topology = newTopology()
  topology.add(batchOf([{ id: '1', kind: SERVER, name: `x${'雪'.repeat(10_000)}` }]), { emit: true })
  const operation = topology.takeRows().red[0]?.operation ?? ''
  expect(operation).toBe(`x${'雪'.repeat(170)}`)
})

test('more spans than a partition may hold push the oldest out', () => {
  const topology = newTopology(10)
  topology.add(batchOf(Array.from({ length: 1000 }, (_, i) => ({ id: hex(i), kind: SERVER, parent: hex(i - 1 < 0 ? 5000 : i - 1) }))), { emit: true })
  expect(topology.heldSpans()).toBe(10)
})

test('times that are none, before 1970 or beyond the calendar fall into the first or last minute', () => {
  const topology = newTopology()
  const times = [Number.NaN, Number.NEGATIVE_INFINITY, -1e18, 1e300, Number.POSITIVE_INFINITY]
  const batch = batchOf(times.map((_, i) => ({ id: hex(i), kind: SERVER })))
  batch.startUs.set(times)
  batch.durationNs.set([Number.NaN, Number.POSITIVE_INFINITY, -5, 1e30, 0])
  topology.add(batch, { emit: true })
  expect(topology.takeRows().red.map(({ minute, calls }) => [minute, calls])).toEqual([
    [0, 4],
    [71_582_787, 1],
  ])
  topology.add(batch, { emit: true })
  expect(topology.take().blocks).toEqual([])
})
