import fc from 'fast-check'
import { expect, test } from 'vitest'
import { byText, CLIENT, CONSUMER, INTERNAL, newTopology, PRODUCER, rowsOf, SERVER, viewersOf, takeRows } from './rows-for-tests.ts'
import { batchOf, MINUTE_MS, START_MS, type TestSpan } from './spans-for-tests.ts'

/** Who used an edge (viewers touched, of either span of the call or of the trace), and which instances stood at its ends. */

const HTTP = { 'http.request.method': 'GET', 'server.address': 'epg' }
const at = (service: string, instance = `${service}-1`) => ({ resource: { service, instance } })

const gateway: TestSpan = { id: '1', kind: SERVER, attributes: { 'session.id': 'viewer' }, ...at('gateway') }
const toEpg: TestSpan = { id: '2', parent: '1', kind: CLIENT, attributes: HTTP, ...at('gateway') }
const epg: TestSpan = { id: '3', parent: '2', kind: SERVER, ...at('epg') }
const toDb: TestSpan = { id: '4', parent: '3', kind: CLIENT, attributes: { 'db.system.name': 'mysql' }, ...at('epg') }
const send: TestSpan = {
  id: '5',
  parent: '3',
  kind: PRODUCER,
  attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'plays' },
  ...at('epg'),
}
const take: TestSpan = {
  id: '6',
  parent: '5',
  kind: CONSUMER,
  attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'plays' },
  ...at('log'),
}
const TRACE = [gateway, toEpg, epg, toDb, send, take]

test('whoever is named anywhere in a trace is a viewer of all its calls, in whatever order its spans arrive', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(TRACE, { minLength: TRACE.length }), (spans) => {
      expect(viewersOf(rowsOf(...spans))).toEqual({
        'user/gateway > gateway': 1,
        'gateway > epg': 1,
        'epg > mysql': 1,
        'epg > kafka/plays': 1,
        'kafka/plays > log': 1,
      })
    }),
    { numRuns: 50 },
  )
})

test('a viewer counts once however many calls there are, two count twice, and nobody is nobody', () => {
  const trace = (n: number, viewer: string): TestSpan[] =>
    TRACE.slice(0, 3).map((span, i) => ({
      ...span,
      trace: `${n}`,
      attributes: { ...span.attributes, ...(i === 0 && viewer !== '' ? { 'session.id': viewer } : {}) },
    }))
  const named = [1, 2, 3].flatMap((n) => trace(n, n === 3 ? 'other' : 'viewer'))
  expect(viewersOf(rowsOf(...named))['gateway > epg']).toBe(2)
  const nobody = TRACE.map(({ attributes, ...span }) => ({
    ...span,
    attributes: Object.fromEntries(Object.entries(attributes ?? {}).filter(([key]) => key !== 'session.id')),
  }))
  expect(viewersOf(rowsOf(...nobody))).toEqual({})
})

test.each([
  [{ 'session.id': 'a', 'user.id': 'b' }, { 'session.id': 'a' }],
  [{ 'user.id': 'b' }, { 'enduser.id': 'b' }],
  [{ 'user.id': 7 }, { 'user.id': 7 }],
])('a session goes before a user, in new and old names: %o is %o', (one, other) => {
  const roots = [one, other].map((attributes, i): TestSpan => ({ ...gateway, trace: `${i}`, attributes }))
  expect(viewersOf(rowsOf(...roots))).toEqual({ 'user/gateway > gateway': 1 })
})

test('a half edge tells its viewer once it can no more be taken back, a store at once', () => {
  const topology = newTopology()
  topology.add(batchOf([gateway, toEpg, { ...toDb, parent: '1', ...at('gateway') }]), { emit: true })
  expect(viewersOf(takeRows(topology))).toEqual({ 'user/gateway > gateway': 1, 'gateway > mysql': 1 })
  topology.add(batchOf([{ id: 'ff', trace: '9', kind: INTERNAL, envelope: { logTimeMs: START_MS + 5 * MINUTE_MS } }]), { emit: true })
  expect(takeRows(topology).viewers.map(({ stepSeconds, viewers }) => [stepSeconds, viewers.length])).toEqual([
    [60, 1],
    [3600, 1],
  ])
})

test('each end of an edge counts the calls, errors and durations of its instances', () => {
  const calls = [0, 1, 2, 3].flatMap((n): TestSpan[] => [
    { ...toEpg, trace: `${n}`, parent: 'ff', durationMs: 20, ...at('gateway', `g-${n % 2}`) },
    { ...epg, trace: `${n}`, durationMs: 10, ...(n === 3 ? { status: 2 } : {}), ...at('epg', n === 0 ? 'e-0' : 'e-1') },
  ])
  const { ends } = rowsOf(...calls)
  expect(ends.map(({ side, instance, calls: count, errors, duration }) => [side, instance, count, errors, duration]).sort(byText)).toEqual([
    ['source', 'g-0', 2, 0, [[97, 2]]],
    ['source', 'g-1', 2, 1, [[97, 2]]],
    ['target', 'e-0', 1, 0, [[93, 1]]],
    ['target', 'e-1', 3, 1, [[93, 3]]],
  ])
})

test('what a half edge counted for its instance is taken back with it', () => {
  const topology = newTopology()
  topology.add(batchOf([toEpg]), { emit: true })
  expect(takeRows(topology).ends.map(({ side, calls }) => [side, calls])).toEqual([['source', 1]])
  topology.add(batchOf([epg]), { emit: true })
  const { ends, edges } = takeRows(topology)
  const external = edges.find(({ target }) => target.kind === 'external')?.edgeId
  expect(ends.map(({ edgeId, side, calls, duration }) => [edgeId === external, side, calls, duration.map(([, count]) => count)]).sort(byText)).toEqual([
    [false, 'source', 1, [1]],
    [false, 'target', 1, [1]],
    [true, 'source', -1, [-1]],
  ])
})

test.each([
  ['10.1.2.3', ['10.1.2.3']],
  ['10.1.2.3:8080', ['10.1.2.3']],
  ['[2001:db8::7]:443', ['2001:db8::7']],
  ['127.0.0.1', []],
  ['::1', []],
  ['epg.example.com', []],
  ['deadbeef.example.com', []],
])('a server that was called at %s is known by %o', (address, expected) => {
  const rows = rowsOf(
    { ...gateway, attributes: { 'server.address': address } },
    { ...gateway, id: '9', attributes: { 'net.host.name': 'x', 'server.address': address } },
  )
  expect(rows.instances[0]?.addresses).toEqual(expected)
})

test('callers may invent addresses without end: an instance keeps few', () => {
  const calls = Array.from({ length: 100 }, (_, i): TestSpan => ({ ...gateway, id: `${i + 1}`, attributes: { 'server.address': `10.0.0.${i}` } }))
  expect(rowsOf(...calls).instances[0]?.addresses).toHaveLength(16)
})

test('a proxy is known by the scope of its spans', () => {
  const rows = rowsOf({ ...gateway, scope: 'io.opentelemetry.nginx' }, { ...epg, scope: 'express' })
  expect(rows.instances.map(({ service, proxy }) => [service.name, proxy])).toEqual([
    ['gateway', 'nginx'],
    ['epg', ''],
  ])
})
