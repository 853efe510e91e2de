import { expect, test } from 'vitest'
import { CLIENT, CONSUMER, edgesOf, INTERNAL, newTopology, notesOf, PRODUCER, rowsOf, SERVER, takeRows, type TakenRows } from './rows-for-tests.ts'
import { batchOf, MINUTE_MS, START_MS, type TestSpan } from './spans-for-tests.ts'

const HTTP = { 'http.request.method': 'GET', 'server.address': 'epg' }
const KAFKA = { 'messaging.system': 'kafka', 'messaging.destination.name': 'plays' }

const web = { resource: { service: 'web' } }
const epg = { resource: { service: 'epg' } }

function at(logTimeMs: number): Pick<TestSpan, 'envelope'> {
  return { envelope: { logTimeMs } }
}

const clientSpan: TestSpan = { id: 'a', kind: CLIENT, durationMs: 20, attributes: HTTP, ...web }
const serverSpan: TestSpan = { id: 'b', parent: 'a', kind: SERVER, durationMs: 12, name: 'GET /epg', ...epg }

test('a client span and its server span are one paired call, whichever comes first', () => {
  for (const order of [
    [clientSpan, serverSpan],
    [serverSpan, clientSpan],
  ]) {
    const rows = rowsOf(...order)
    expect(edgesOf(rows)).toEqual({ 'web > epg http': { calls: 1, paired: 1 } })
    expect(rows.edges[0]).toMatchObject({ client: [[776, 1]], server: [[752, 1]], network: [[733, 1]], operation: 'GET /epg' })
    expect(notesOf(rows)).toEqual({})
  }
})

test('several servers of one client span are one call each, its duration counts once and no network time is known', () => {
  const rows = rowsOf(clientSpan, serverSpan, { ...serverSpan, id: 'c', status: 2 })
  expect(edgesOf(rows)).toEqual({ 'web > epg http': { calls: 2, paired: 2, errors: 1 } })
  expect(rows.edges[0]).toMatchObject({ client: [[776, 1]], server: [[752, 2]], network: [] })
})

test('a server whose parent is internal in another service is a parentChild call', () => {
  const rows = rowsOf({ id: 'a', kind: INTERNAL, ...web }, serverSpan)
  expect(edgesOf(rows)).toEqual({ 'web > epg call': { calls: 1, parentChild: 1 } })
})

test('a service calls itself only when kinds say that it is remote', () => {
  expect(edgesOf(rowsOf(clientSpan, { ...serverSpan, ...web }))).toEqual({ 'web > web http': { calls: 1, paired: 1 } })
  expect(edgesOf(rowsOf({ id: 'a', kind: INTERNAL, ...web }, { ...serverSpan, ...web }))).toEqual({})
})

test('producer and consumer meet in the topic; in one trace the wait between them is measured', () => {
  const rows = rowsOf(
    { id: 'a', kind: PRODUCER, durationMs: 5, attributes: KAFKA, ...web },
    { id: 'b', parent: 'a', kind: CONSUMER, startMs: START_MS + 25, durationMs: 1, attributes: KAFKA, ...epg },
  )
  expect(edgesOf(rows)).toEqual({ 'web > kafka/plays publish': { calls: 1, topic: 1 }, 'kafka/plays > epg consume': { calls: 1, topic: 1 } })
  expect(rows.edges.find(({ kind }) => kind === 'consume')?.queueWait).toEqual([[776, 1]])
})

