import { expect, test } from 'vitest'
import { wantName } from './look-up.ts'
import { byText, CLIENT, CONSUMER, edgesOf, INTERNAL, notesOf, PRODUCER, SERVER, viewersOf, takeRows, type TakenRows } from './rows-for-tests.ts'
import { batchOf, MINUTE_MS, START_MS, type TestSpan } from './spans-for-tests.ts'
import { createFakeSpanStore, feedWithStore } from './stored-spans-for-tests.ts'
import { createTopology, type Topology } from './topology.ts'

/** A partner that comes late takes the half edge back, from memory or from the store, in the same minute. */

const KAFKA = { 'messaging.system': 'kafka', 'messaging.destination.name': 'plays' }
const client: TestSpan = {
  id: 'a',
  parent: 'f',
  kind: CLIENT,
  durationMs: 20,
  attributes: { 'http.request.method': 'GET', 'server.address': 'epg' },
  resource: { service: 'web', instance: 'web-1' },
}
const server: TestSpan = { id: 'b', parent: 'a', kind: SERVER, startMs: START_MS + 4, durationMs: 12, name: 'GET /epg', resource: { service: 'epg' } }
const send: TestSpan = { id: 'a', parent: 'f', kind: PRODUCER, durationMs: 0, attributes: KAFKA, resource: { service: 'web' } }
const take: TestSpan = { id: 'b', parent: 'a', kind: CONSUMER, startMs: START_MS + 20, attributes: KAFKA, resource: { service: 'log' } }

function after(span: TestSpan, ms: number): TestSpan {
  return { ...span, envelope: { ...span.envelope, logTimeMs: START_MS + ms } }
}

function heartbeat(ms: number): TestSpan {
  return after({ trace: 'ffff', id: `${ms}`, kind: INTERNAL, parent: 'e', startMs: START_MS + ms }, ms)
}

function newTopology(perSecond = 64): Topology {
  return createTopology({ pairWindowMs: 5 * MINUTE_MS, maxSpansPerPartition: 1000, lookUps: { perSecond, backMs: 6 * 60 * MINUTE_MS } })
}

function add(sums: Record<string, number>, rows: TakenRows): void {
  for (const row of rows.edges) {
    const name = `${row.source.name} > ${row.target.name} @${row.minute - START_MS / MINUTE_MS}`
    for (const [what, count] of Object.entries({ calls: row.calls, ...row.evidence })) sums[`${name} ${what}`] = (sums[`${name} ${what}`] ?? 0) + count
    for (const which of ['client', 'server', 'network', 'queueWait'] as const)
      for (const [bucket, count] of row[which]) sums[`${name} ${which} ${bucket}`] = (sums[`${name} ${which} ${bucket}`] ?? 0) + count
  }
}

function sumsOf(...steps: TestSpan[][]): Record<string, number> {
  const [topology, store] = [newTopology(), createFakeSpanStore()]
  const sums: Record<string, number> = {}
  for (const spans of steps) {
    feedWithStore(topology, store, spans, { emit: true })
    add(sums, takeRows(topology))
  }
  return Object.fromEntries(Object.entries(sums).filter(([, count]) => count !== 0))
}

const [SECONDS_30, MINUTES_5, HOUR] = [30_000, 5 * MINUTE_MS, 60 * MINUTE_MS]
const PAIRED = {
  'web > epg @0 calls': 1,
  'web > epg @0 paired': 1,
  'web > epg @0 client 776': 1,
  'web > epg @0 server 752': 1,
  'web > epg @0 network 733': 1,
}

test.each([
  ['30 s', SECONDS_30],
  ['5 minutes', MINUTES_5 + 1],
  ['an hour', HOUR],
])('a server that comes %s late turns the half edge into a pair', (_, lateMs) => {
  expect(sumsOf([client], [after(server, lateMs)])).toEqual(PAIRED)
})

test.each([
  ['30 s', SECONDS_30],
  ['5 minutes', MINUTES_5 + 100],
  ['an hour', HOUR],
])('a client that comes %s late finds the server that was an orphan', (_, lateMs) => {
  expect(sumsOf([server], [after(client, lateMs)])).toEqual(PAIRED)
})

