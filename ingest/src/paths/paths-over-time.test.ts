import { PathRow } from '@skein/schemas/path'
import { describe, expect, test } from 'vitest'
import { batchOf, START_MS, type TestSpan } from '../topology/spans-for-tests.ts'
import { add, arriving, CLIENT, INTERNAL, OPTIONS, pass, SERVER, span } from './feeding-for-tests.ts'
import { createPaths, PATH_MEMORY_MS } from './paths.ts'
import { createReader, entriesOf, partsOf, sumsOf } from './rows-for-tests.ts'
import { MAX_TRACE_SPANS } from './trace-columns.ts'
import { asTestSpans, randomTrace, seeded, uniqueIds } from './traces-for-tests.ts'

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

  test('traces beyond what is held take no memory', () => {
    const paths = createPaths({ maxSpansPerPartition: 10 })
    const traces = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => span('1', undefined, { kind: SERVER, at: [0, 1], of: 'gateway GET /', trace: (from + at).toString(16) }))
    add(paths, arriving(traces(1, 100), START_MS))
    const before = paths.heldBytes()
    add(paths, arriving(traces(101, 5000), START_MS + 1000))
    expect(paths.heldBytes()).toBe(before)
  })

  test('a trace of more spans than are looked at is the path of the first of them, and the rest is counted', () => {
    const paths = createPaths(OPTIONS)
    const reader = createReader()
    const root = span('f0000001', undefined, { kind: SERVER, at: [0, 100_000], of: 'batch run' })
    const children = Array.from({ length: MAX_TRACE_SPANS + 9 }, (_, at) =>
      span((at + 1).toString(16), 'f0000001', { kind: INTERNAL, at: [at, at + 1], of: 'batch step' }),
    )
    add(paths, arriving([root, ...children], START_MS))
    pass(paths, START_MS + 10_000)
    reader.take(paths)
    expect(reader.rows(PathRow.note).map(({ item, traces }) => [item, traces])).toEqual([['limit', 10]])
    expect(partsOf(reader.rows())).toEqual({ 'service batch run': 100_000 - (MAX_TRACE_SPANS - 1), 'service batch step': MAX_TRACE_SPANS - 1 })
  })

  test('names that are sent once, in any script, are told and then forgotten', () => {
    const paths = createPaths(OPTIONS)
    const reader = createReader()
    const named = (at: number): string => `节目 ${at} ${'й'.repeat(5000)}`
    for (let second = 0; second < 600; second += 2) {
      const once = Array.from({ length: 20 }, (_, at) => ({
        ...span('1', undefined, { kind: SERVER, at: [0, 10], of: 'epg' }),
        name: named(second * 20 + at),
        trace: (second * 20 + at + 1).toString(16),
      }))
      add(paths, arriving(once, START_MS + second * 1000))
      if (second % 60 === 0) reader.take(paths)
    }
    pass(paths, START_MS + 2_000_000)
    reader.take(paths)
    expect(reader.rows(PathRow.entry)).toHaveLength(6000)
    paths.take()
    expect(paths.heldBytes()).toBeLessThan(1_000_000)
  })

  test('a sampled trace counts as many times as it stands for, and is taken back as many times', () => {
    const paths = createPaths(OPTIONS)
    const reader = createReader()
    const sampled = whole.map((each) => ({ ...each, traceState: 'ot=th:c' }))
    add(paths, arriving(sampled.slice(0, 2), START_MS))
    pass(paths, START_MS + 10_000)
    add(paths, arriving(sampled.slice(2), START_MS + 11_000))
    pass(paths, START_MS + 20_000)
    reader.take(paths)
    expect(entriesOf(reader.rows())).toEqual({ 'gateway GET /': 4 })
    expect(partsOf(reader.rows())).toEqual({ 'service gateway GET /': 80, 'network gateway GET → epg': 80, 'service epg GET /list': 240 })
    expect(Object.fromEntries(reader.rows(PathRow.note).map(({ item, traces }) => [item, traces]))).toEqual({ late_corrections: 1, sampled: 1 })
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