test('the call that was longest on its way is an example, whichever side came first and however its queue is known', () => {
  const longest = (kind: string, ...spans: TestSpan[][]): [spanId: string, ms: number][] => {
    const topology = newTopology()
    for (const batch of spans) topology.add(batchOf(batch), { emit: true })
    const rows = takeRows(topology)
    const edge = rows.edges.find((row) => row.kind === kind)?.edgeId
    const found = rows.exemplars.filter((row) => row.edgeId === edge && row.transitNs > 0)
    return found.map(({ spanId, transitNs }): [string, number] => [spanId.replace(/^0+/, ''), Math.round(transitNs / 1e6)]).sort(([, a], [, b]) => b - a)
  }
  const send = (id: string): TestSpan => ({ id, kind: PRODUCER, durationMs: 5, attributes: KAFKA, ...web })
  const take = (id: string, parent: string, waitMs: number, durationMs: number): TestSpan => ({
    ...{ id, parent, kind: CONSUMER, startMs: START_MS + 5 + waitMs, durationMs, attributes: KAFKA, ...epg },
  })
  const [sends, takes] = [
    [send('a'), send('b')],
    [take('c', 'a', 200, 1), take('d', 'b', 20, 50)],
  ]
  expect(longest('consume', [...sends, ...takes])).toEqual([
    ['c', 200],
    ['d', 20],
  ])
  expect(longest('consume', takes, sends)[0]).toEqual(['c', 200])
  const linked: TestSpan = { trace: '9', id: 'e', kind: CONSUMER, startMs: START_MS + 205, attributes: KAFKA, links: [{ trace: '1', id: 'a' }], ...epg }
  expect(longest('consume', [{ ...send('a'), trace: '1' }], [linked])).toEqual([['e', 200]])
  expect(longest('http', [clientSpan, serverSpan])).toEqual([['a', 8]])
})

test('a link counts for the span that has it, also after others were let go and room was made for more', () => {
  const topology = newTopology()
  const fillers = (count: number, from: number, logTimeMs: number): TestSpan[] =>
    Array.from({ length: count }, (_, i) => ({ trace: `f${(from + i).toString(16)}`, id: 'a', kind: INTERNAL, ...web, ...at(logTimeMs) }))
  const laterMs = START_MS + 6 * MINUTE_MS
  const consumer: TestSpan = { trace: '9', id: 'c', kind: CONSUMER, attributes: KAFKA, links: [{ trace: '1', id: 'a' }], ...epg, ...at(laterMs) }
  const producer: TestSpan = { trace: '1', id: 'a', kind: PRODUCER, attributes: KAFKA, ...web, ...at(laterMs) }
  topology.add(batchOf(fillers(40, 0, START_MS)), { emit: true })
  topology.add(batchOf([consumer, ...fillers(100, 40, laterMs)]), { emit: true })
  topology.add(batchOf([producer]), { emit: true })
  expect(edgesOf(takeRows(topology))['kafka/plays > epg consume']).toEqual({ calls: 1, topic: 1, link: 1 })
})

test('a consumer in another trace knows its producers by links, also where it is only a marked copy', () => {
  const producers: TestSpan[] = ['1', '2'].map((trace) => ({ trace, id: 'a', kind: PRODUCER, durationMs: 0, attributes: KAFKA, ...web }))
  const links = ['1', '2', '3'].map((trace) => ({ trace, id: 'a' }))
  const consumer: TestSpan = { trace: '9', id: 'c', kind: CONSUMER, startMs: START_MS + 20, attributes: KAFKA, links, ...epg }
  const expected = { 'web > kafka/plays publish': { calls: 2, topic: 2 }, 'kafka/plays > epg consume': { calls: 1, topic: 1, link: 2 } }
  expect(edgesOf(rowsOf(...producers, consumer))).toEqual(expected)
  expect(edgesOf(rowsOf(consumer, ...producers))).toEqual(expected)
  const copy = rowsOf({ ...consumer, envelope: { linkedCopy: true } }, ...producers)
  expect(edgesOf(copy)).toEqual({ 'web > kafka/plays publish': { calls: 2, topic: 2 }, 'kafka/plays > epg consume': { link: 2 } })
  expect(copy.edges.find(({ kind }) => kind === 'consume')?.queueWait).toEqual([[776, 2]])
  expect(copy.red.every(({ service }) => service.name === 'web')).toBe(true)
})

test('a marked copy gives way to the span itself, which is no repeat', () => {
  const consumer: TestSpan = { id: 'c', kind: CONSUMER, attributes: KAFKA, links: [{ trace: '2', id: 'e' }], ...epg }
  const producer: TestSpan = { trace: '2', id: 'e', kind: PRODUCER, attributes: KAFKA, ...web }
  const topology = newTopology()
  const repeats = topology.add(
    batchOf([{ ...consumer, envelope: { linkedCopy: true } }, producer, consumer, { ...consumer, envelope: { linkedCopy: true } }]),
    { emit: true },
  )
  expect([...repeats]).toEqual([0, 0, 0, 1])
  expect(edgesOf(takeRows(topology))['kafka/plays > epg consume']).toEqual({ calls: 1, topic: 1, link: 1 })
})

