import { PathRow } from '@skein/schemas/path'
import { describe, expect, test } from 'vitest'
import { START_MS, type TestSpan } from '../topology/spans-for-tests.ts'
import { add, arriving, CLIENT, CONSUMER, INTERNAL, OPTIONS, pass, PRODUCER, SERVER, span } from './feeding-for-tests.ts'
import { createPaths } from './paths.ts'
import { type ReferenceSpan, referenceTimes } from './reference-for-tests.ts'
import { createReader, entriesOf, exemplarOf, findingsOf, partsOf, shapesOf } from './rows-for-tests.ts'
import { asTestSpans, randomTrace, seeded, uniqueIds } from './traces-for-tests.ts'

function readAll(spans: readonly TestSpan[]) {
  const paths = createPaths(OPTIONS)
  const reader = createReader()
  add(paths, arriving(spans, START_MS))
  pass(paths, START_MS + 10_000)
  reader.take(paths)
  return reader.rows()
}

const REDIS = { 'db.system': 'redis', 'server.address': 'cache-1' }
const KAFKA = { 'messaging.system': 'kafka', 'messaging.destination.name': 'plays' }

describe('whose time it is', () => {
  const play = [
    span('1', undefined, { kind: SERVER, at: [0, 100], of: 'gateway POST /play' }),
    span('2', '1', { kind: CLIENT, at: [10, 90], of: 'gateway POST' }),
    span('3', '2', { kind: SERVER, at: [20, 85], of: 'playback POST /start' }),
    span('4', '3', { kind: CLIENT, at: [30, 45], of: 'playback GET', attributes: REDIS }),
  ]

  test('a span that serves, the network of a call, and the wait for what reports nothing are told apart', () => {
    const rows = readAll(play)
    expect(partsOf(rows)).toEqual({
      'service gateway POST /play': 20,
      'network gateway POST → playback': 15,
      'service playback POST /start': 50,
      'clientWait playback GET → cache-1': 15,
    })
    expect(entriesOf(rows)).toEqual({ 'gateway POST /play': 1 })
    expect(shapesOf(rows)).toEqual(['gateway POST /play > playback POST /start > cache-1 GET'])
  })

  test('the exemplar of a contributor is the span that took most in the slowest trace', () => {
    const rows = readAll([...play, ...play.map((each) => ({ ...each, trace: '88', durationMs: (each.durationMs ?? 0) / 2 }))])
    const network = rows.filter(({ item }) => item.includes('network')).toSorted((a, b) => b.band - a.band)[0]
    expect(exemplarOf(network)).toEqual({ selfNs: 15e6, traceNs: 100e6, traceId: '77'.padStart(32, '0'), spanId: '2'.padStart(16, '0'), error: false })
  })

  test('a queue is waited in only while somebody waits: from the end of the producer to the start of the consumer', () => {
    const rpcByQueue = [
      span('1', undefined, { kind: SERVER, at: [0, 100], of: 'gateway POST /play' }),
      span('2', '1', { kind: PRODUCER, at: [10, 20], of: 'gateway send', attributes: KAFKA }),
      span('3', '2', { kind: CONSUMER, at: [50, 80], of: 'worker process', attributes: KAFKA }),
    ]
    expect(partsOf(readAll(rpcByQueue))).toEqual({
      'service gateway POST /play': 60,
      'clientWait gateway send → kafka/plays': 10,
      'queueWait kafka/plays process → worker': 30,
    })
    const nobodyWaits = rpcByQueue.map((each) => (each.id === '1' ? { ...each, durationMs: 70 } : each))
    expect(partsOf(readAll(nobodyWaits))).toEqual({ 'service gateway POST /play': 60, 'clientWait gateway send → kafka/plays': 10 })
  })

  test('a library around the call of another keeps its own time', () => {
    const nested = [
      span('1', undefined, { kind: SERVER, at: [0, 100], of: 'a serve' }),
      span('2', '1', { kind: CLIENT, at: [10, 60], of: 'a rpc' }),
      span('3', '2', { kind: CLIENT, at: [20, 50], of: 'a http' }),
      span('4', '3', { kind: SERVER, at: [25, 45], of: 'b serve' }),
    ]
    expect(partsOf(readAll(nested))).toEqual({ 'service a serve': 50, 'service a rpc': 20, 'network a http → b': 10, 'service b serve': 20 })
  })

  test('what one trace adds is its duration, in two thousand random traces as the slow reference says', () => {
    const random = seeded(7)
    const paths = createPaths(OPTIONS)
    const expected = new Map<string, number>()
    let skipped = 0
    for (let i = 0; i < 2000; i++) {
      const trace = withoutProducers(uniqueIds(randomTrace(random), i))
      const times = referenceTimes(trace)
      if (!isCounted(trace, times)) skipped++
      else for (const [id, time] of times) expected.set(id, time)
      add(paths, arriving(asTestSpans(trace, (i + 1).toString(16)), START_MS + Math.floor(i / 100)))
    }
    pass(paths, START_MS + 20_000)
    const reader = createReader()
    reader.take(paths)
    const found = new Map<string, number>()
    for (const [name, ms] of Object.entries(partsOf(reader.rows()))) {
      const id = /op ([0-9a-f]+)/.exec(name)?.[1] ?? ''
      found.set(id, (found.get(id) ?? 0) + ms)
    }
    for (const [id, time] of found) if (time === 0) found.delete(id)
    expect(found).toEqual(expected)
    expect(reader.rows(PathRow.note).reduce((sum, { traces }) => sum + traces, 0)).toBe(skipped)
  })
})

