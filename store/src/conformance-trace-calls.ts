import type { EdgeKind, NodeKind } from '@skein/schemas/topology'
import { expect, test } from 'vitest'
import { encodeRest } from './attribute-text.ts'
import type { Suite } from './conformance-suite.ts'
import { type HandRow, insertRows } from './conformance-rows.ts'
import type { TraceCall, TraceSearch } from './contract-traces.ts'

const NOON_MS = Date.UTC(2026, 0, 2, 12)
const [SERVER, CLIENT, PRODUCER, CONSUMER] = [2, 3, 4, 5] as const

/** Traces found by a call between two ends. */
export function traceCallLaws(suite: Suite): void {
  test('a call between two services is found where a span of the one is the parent of a span of the other, and nowhere else', async () => {
    const find = await findIn(suite, {
      a: [span('tv', CLIENT, [1]), span('epg', SERVER, [2, 1])],
      // both are in it, and neither calls the other
      b: [span('tv', SERVER, [1]), span('gate', CLIENT, [2, 1]), span('epg', SERVER, [3, 2])],
      // the other way round
      c: [span('epg', CLIENT, [1]), span('tv', SERVER, [2, 1])],
      d: [span('tv', CLIENT, [1], { status: 2 }), span('epg', SERVER, [2, 1])],
      e: [span('tv', CLIENT, [1]), span('epg', SERVER, [2, 1], { status: 2 }), span('tv', CLIENT, [3, 1], { status: 2 })],
      f: [span('tv', CLIENT, [1]), span('tv', SERVER, [2, 1]), span('tv', CLIENT, [3, 2])],
    })
    const call = callOf('http', ['service', 'tv'], ['service', 'epg'])
    expect(await find({ calls: [call] })).toBe('ade')
    expect(await find({ calls: [call], error: true })).toBe('de')
    expect(await find({ calls: [call], error: false })).toBe('a')
    expect(await find({ calls: [call], service: 'tv', minDurationNs: 1e12 })).toBe('')
    expect(await find({ calls: [call], sort: 'longest' })).toBe('ade')
    expect(await find({ calls: [call], service: 'gate' })).toBe('')
    expect(await find({ calls: [call, callOf('http', ['service', 'epg'], ['service', 'tv'])] })).toBe('acde')
    expect(await find({ calls: [callOf('http', ['service', 'tv'], ['service', 'tv'])] })).toBe('f')
    expect(await find({ calls: [callOf('http', ['client', 'user/tv'], ['service', 'tv'])] })).toBe('b')
    expect(await find({ calls: [] })).toBe('')
  })

  test('a call is found beside another condition however many newer traces have the call', async () => {
    const newer = (at: number): HandRow => ({ trace_id: (at + 1).toString(16).padStart(32, '0'), ts: BigInt(NOON_MS + 1) * 1_000_000n })
    const find = await findIn(suite, {
      a: [span('epg', SERVER, [1]), span('gate', CLIENT, [2, 1])],
      b: Array.from({ length: 10_001 }, (_, at) => span('epg', SERVER, [1], newer(at))),
    })
    expect(await find({ calls: [callOf('call', ['client', 'user/epg'], ['service', 'epg'])], service: 'gate' })).toBe('a')
  })

  test('a link between two services is found by the span that links', async () => {
    const find = await findIn(
      suite,
      { a: [span('tv', SERVER, [1])], b: [span('mail', SERVER, [1], { links: 'x' })], c: [span('mail', SERVER, [1], { links: 'x' })] },
      [
        { ...place('b', 1), service: 'mail', linked_trace: 'a'.repeat(32), linked_span: idOf(1) },
        { ...place('c', 1), service: 'mail', linked_trace: 'f'.repeat(32), linked_span: idOf(1) },
      ],
    )
    expect(await find({ calls: [callOf('link', ['service', 'tv'], ['service', 'mail'])] })).toBe('b')
  })

  const peers: [NodeKind, string, string[]][] = [
    ['database', 'postgresql/epg', ['db.system.name=postgresql', 'db.namespace=epg', 'server.address=pg']],
    ['database', 'mysql/old', ['db.system=mysql', 'db.name=old']],
    ['database', 'pg.internal', ['db.system=postgresql', 'net.peer.name=PG.internal.']],
    ['database', 'mongodb', ['db.system=mongodb', 'server.address=10.0.0.9']],
    ['cache', 'sessions', ['db.system=redis', 'peer.service=sessions', 'db.namespace=0']],
    ['cache', 'cache.internal', ['db.system=redis', 'db.namespace#0', 'server.address=cache.internal']],
    ['queue', 'kafka/orders', ['messaging.system=kafka', 'messaging.destination.name=orders']],
    ['queue', 'kafka/orders.{day}', ['messaging.system=kafka', 'messaging.destination.name=orders.1', 'messaging.destination.template=orders.{day}']],
    ['queue', 'rabbitmq/(temporary)', ['messaging.system=rabbitmq', 'messaging.destination.name=amq.7', 'messaging.destination.temporary?true']],
    ['queue', 'sqs', ['messaging.system=sqs']],
    ['external', 'partner.example', ['server.address=Partner.Example:8443']],
    ['external', 'pay.example', ['http.url=https://me@pay.example:8/x?y']],
    ['external', '10.1.2.3', ['network.peer.address=::ffff:10.1.2.3']],
    ['external', 'fe80::1', ['server.address=[fe80::1%eth0]:80']],
    ['external', "it's=odd", ["peer.service=it's=odd"]],
  ]
  test('a call of what sends no spans is found by the name that ingest gave it, wherever its attributes are kept', async () => {
    const letters = 'abcdef0123456789'
    const spans = peers.map(([kind, , attributes], at): [string, HandRow[]] => {
      const kept = at % 2 === 0 ? { items: attributes } : { items: attributes.slice(1), rest: encodeRest(attributes.slice(0, 1)) }
      return [letters[at] ?? '', [span('tv', kind === 'queue' ? PRODUCER : CLIENT, [1], kept)]]
    })
    const find = await findIn(suite, Object.fromEntries(spans))
    const found = await Promise.all(peers.map(([kind, name]) => find({ calls: [callOf('call', ['service', 'tv'], [kind, name])] })))
    expect(found).toEqual(peers.map((_, at) => letters[at]))
    expect(await find({ calls: [callOf('db', ['service', 'other'], ['database', 'postgresql/epg'])] })).toBe('')
    expect(
      (await find({ calls: ['postgresql/epg', 'mongodb'].map((name) => callOf('db', ['service', 'tv'], ['database', name])) })).split('').toSorted(),
    ).toEqual(['a', 'd'])
  })

  test('a database, a cache, a topic and a host of one name are told apart by what the span says it called', async () => {
    const named = 'peer.service=sessions'
    const find = await findIn(suite, {
      a: [span('tv', CLIENT, [1], { items: [named, 'db.system=postgresql'] })],
      b: [span('tv', CLIENT, [1], { items: [named], rest: encodeRest(['db.system.name=Redis']) })],
      c: [span('tv', CLIENT, [1], { items: [named, 'messaging.destination.name=sessions', 'messaging.system='] })],
      d: [span('tv', CLIENT, [1], { items: [named, 'http.request.method=GET'] })],
      e: [span('tv', PRODUCER, [1], { items: [named] })],
      // ingest takes what has both for a store, and any value for a system that is no cache
      f: [span('tv', CLIENT, [1], { items: [named, 'messaging.system=kafka', 'db.system#7'] })],
    })
    const of = (kind: NodeKind): Promise<string> => find({ calls: [callOf('call', ['service', 'tv'], [kind, 'sessions'])] })
    expect(await Promise.all([of('database'), of('cache'), of('queue'), of('external')])).toEqual(['af', 'b', 'ce', 'd'])
  })

  test('what a service receives from a topic is found by its consumer', async () => {
    const topic = { items: ['messaging.system=kafka', 'messaging.destination.name=orders'] }
    const find = await findIn(suite, {
      a: [span('mail', CONSUMER, [1], topic)],
      b: [span('mail', PRODUCER, [1], topic)],
      c: [span('tv', CONSUMER, [1], topic)],
    })
    expect(await find({ calls: [callOf('consume', ['queue', 'kafka/orders'], ['service', 'mail'])] })).toBe('a')
  })
}