test('a half edge shows at once and is taken back when its partner comes, in the minute of its own', () => {
  const topology = newTopology()
  topology.add(batchOf([clientSpan]), { emit: true })
  expect(edgesOf(takeRows(topology))).toEqual({ 'web > epg http': { calls: 1, clientOnly: 1 } })
  topology.add(batchOf([{ ...serverSpan, startMs: START_MS + MINUTE_MS, ...at(START_MS + 2 * MINUTE_MS) }]), { emit: true })
  const rows = takeRows(topology)
  expect(rows.edges.map(({ target, calls, minute }) => [target.kind, calls, minute])).toEqual([
    ['service', 1, START_MS / MINUTE_MS],
    ['external', -1, START_MS / MINUTE_MS],
  ])
  expect(notesOf(rows)).toEqual({ 'late_corrections web': 1, 'no_parents web': -1 })
})

test('the same span delivered twice counts once, until the window has passed', () => {
  const topology = newTopology()
  const root: TestSpan = { id: 'a', kind: SERVER, ...web }
  expect([
    ...topology.add(batchOf([root, { ...root, ...at(START_MS + 5 * MINUTE_MS - 1) }, { ...root, ...at(START_MS + 5 * MINUTE_MS) }]), { emit: true }),
  ]).toEqual([0, 1, 0])
  expect([...topology.add(batchOf([{ ...root, envelope: { tenant: 'other', logTimeMs: START_MS + 5 * MINUTE_MS } }]), { emit: true })]).toEqual([0])
  expect(takeRows(topology).red.map(({ tenant, calls }) => [tenant, calls])).toEqual([
    ['t', 2],
    ['other', 1],
  ])
})

test('clock skew never moves an edge: up to a millisecond it counts as 0, beyond it is noted and left out', () => {
  const near = rowsOf({ ...clientSpan, durationMs: 11 }, serverSpan)
  expect(near.edges[0]?.network).toEqual([[-1, 1]])
  const far = rowsOf({ ...clientSpan, durationMs: 10.9 }, { ...serverSpan, resource: { service: 'epg', instance: 'epg-1' } })
  expect(edgesOf(far)).toEqual({ 'web > epg http': { calls: 1, paired: 1 } })
  expect(far.edges[0]?.network).toEqual([])
  expect(notesOf(far)).toEqual({ 'skewed_hosts epg-1': 1 })
})

test('the kind of a call is that of the caller, else that of the callee', () => {
  const bare: TestSpan = { ...clientSpan, attributes: {} }
  expect(edgesOf(rowsOf(bare, { ...serverSpan, attributes: { 'rpc.system': 'grpc' } }))).toEqual({ 'web > epg rpc': { calls: 1, paired: 1 } })
  expect(edgesOf(rowsOf(bare, serverSpan))).toEqual({ 'web > epg call': { calls: 1, paired: 1 } })
  expect(edgesOf(rowsOf(clientSpan, { ...serverSpan, attributes: { 'rpc.system': 'grpc' } }))).toEqual({ 'web > epg http': { calls: 1, paired: 1 } })
})

test('a create inside a send and a receive around a process are no calls of their own', () => {
  const send: TestSpan = { id: 'a', kind: CLIENT, attributes: { ...KAFKA, 'messaging.operation.type': 'send' }, ...web }
  const create: TestSpan = { id: 'b', parent: 'a', kind: PRODUCER, attributes: { ...KAFKA, 'messaging.operation.type': 'create' }, ...web }
  const receive: TestSpan = { id: 'c', kind: CONSUMER, attributes: { ...KAFKA, 'messaging.operation.type': 'receive' }, ...epg }
  const process: TestSpan = { id: 'd', parent: 'c', kind: CONSUMER, attributes: { ...KAFKA, 'messaging.operation.type': 'process' }, ...epg }
  const expected = { 'web > kafka/plays publish': { calls: 1, topic: 1 }, 'kafka/plays > epg consume': { calls: 1, topic: 1 } }
  expect(edgesOf(rowsOf(send, create, receive, process))).toEqual(expected)
  expect(edgesOf(rowsOf(process, receive, create, send))).toEqual(expected)
})

