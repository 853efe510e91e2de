import { PathRow } from '@skein/schemas/path'
import { describe, expect, test } from 'vitest'
import { batchOf, START_MS, type TestSpan } from '../topology/spans-for-tests.ts'
import { createPaths, PATH_MEMORY_MS, type Paths } from './paths.ts'
import { type ReferenceSpan, referenceTimes } from './reference-for-tests.ts'
import { createReader, entriesOf, exemplarOf, findingsOf, partsOf, shapesOf, sumsOf } from './rows-for-tests.ts'
import { asTestSpans, randomTrace, seeded } from './traces-for-tests.ts'

const INTERNAL = 1
const SERVER = 2
const CLIENT = 3
const PRODUCER = 4
const CONSUMER = 5

const OPTIONS = { maxSpansPerPartition: 100_000 }

/** A span of a service: `service operation`, and when it ran in ms. */
function span(id: string, parent: string | undefined, of: { kind: number; at: [number, number]; of: string } & Partial<TestSpan>): TestSpan {
  const [service = '', ...operation] = of.of.split(' ')
  const [start, end] = of.at
  const { kind, at: _, of: __, ...more } = of
  return {
    trace: '77',
    id,
    ...(parent === undefined ? {} : { parent }),
    kind,
    name: operation.join(' '),
    startMs: START_MS + start,
    durationMs: end - start,
    resource: { service, version: '1' },
    ...more,
  }
}

function arriving(spans: readonly TestSpan[], logTimeMs: number, partition = 0): TestSpan[] {
  return spans.map((each) => ({ ...each, envelope: { logTimeMs, partition } }))
}

function add(paths: Paths, spans: readonly TestSpan[], emit = true): void {
  const batch = batchOf(spans)
  paths.add(batch, new Uint8Array(batch.length), { emit })
}

/** Brings log time to silent partitions, as a heartbeat does. */
function pass(paths: Paths, logTimeMs: number, partition = 0, emit = true): void {
  const batch = batchOf([{ id: 'ff', trace: 'ff', envelope: { logTimeMs, partition } }])
  paths.add(batch, Uint8Array.of(1), { emit })
}

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

function uniqueIds(trace: readonly ReferenceSpan[], at: number): ReferenceSpan[] {
  const unique = (id: string): string => (id.startsWith('ffff') ? id : at.toString(16).padStart(8, '0') + id.slice(8))
  return trace.map((each) => ({ ...each, id: unique(each.id), parent: each.parent === null ? null : unique(each.parent) }))
}

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