function callOf(kind: EdgeKind, source: readonly [NodeKind, string], target: readonly [NodeKind, string]): TraceCall {
  return { kind, source: { kind: source[0], name: source[1] }, target: { kind: target[0], name: target[1] } }
}

const idOf = (id: number): string => `${id}`.repeat(8).padEnd(16, '0')

type Ids = readonly [id: number, parent?: number]

function span(service: string, kind: number, [id, parent = 0]: Ids, more: HandRow = {}): HandRow {
  const bytes = parent === 0 ? Buffer.alloc(8) : Buffer.from(idOf(parent), 'hex')
  return { service, kind, name: 'x', span_id: idOf(id), parent_lo: bytes.readUInt32LE(0), parent_hi: bytes.readUInt32LE(4), ...more }
}

function place(letter: string, id: number): HandRow {
  return { bucket: NOON_MS, ts: BigInt(NOON_MS) * 1_000_000n, trace_id: letter.repeat(32), span_id: idOf(id) }
}

/** Plants traces under letters and answers searches by theirs, in order. */
async function findIn(
  suite: Suite,
  traces: Readonly<Record<string, readonly HandRow[]>>,
  links: readonly HandRow[] = [],
): Promise<(more: Partial<TraceSearch>) => Promise<string>> {
  const tenant = suite.fresh('tenant')
  const all = Object.entries(traces)
  const common = (letter: string): HandRow => ({ bucket: NOON_MS, trace_id: letter.repeat(32) })
  const startNs = BigInt(NOON_MS) * 1_000_000n
  await insertRows(
    suite,
    'spans',
    tenant,
    all.flatMap(([letter, spans]) => spans.map((each) => ({ ...common(letter), ts: startNs, ...each }))),
  )
  await insertRows(
    suite,
    'trace_services',
    tenant,
    all.flatMap(([letter, spans]) => [...new Set(spans.map((each) => String(each['service'])))].map((service) => ({ ...common(letter), service }))),
  )
  await insertRows(
    suite,
    'traces',
    tenant,
    all.map(([letter, spans]) => ({
      ...common(letter),
      start_ns: startNs,
      end_ns: startNs + 5n,
      spans: spans.length,
      errors: spans.filter((each) => each['status'] === 2).length,
    })),
  )
  if (links.length > 0) await insertRows(suite, 'span_links', tenant, links)
  const window = { tenant, startMs: NOON_MS - 60_000, endMs: NOON_MS + 60_000 }
  return async (more) => {
    const found = await suite.store().traces.search({ ...window, attributes: [], sort: 'newest', limit: 50, ...more })
    return found
      .map(({ traceId }) => traceId[0] ?? '')
      .toSorted((a, b) => a.localeCompare(b))
      .join('')
  }
}