test('messages that are created one by one and sent together are one call, whichever comes first', () => {
  const operation = (type: string): Record<string, string> => ({ ...KAFKA, 'messaging.operation.type': type })
  const create = (id: string): TestSpan => ({ id, parent: 'f', kind: PRODUCER, attributes: operation('create'), ...web })
  const links = ['a', 'b'].map((id) => ({ trace: '1', id }))
  const send: TestSpan = { id: 'c', parent: 'f', kind: CLIENT, attributes: operation('send'), links, ...web }
  const take: TestSpan = { id: 'd', parent: 'a', kind: CONSUMER, startMs: START_MS + 50, attributes: KAFKA, ...epg }
  const expected = { 'web > kafka/plays publish': { calls: 1, topic: 1 }, 'kafka/plays > epg consume': { calls: 1, topic: 1 } }
  const spans = [create('a'), create('b'), send, take]
  for (const order of [spans, spans.toReversed(), [send, take, create('b'), create('a')]]) expect(edgesOf(rowsOf(...order))).toEqual(expected)
  const others = { ...send, resource: { service: 'other' } }
  expect(edgesOf(rowsOf(create('a'), create('b'), others))['web > kafka/plays publish']).toEqual({ calls: 2, topic: 2 })
})

test('a message that is settled is no call: neither to its topic nor to the broker', () => {
  const settle: TestSpan = {
    id: 'a',
    parent: 'f',
    kind: CLIENT,
    attributes: { ...KAFKA, 'server.address': 'broker', 'messaging.operation.type': 'settle' },
    ...web,
  }
  expect([edgesOf(rowsOf(settle)), notesOf(rowsOf(settle))]).toEqual([{}, {}])
})

test('client spans inside each other are one call: with a partner, else the outermost to a store, else the innermost', () => {
  const db: TestSpan = { id: 'a', kind: CLIENT, attributes: { 'db.system': 'dynamodb' }, ...web }
  const inner: TestSpan = { id: 'c', parent: 'a', kind: CLIENT, attributes: { 'server.address': 'aws' }, ...web }
  const outer: TestSpan = { id: 'a', kind: CLIENT, attributes: { 'rpc.system': 'grpc', 'server.address': 'x' }, ...web }
  const server: TestSpan = { id: 'd', parent: 'c', kind: SERVER, ...epg }
  for (const order of [(spans: TestSpan[]) => spans, (spans: TestSpan[]) => spans.toReversed()]) {
    expect(Object.keys(edgesOf(rowsOf(...order([db, inner]))))).toEqual(['web > dynamodb db'])
    expect(Object.keys(edgesOf(rowsOf(...order([outer, inner]))))).toEqual(['web > aws call'])
    expect(Object.keys(edgesOf(rowsOf(...order([db, inner, server]))))).toEqual(['web > epg call'])
  }
})

test('an orphan server makes no edge: it counts at its node and as half an edge, until it pairs', () => {
  const topology = newTopology()
  topology.add(batchOf([serverSpan]), { emit: true })
  const rows = takeRows(topology)
  expect(rows.edges).toEqual([])
  expect(notesOf(rows)).toEqual({ 'half_edges epg': 1 })
  expect(rows.red.map(({ service, operation, kind, calls }) => [service.name, operation, kind, calls])).toEqual([['epg', 'GET /epg', SERVER, 1]])
  topology.add(batchOf([clientSpan]), { emit: true })
  const later = takeRows(topology)
  expect(edgesOf(later)).toEqual({ 'web > epg http': { calls: 1, paired: 1 } })
  expect(notesOf(later)).toEqual({ 'half_edges epg': -1 })
})

test('calls of a service are its servers, consumers, roots and children of another service', () => {
  const rows = rowsOf(
    { id: 'a', kind: INTERNAL, ...web },
    { id: 'b', parent: 'a', kind: INTERNAL, ...web },
    { id: 'c', parent: 'a', kind: INTERNAL, ...epg },
    { id: 'd', parent: 'ff', kind: CLIENT, attributes: HTTP, ...web },
  )
  expect(rows.red.map(({ service, calls }) => [service.name, calls])).toEqual([
    ['web', 1],
    ['epg', 1],
  ])
})

test('a root server is called by the user of its service', () => {
  const rows = rowsOf({ id: 'a', kind: SERVER, attributes: { 'http.request.method': 'GET' }, resource: { service: 'web', cluster: 'eu', namespace: 'tv' } })
  expect(edgesOf(rows)).toEqual({ 'user/web > web http': { calls: 1, serverOnly: 1 } })
  expect(rows.edges[0]?.source).toEqual({ environment: 'test', cluster: '', namespace: '', kind: 'client', name: 'user/web' })
})

