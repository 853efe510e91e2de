import { takeRows } from './rows-for-tests.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Arrival, type Drawn, drawnTraces, logOf, readAgain, referenceOf, RUNS, sorted, sumRows, WINDOW_MS } from './random-traces-for-tests.ts'
import { referenceSums, type Sums } from './reference-for-tests.ts'
import { START_MS, type TestSpan } from './spans-for-tests.ts'
import { createFakeSpanStore, type FakeSpanStore, feedWithStore } from './stored-spans-for-tests.ts'
import { createTopology, type Topology } from './topology.ts'

/** An hour of log time, and a store that is asked for what was let go. */
const HOURS_MS = 3_600_000
const LOOK_UPS = { perSecond: 64, backMs: 6 * HOURS_MS }

function withStore(maxSpansPerPartition = 1000): Topology {
  return createTopology({ pairWindowMs: WINDOW_MS, maxSpansPerPartition, lookUps: LOOK_UPS })
}

/** The log goes on: whoever still waits for the producer of a message looks for it. */
function withEnd(log: readonly Arrival[]): Arrival[] {
  const logTimeMs = (log.at(-1)?.logTimeMs ?? START_MS) + 11_000
  const end = (partition: number): Arrival => ({
    logTimeMs,
    span: { trace: 'ffff', id: `${partition + 1}`, parent: 'e', kind: 1, envelope: { partition, logTimeMs } },
  })
  return [...log, end(0), end(1)]
}

function overAnHour(traces: Drawn[][]): Arrival[] {
  return withEnd(logOf(traces, (_, arrival) => START_MS + 70_000 + Math.floor((arrival * HOURS_MS) / 1000)))
}

test('partners that come minutes or hours late are found in the store: the sums are those of all spans at once', () => {
  fc.assert(
    fc.property(drawnTraces, (traces) => {
      const [topology, store, sums] = [withStore(), createFakeSpanStore(), new Map<string, number>()]
      for (const { span } of overAnHour(traces)) {
        feedWithStore(topology, store, [span], { emit: true })
        sumRows(takeRows(topology), sums)
      }
      expect(sorted(sums)).toEqual(sorted(referenceSums(referenceOf(traces))))
    }),
    { numRuns: RUNS / 2, endOnFailure: true },
  )
})

/** Of a partition, whose traces have some five times as many: what one look-up brings back fits into half of it. */
const FEW = 24

test('spans that were pushed out by others are found in the store like those that were let go', () => {
  const many = fc.array(drawnTraces, { minLength: 3, maxLength: 5 }).map((all) => all.flat())
  let heldMost = 0
  fc.assert(
    fc.property(many, (drawn) => {
      // who links waits ten seconds for its look-up, and may be pushed out before
      const traces = drawn.map((spans) => spans.map((span) => ({ ...span, links: [] })))
      const order = logOf(traces, (_, arrival) => arrival)
      const log = order.map(({ span }, rank) => at(span, START_MS + 130_000 + rank * 1_100))
      const [topology, store, sums] = [withStore(FEW), createFakeSpanStore(), new Map<string, number>()]
      for (const { span } of log) {
        feedWithStore(topology, store, [span], { emit: true })
        sumRows(takeRows(topology), sums)
        heldMost = Math.max(heldMost, topology.heldSpans())
      }
      expect(sorted(sums)).toEqual(sorted(referenceSums(referenceOf(traces))))
    }),
    { numRuns: RUNS / 8, endOnFailure: true },
  )
  expect(heldMost).toBe(2 * FEW)
})

function at(span: TestSpan, logTimeMs: number): Arrival {
  return { logTimeMs, span: { ...span, envelope: { ...span.envelope, logTimeMs } } }
}

test('a restart repeats its look-ups over a store that has more by then, and goes on as if nothing had happened', () => {
  fc.assert(
    fc.property(drawnTraces, fc.nat(60), fc.array(fc.nat(60), { maxLength: 3 }), (drawn, stop, cuts) => {
      const log = overAnHour(drawn)
      const [straight, broken, again] = [withStore(), withStore(), withStore()]
      const [one, other] = [createFakeSpanStore(), createFakeSpanStore()]
      const [expected, got] = [new Map<string, number>(), new Map<string, number>()]
      const step = (topology: Topology, store: FakeSpanStore, spans: TestSpan[], sums: Sums): void => {
        feedWithStore(topology, store, spans, { emit: true })
        sumRows(takeRows(topology), sums)
      }
      for (const { span } of log) step(straight, one, [span], expected)
      for (const { span } of log.slice(0, stop)) step(broken, other, [span], got)
      let from = 0
      const readTwice = readAgain(log.slice(0, stop)).map(({ span }) => span)
      for (const cut of [...cuts, readTwice.length].toSorted((a, b) => a - b)) {
        if (cut > from) feedWithStore(again, other, readTwice.slice(from, cut), { emit: false })
        from = Math.max(from, cut)
      }
      for (const { span } of log.slice(stop)) step(again, other, [span], got)
      expect(sorted(got)).toEqual(sorted(expected))
    }),
    { numRuns: RUNS / 2, endOnFailure: true },
  )
})