test('a correction is counted, and what the store says is not counted again', () => {
  const [topology, store] = [newTopology(), createFakeSpanStore()]
  feedWithStore(topology, store, [client, { ...client, id: 'c', parent: 'a', kind: INTERNAL }], { emit: true })
  expect(edgesOf(takeRows(topology))).toEqual({ 'web > epg http': { calls: 1, clientOnly: 1 } })
  feedWithStore(topology, store, [after(server, HOUR)], { emit: true })
  const rows = takeRows(topology)
  expect(rows.edges.map(({ target, calls, evidence }) => [target.kind, calls, evidence.clientOnly, evidence.paired]).sort(byText)).toEqual([
    ['external', -1, -1, 0],
    ['service', 1, 0, 1],
  ])
  expect(notesOf(rows)).toEqual({ 'late_corrections web': 1 })
  expect(rows.red.map(({ service, calls }) => [service.name, calls]).filter(([, calls]) => calls !== 0)).toEqual([['epg', 1]])
  expect(rows.ends.map(({ instance, calls }) => [instance, calls]).sort(byText)).toEqual([
    ['web-1', -1],
    ['web-1', 1],
  ])
})

test('a call that pairs an hour late has the viewer of its trace', () => {
  const [topology, store] = [newTopology(), createFakeSpanStore()]
  const root: TestSpan = { id: 'f', kind: SERVER, attributes: { 'session.id': 's' }, resource: { service: 'web' } }
  feedWithStore(topology, store, [root, client], { emit: true })
  takeRows(topology)
  feedWithStore(topology, store, [after(server, HOUR)], { emit: true })
  expect(viewersOf(takeRows(topology))['web > epg']).toBe(1)
})

test('a retry that comes late is one call more, and leaves the first as it was but for its network time', () => {
  expect(sumsOf([client, server], [after({ ...server, id: 'c', startMs: START_MS + 5 }, HOUR)])).toEqual({
    'web > epg @0 calls': 2,
    'web > epg @0 paired': 2,
    'web > epg @0 client 776': 1,
    'web > epg @0 server 752': 2,
  })
})

test('a span that the store has already is a repeat however late it comes again, alone or with a late partner', () => {
  const [topology, store] = [newTopology(), createFakeSpanStore()]
  feedWithStore(topology, store, [client], { emit: true })
  expect(feedWithStore(topology, store, [after(client, HOUR)], { emit: true })).toEqual([1])
  expect(feedWithStore(topology, store, [after(server, HOUR + 1), after(server, HOUR + 1)], { emit: true })).toEqual([0, 1])
  const sums: Record<string, number> = {}
  add(sums, takeRows(topology))
  expect(Object.fromEntries(Object.entries(sums).filter(([, count]) => count !== 0))).toEqual(PAIRED)
})

test('a consumer whose producer was let go knows how long its message waited', () => {
  const backlog = { ...take, startMs: START_MS + HOUR }
  const sums = sumsOf([send], [after(backlog, HOUR + 100)], [heartbeat(HOUR + 11_000)])
  expect(sums).toMatchObject({ 'web > kafka/plays @0 calls': 1, 'kafka/plays > log @60 calls': 1, 'kafka/plays > log @60 topic': 1 })
  expect(Object.keys(sums).filter((name) => name.includes('queueWait'))).toHaveLength(1)
})

test('links to messages of long ago are resolved, at home and by the marked copy', () => {
  const batch: TestSpan = { ...take, trace: '2', startMs: START_MS + HOUR, links: [{ trace: '1', id: 'a' }] }
  for (const linkedCopy of [false, true]) {
    const sums = sumsOf([send], [after({ ...batch, envelope: { linkedCopy } }, HOUR + 100)], [heartbeat(HOUR + 11_000)])
    expect(sums['kafka/plays > log @60 link']).toBe(1)
    expect(Object.keys(sums).filter((name) => name.includes('queueWait'))).toHaveLength(1)
  }
})

