import { takeRows } from './rows-for-tests.ts'
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
  return takeRows(topology).edges.reduce((sum, { calls }) => sum + calls, 0)
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
  const { edges } = takeRows(topology)
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
  takeRows(topology)
  topology.add(batchOf([later]), { emit: true })
  const { edges } = takeRows(topology)
  expect(edges.map(({ source, target, operation, calls }) => [source.name, target.name, operation, calls])).toEqual([['web', 'svc', 'GET /', 1]])
  topology.forget('skein.traces', 0)
  expect(topology.heldBytes() - empty).toBeLessThan(2 ** 22)
})

test('a name of any length is cut at a character', () => {
  const topology = newTopology()
  topology.add(batchOf([{ id: '1', kind: SERVER, name: `x${'雪'.repeat(10_000)}` }]), { emit: true })
  const operation = takeRows(topology).red[0]?.operation ?? ''
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
  expect(takeRows(topology).red.map(({ minute, calls }) => [minute, calls])).toEqual([
    [0, 4],
    [71_582_787, 1],
  ])
  topology.add(batch, { emit: true })
  expect(topology.take().blocks).toEqual([])
})

test('parents in the future, durations of nothing and below nothing, and a span that is its own wait keep an edge where it is', () => {
  const topology = newTopology()
  const call = (trace: string, client: Partial<TestSpan>, server: Partial<TestSpan>): TestSpan[] => [
    { trace, id: '1', kind: CLIENT, resource: { service: 'a' }, attributes: { 'server.address': 'b' }, ...client },
    { trace, id: '2', parent: '1', kind: SERVER, resource: { service: 'b' }, ...server },
  ]
  topology.add(
    batchOf([
      ...call('1', { startMs: START_MS + 3_600_000 }, {}),
      ...call('2', { durationMs: 0 }, { durationMs: 0 }),
      ...call('3', { durationMs: -5 }, { durationMs: -7 }),
    ]),
    { emit: true },
  )
  const edges = takeRows(topology).edges.filter(({ source, calls }) => source.name === 'a' && calls > 0)
  expect(edges.map(({ minute, calls, evidence }) => [minute - START_MS / MINUTE_MS, calls, evidence.paired])).toEqual([
    [60, 1, 1],
    [0, 2, 2],
  ])
  expect(edges[1]?.network.reduce((sum, [, count]) => sum + count, 0)).toBe(2)
})

test('an entry that never ends is held no longer than any other span, and its calls count', () => {
  const topology = newTopology()
  let calls = 0
  for (let minute = 0; minute < 60; minute++) {
    const at = { startMs: START_MS + minute * MINUTE_MS, envelope: { logTimeMs: START_MS + minute * MINUTE_MS } }
    const spans = Array.from(
      { length: 50 },
      (_, i): TestSpan => ({ id: hex(minute * 100 + i + 1), parent: '1', kind: CLIENT, attributes: { 'db.system': 'mysql' }, ...at }),
    )
    topology.add(batchOf(spans), { emit: true })
    calls += callsOf(topology)
    expect(topology.heldSpans()).toBeLessThanOrEqual(6 * 50)
  }
  expect(calls).toBe(60 * 50)
})

test('names of 10 kB in every script are cut at a character, wherever they stand', () => {
  const topology = newTopology()
  const names = ['ñ', '雪', '𝒳', 'ع', '👩‍🚀'].map((letter) => letter.repeat(5000))
  topology.add(
    batchOf(
      names.map((name, i) => ({
        id: hex(i),
        kind: CLIENT,
        name,
        attributes: { 'db.system.name': 'mysql', 'db.namespace': name, 'session.id': name, 'peer.service': name },
        resource: { service: name },
      })),
    ),
    { emit: true },
  )
  const { edges, viewers } = takeRows(topology)
  expect(edges.map(({ calls }) => calls)).toEqual([1, 1, 1, 1, 1])
  for (const { target, operation } of edges) {
    expect(Buffer.byteLength(operation)).toBeLessThanOrEqual(512)
    expect(Buffer.byteLength(target.name)).toBeLessThanOrEqual(512)
    expect(operation + target.name).not.toContain('�')
  }
  expect(viewers).toHaveLength(10)
})