test('an error on either span is one error of the call', () => {
  for (const [client, server] of [
    [{ status: 2 }, { status: 2 }],
    [{ attributes: { ...HTTP, 'http.status_code': 502 } }, {}],
    [{}, { attributes: { 'rpc.response.status_code': 'UNAVAILABLE' } }],
    [{}, { attributes: { 'rpc.grpc.status_code': 13 } }],
  ])
    expect(edgesOf(rowsOf({ ...clientSpan, ...client }, { ...serverSpan, ...server }))).toEqual({ 'web > epg http': { calls: 1, paired: 1, errors: 1 } })
  const fine = rowsOf({ ...clientSpan, attributes: { ...HTTP, 'http.status_code': 404 } }, { ...serverSpan, attributes: { 'rpc.grpc.status_code': 5 } })
  expect(edgesOf(fine)).toEqual({ 'web > epg http': { calls: 1, paired: 1 } })
})

test('what cannot be taken back waits for the partner or the end of the window; stores and topics do not', () => {
  const seen = (rows: TakenRows): [string, number][] =>
    rows.edges.filter((row) => row.firstSeenMs <= row.lastSeenMs).map((row) => [row.target.name, row.firstSeenMs - START_MS])
  const topology = newTopology()
  topology.add(
    batchOf([
      { ...clientSpan, startMs: START_MS + 7 },
      { id: 'd', kind: CLIENT, startMs: START_MS + 3, attributes: { 'db.system': 'mysql' }, ...web },
    ]),
    { emit: true },
  )
  const first = takeRows(topology)
  expect(seen(first)).toEqual([['mysql', 3]])
  expect(first.exemplars).toHaveLength(1)
  topology.add(batchOf([{ id: 'e', kind: INTERNAL, parent: 'ff', ...at(START_MS + 5 * MINUTE_MS) }]), { emit: true })
  const last = takeRows(topology)
  expect(seen(last)).toEqual([['epg', 7]])
  expect(last.exemplars.map(({ durationNs, sourceOperation, error }) => [durationNs, sourceOperation, error])).toEqual([[20e6, 'op', false]])
})

test('log time passes in a partition by envelopes without spans', () => {
  const topology = newTopology()
  topology.add(batchOf([clientSpan]), { emit: true })
  const heartbeat = batchOf([])
  heartbeat.envelopes.push({ ...batchOf([clientSpan]).envelopes[0]!, logTimeMs: START_MS + 5 * MINUTE_MS })
  topology.add(heartbeat, { emit: true })
  expect(topology.heldSpans()).toBe(0)
})

test('partitions and tenants are apart, and a forgotten partition holds nothing', () => {
  const topology = newTopology()
  topology.add(batchOf([clientSpan, { ...serverSpan, envelope: { partition: 1 } }, { ...serverSpan, envelope: { tenant: 'other' } }]), { emit: true })
  expect(Object.keys(edgesOf(takeRows(topology)))).toEqual(['web > epg http'])
  expect(topology.heldSpans()).toBe(3)
  topology.forget('skein.traces', 0)
  expect(topology.heldSpans()).toBe(1)
})

test('a client span that names nobody is no edge, and noted until it pairs', () => {
  const nameless: TestSpan = { ...clientSpan, parent: 'ff', attributes: {} }
  expect(notesOf(rowsOf(nameless))).toEqual({ 'unnamed_peers web': 1 })
  expect(rowsOf(nameless).edges).toEqual([])
  expect(notesOf(rowsOf(nameless, serverSpan))).toEqual({})
})

test('services without a name and calls outside any trace are noted', () => {
  const rows = rowsOf({ id: 'a', kind: CLIENT, attributes: HTTP, resource: { service: 'unknown_service:java' } })
  expect(notesOf(rows)).toEqual({ 'unnamed_service unknown_service:java': 1, 'no_parents unknown_service:java': 1 })
})

test('an instance shows with its version, also when it serves no calls', () => {
  const resource = { service: 'web', instance: 'web-1', version: '2', addresses: ['10.0.0.1'] }
  const rows = rowsOf({ id: 'a', parent: 'ff', kind: INTERNAL, resource })
  expect(rows.instances.map((row) => [row.resource.instance, row.calls])).toEqual([['web-1', 0]])
})