test.each([
  ['30 s', SECONDS_30],
  ['5 minutes', MINUTES_5 + 100],
  ['an hour', HOUR],
])('a producer that comes %s after who links to it resolves the link, at home and by the marked copy, once however often both come again', (_, lateMs) => {
  const batch: TestSpan = { ...take, trace: '2', links: [{ trace: '1', id: 'a' }] }
  for (const linkedCopy of [false, true]) {
    const [topology, store, sums] = [newTopology(), createFakeSpanStore(), {} as Record<string, number>]
    const home: TestSpan = { ...batch, envelope: { partition: 1 } }
    const linking: TestSpan[] = linkedCopy ? [{ ...batch, envelope: { linkedCopy } }, home] : [batch]
    const again = (spans: TestSpan[], ms: number): TestSpan[] => spans.map((span) => after(span, ms))
    const steps = [
      linking,
      [heartbeat(11_000)],
      [after(send, lateMs)],
      again(linking, 2 * HOUR),
      [after(send, 2 * HOUR + 1000)],
      [heartbeat(2 * HOUR + 20_000)],
    ]
    for (const spans of steps) {
      feedWithStore(topology, store, spans, { emit: true })
      add(sums, takeRows(topology))
    }
    expect(sums).toMatchObject({ 'kafka/plays > log @0 calls': 1, 'kafka/plays > log @0 link': 1, 'web > kafka/plays @0 calls': 1 })
    expect(Object.entries(sums).filter(([name]) => name.includes('queueWait'))).toEqual([['kafka/plays > log @0 queueWait 776', 1]])
  }
})

test('a partner that more spans pushed out is looked up; what is pushed out within a minute is noted', () => {
  const crowd = (from: number, ms: number): TestSpan[] =>
    Array.from({ length: 6 }, (_, i) => after({ trace: 'eeee', id: `${from + i}`, kind: INTERNAL, parent: 'f', startMs: START_MS + ms }, ms))
  for (const [ms, noted] of [
    [90_000, 0],
    [30_000, 1],
  ] as const) {
    const topology = createTopology({ pairWindowMs: MINUTES_5, maxSpansPerPartition: 20, lookUps: { perSecond: 64, backMs: HOUR } })
    const [store, sums] = [createFakeSpanStore(), {} as Record<string, number>]
    feedWithStore(topology, store, [client], { emit: true })
    for (let second = 0; second < 10; second++) feedWithStore(topology, store, crowd(second * 6, ms + second * 1000), { emit: true })
    feedWithStore(topology, store, [after(server, ms + 15_000)], { emit: true })
    const rows = takeRows(topology)
    add(sums, rows)
    expect([sums['web > epg @0 paired'] ?? 0, notesOf(rows)['limit web'] ?? 0]).toEqual([1 - noted, noted])
    expect(topology.heldSpans()).toBeLessThanOrEqual(20)
  }
})

test('a consumer whose producer comes within seconds asks nobody', () => {
  const [topology, store] = [newTopology(), createFakeSpanStore()]
  for (const step of [take, after(send, 5000), heartbeat(20_000)]) feedWithStore(topology, store, [step], { emit: true })
  expect(store.asked).toEqual([])
})

test('spans that are not late ask nobody, however many are orphans', () => {
  const [topology, store] = [newTopology(), createFakeSpanStore()]
  for (const step of [server, after({ ...client, id: 'e' }, 200_000), heartbeat(400_000)]) feedWithStore(topology, store, [step], { emit: true })
  expect(store.asked).toEqual([])
})

test('more look-ups than allowed are left out, counted and noted; the spans count as what they are alone', () => {
  const [topology, store] = [newTopology(2), createFakeSpanStore()]
  const traces = ['1', '2', '3']
  feedWithStore(
    topology,
    store,
    traces.map((trace) => ({ ...client, trace })),
    { emit: true },
  )
  takeRows(topology)
  feedWithStore(
    topology,
    store,
    traces.map((trace) => after({ ...server, trace }, HOUR)),
    { emit: true },
  )
  const rows = takeRows(topology)
  expect(edgesOf(rows)['web > epg http']).toEqual({ calls: 0 + rows.edges.filter(({ target }) => target.kind === 'service')[0]!.calls, paired: 2 })
  expect(notesOf(rows)).toMatchObject({ 'limit epg': 1, 'half_edges epg': 1 })
})