/** Time in a queue is taken from who waits for it, by design; the reference knows none. */
function withoutProducers(trace: readonly ReferenceSpan[]): ReferenceSpan[] {
  return trace.map((each) => ({ ...each, kind: each.kind === PRODUCER ? INTERNAL : each.kind }))
}

/** A trace without its beginning counts only when its first span serves somebody. */
function isCounted(trace: readonly ReferenceSpan[], times: ReadonlyMap<string, number>): boolean {
  const ids = new Set(trace.map(({ id }) => id))
  const root = trace.find(({ id, parent }) => parent === null && times.has(id)) ?? trace[0]
  if (trace.some(({ parent }) => parent === null)) return true
  return root !== undefined && (ids.has(root.parent ?? '') || root.kind === SERVER || root.kind === CONSUMER)
}

describe('what could be otherwise', () => {
  const calls = (count: number, of: (at: number) => Partial<TestSpan> & { of?: string }): TestSpan[] => [
    span('1', undefined, { kind: SERVER, at: [0, count * 10 + 20], of: 'epg GET /list' }),
    ...Array.from({ length: count }, (_, at) => {
      const { of: name = 'epg SELECT', ...more } = of(at)
      return span(`a${at.toString(16)}`, '1', {
        kind: CLIENT,
        at: [20 + at * 10, 30 + at * 10],
        of: name,
        attributes: { 'db.system': 'postgresql', 'db.namespace': 'tv' },
        ...more,
      })
    }),
  ]

  test('the same call again and again, one after the other', () => {
    const found = findingsOf(readAll(calls(7, () => ({}))))
    expect(found['n_plus_one epg SELECT → postgresql/tv']).toEqual([7, 70])
    expect(findingsOf(readAll(calls(4, () => ({}))))).not.toHaveProperty('n_plus_one epg SELECT → postgresql/tv')
  })

  test('calls side by side are no repeats', () => {
    const found = findingsOf(readAll(calls(7, () => ({ startMs: START_MS + 20 }))))
    expect(Object.keys(found).filter((name) => name.startsWith('n_plus_one'))).toEqual([])
  })

  test('different calls that wait for each other', () => {
    const found = findingsOf(readAll(calls(3, (at) => ({ of: `epg SELECT ${at}` }))))
    expect(found['sequential_calls epg GET /list']).toEqual([3, 30])
  })

  test('a call made again after it failed, and the failure itself', () => {
    const found = findingsOf(readAll(calls(3, (at) => ({ status: at < 2 ? 2 : 0 }))))
    expect(found['retries epg SELECT → postgresql/tv']).toEqual([2, 20])
    expect(found['errors_on_path epg SELECT → postgresql/tv']).toEqual([2, 20])
  })

  test('many calls of one span, and the time before the first', () => {
    const found = findingsOf(readAll(calls(20, (at) => ({ startMs: START_MS + 20 + (at % 2) * 100, durationMs: 100 }))))
    expect(found['fan_out epg GET /list']?.[0]).toBe(20)
    expect(findingsOf(readAll(calls(3, () => ({}))))['time_before_first_call epg GET /list']).toEqual([1, 20])
  })
})