describe('while traces stream', () => {
  const whole = [
    span('1', undefined, { kind: SERVER, at: [0, 100], of: 'gateway GET /' }),
    span('2', '1', { kind: CLIENT, at: [10, 90], of: 'gateway GET' }),
    span('3', '2', { kind: SERVER, at: [20, 80], of: 'epg GET /list' }),
  ]

  test('a trace is closed five seconds after its last span, and counted once', () => {
    const paths = createPaths(OPTIONS)
    const reader = createReader()
    add(paths, arriving(whole.slice(0, 2), START_MS))
    add(paths, arriving(whole.slice(2), START_MS + 4000))
    pass(paths, START_MS + 8000)
    reader.take(paths)
    expect(reader.rows()).toEqual([])
    pass(paths, START_MS + 9000)
    reader.take(paths)
    pass(paths, START_MS + 500_000)
    reader.take(paths)
    expect(partsOf(reader.rows())).toEqual({ 'service gateway GET /': 20, 'network gateway GET → epg': 20, 'service epg GET /list': 60 })
    expect(entriesOf(reader.rows())).toEqual({ 'gateway GET /': 1 })
  })

  test('a late span takes back what its trace added and adds what it is now', () => {
    const [paths, prompt] = [createPaths(OPTIONS), createPaths(OPTIONS)]
    const [late, all] = [createReader(), createReader()]
    add(paths, arriving(whole.slice(0, 2), START_MS))
    pass(paths, START_MS + 10_000)
    late.take(paths)
    expect(partsOf(late.rows())).toEqual({ 'service gateway GET /': 20, 'clientWait gateway GET': 80 })
    add(paths, arriving(whole.slice(2), START_MS + 40_000))
    pass(paths, START_MS + 50_000)
    late.take(paths)
    add(prompt, arriving(whole, START_MS))
    pass(prompt, START_MS + 10_000)
    all.take(prompt)
    const sums = (reader: typeof late) =>
      reader
        .rows()
        .filter(({ what }) => what !== PathRow.note)
        .map(sumsOf)
    expect(new Set(sums(late))).toEqual(new Set(sums(all)))
    expect(late.rows(PathRow.note).map(({ item, traces }) => [item, traces])).toEqual([['late_corrections', 1]])
  })

  test('an entry that never ends is counted within a minute, and its memory goes', () => {
    const paths = createPaths(OPTIONS)
    const reader = createReader()
    for (let second = 0; second < 1000; second++) {
      const one = span((second + 1).toString(16), second === 0 ? undefined : '1', {
        kind: second === 0 ? SERVER : INTERNAL,
        at: [second * 1000, second * 1000 + 500],
        of: 'batch run',
      })
      add(paths, arriving([one], START_MS + second * 1000))
      if (second === 61) {
        reader.take(paths)
        expect(entriesOf(reader.rows())).toEqual({ 'batch run': 1 })
      }
      if (second % 100 === 0) reader.take(paths)
    }
    expect(paths.heldBytes()).toBeLessThan(200_000)
  })

  test('spans beyond what is held are counted, and the rest is as it was', () => {
    const paths = createPaths({ maxSpansPerPartition: 3 })
    const reader = createReader()
    add(paths, arriving([...whole, ...whole.map((each) => ({ ...each, trace: '99' }))], START_MS))
    pass(paths, START_MS + 10_000)
    reader.take(paths)
    expect(entriesOf(reader.rows())).toEqual({ 'gateway GET /': 1 })
    expect(reader.rows(PathRow.note).map(({ item, traces }) => [item, traces])).toEqual([
      ['limit', 2],
      ['limit', 1],
    ])
  })

  test('repeats and marked copies are not looked at', () => {
    const paths = createPaths(OPTIONS)
    const reader = createReader()
    const batch = batchOf([
      ...arriving(whole, START_MS),
      ...arriving(whole, START_MS).map((each) => ({ ...each, trace: '99', envelope: { ...each.envelope, linkedCopy: true } })),
    ])
    paths.add(batch, Uint8Array.of(0, 0, 1, 0, 0, 0), { emit: true })
    pass(paths, START_MS + 10_000)
    reader.take(paths)
    expect(entriesOf(reader.rows())).toEqual({ 'gateway GET /': 1 })
    expect(partsOf(reader.rows())).toHaveProperty('clientWait gateway GET', 80)
  })
})

describe('memory', () => {
  /** Ten minutes of traces whose spans come in over seconds to minutes, in the order of log time. */
  function longLog(seed: number): TestSpan[] {
    const random = seeded(seed)
    const log: { atMs: number; span: TestSpan }[] = []
    for (let i = 0; i < 120; i++) {
      const beginMs = random() * 900_000
      const spreadMs = [500, 8000, 70_000, 200_000, 900_000][Math.floor(random() * 5)] ?? 0
      for (const each of asTestSpans(uniqueIds(randomTrace(random), i), (i + 1).toString(16)))
        log.push({ atMs: Math.floor(beginMs + random() * spreadMs), span: each })
    }
    return log.toSorted((a, b) => a.atMs - b.atMs).map(({ atMs, span: each }) => ({ ...each, envelope: { logTimeMs: START_MS + atMs, partition: 0 } }))
  }

  test('made again from the log it is what it was: a replay from any point emits the same, however the log is cut', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const log = longLog(seed)
      const random = seeded(seed * 31)
      const from = START_MS + 400_000 + Math.floor(random() * 800_000)
      const at = log.findIndex(({ envelope }) => (envelope?.logTimeMs ?? 0) >= from)
      if (at < 0) continue
      const emitted = (start: number, step: number): string[] => {
        const paths = createPaths(OPTIONS)
        const reader = createReader()
        for (let i = start; i < at; i += step) add(paths, log.slice(i, Math.min(i + step, at)), false)
        paths.take()
        for (let i = at; i < log.length; i += step) {
          add(paths, log.slice(i, i + step))
          reader.take(paths)
        }
        pass(paths, START_MS + 4_000_000)
        reader.take(paths)
        return reader.rows().map(sumsOf).toSorted()
      }
      const memory = log.findIndex(({ envelope }) => (envelope?.logTimeMs ?? 0) > (log[at]?.envelope?.logTimeMs ?? 0) - PATH_MEMORY_MS)
      const expected = emitted(0, 50)
      expect(expected.length).toBeGreaterThan(0)
      expect(emitted(memory, 7), `seed ${seed}`).toEqual(expected)
    }
  })
})