test('what arrived later in the log is not there yet, so that reading the log again gives the same', () => {
  const log = [client, after({ ...server, id: '9', parent: 'c' }, HOUR), after(server, HOUR + 30_000), after({ ...server, id: 'd' }, 2 * HOUR)]
  const store = createFakeSpanStore()
  const straight = newTopology()
  const last = log.pop()!
  const sumsBefore: Record<string, number> = {}
  for (const span of log) feedWithStore(straight, store, [span], { emit: true })
  add(sumsBefore, takeRows(straight))
  const again = newTopology()
  feedWithStore(again, store, log.slice(1), { emit: false })
  const [expected, got]: [Record<string, number>, Record<string, number>] = [{}, {}]
  const copy = createFakeSpanStore()
  copy.add(log)
  feedWithStore(straight, store, [last], { emit: true })
  feedWithStore(again, copy, [last], { emit: true })
  add(expected, takeRows(straight))
  add(got, takeRows(again))
  expect(got).toEqual(expected)
})

test('a callee that came back to a caller that came back before counts once: a second callee takes the network time of the first back', () => {
  const minutes = (count: number): number => count * MINUTE_MS
  const second: TestSpan = { ...server, id: 'c' }
  const inside: TestSpan = { id: 'd', parent: 'b', kind: INTERNAL, resource: { service: 'epg' } }
  const sums = sumsOf([after(client, minutes(18))], [after(server, minutes(21))], [after(inside, minutes(24))], [after(second, minutes(28))])
  expect(sums).toEqual(sumsOf([client, server, second, inside]))
  expect(sums['web > epg @0 network 733']).toBeUndefined()
})

test('a `process` that comes after its `receive` was let go takes back what links of that counted, at home and between marked copies', () => {
  const produced: TestSpan = { ...send, trace: '2', id: 'e' }
  const link = [{ trace: '2', id: 'e' }]
  const [RECEIVE, PROCESS] = [{ 'messaging.operation.type': 'receive' }, { 'messaging.operation.type': 'process' }]
  const receive: TestSpan = { ...take, id: 'c', parent: 'f', links: link, attributes: { ...KAFKA, ...RECEIVE } }
  const process: TestSpan = { ...take, id: 'd', parent: 'c', links: link, attributes: { ...KAFKA, ...PROCESS } }
  for (const homes of [[0], [0, 1]]) {
    // spans of trace 1 live in the last of them, trace 2 in the first, which has copies of those that link to it
    const inAll = (span: TestSpan): TestSpan[] =>
      homes.map((partition, i) => ({ ...span, envelope: { ...span.envelope, partition, linkedCopy: i < homes.length - 1 } }))
    const at = (spans: TestSpan[], ms: number): TestSpan[] => spans.map((span) => after(span, ms))
    const promptly = sumsOf([produced], inAll(receive), inAll(process))
    const late = [[produced], inAll(receive), at(inAll(process), HOUR), inAll(heartbeat(HOUR + 11_000))]
    expect(sumsOf(...late)).toEqual(promptly)
    expect(sumsOf(...late, at(inAll(process), 2 * HOUR), inAll(heartbeat(2 * HOUR + 11_000)))).toEqual(promptly)
    expect(promptly['kafka/plays > log @0 link']).toBe(1)
  }
})

test('a look-up that brought back less than is stored is noted', () => {
  const [topology, store] = [newTopology(), createFakeSpanStore()]
  const late = batchOf([after(server, HOUR)])
  const wants = topology.wants(late)
  topology.add(late, { emit: true, stored: { ...store.answer(wants), cut: new Set(wants.map(wantName)) } })
  expect(notesOf(takeRows(topology))).toMatchObject({ 'limit epg': 1 })
})
