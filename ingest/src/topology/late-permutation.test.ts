import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Drawn, drawnTraces, logOf, readAgain, referenceOf, RUNS, sorted, sumRows, WINDOW_MS } from './random-traces-for-tests.ts'
import { referenceSums, type Sums } from './reference-for-tests.ts'
import { START_MS, type TestSpan } from './spans-for-tests.ts'
import { createFakeSpanStore, type FakeSpanStore, feedWithStore } from './stored-spans-for-tests.ts'
import { createTopology, type Topology } from './topology.ts'

/** An hour of log time, and a store that is asked for what was let go. */
const HOURS_MS = 3_600_000
const LOOK_UPS = { perSecond: 64, backMs: 6 * HOURS_MS }

function withStore(): Topology {
  return createTopology({ pairWindowMs: WINDOW_MS, maxSpansPerPartition: 1000, lookUps: LOOK_UPS })
}

/** Links only of the same trace, which the store has as well. */
function linkless(traces: Drawn[][]): Drawn[][] {
  return traces.map((spans) => spans.map((span) => ({ ...span, links: [] })))
}

test('partners that come minutes or hours late are found in the store: the sums are those of all spans at once', () => {
  fc.assert(
    fc.property(drawnTraces, (drawn) => {
      const traces = linkless(drawn)
      const [topology, store, sums] = [withStore(), createFakeSpanStore(), new Map<string, number>()]
      for (const { span } of logOf(traces, (_, arrival) => START_MS + 70_000 + Math.floor((arrival * HOURS_MS) / 1000))) {
        feedWithStore(topology, store, [span], { emit: true })
        sumRows(topology.takeRows(), sums)
      }
      expect(sorted(sums)).toEqual(sorted(referenceSums(referenceOf(traces))))
    }),
    { numRuns: RUNS / 2, endOnFailure: true },
  )
})

test('a restart repeats its look-ups over a store that has more by then, and goes on as if nothing had happened', () => {
  fc.assert(
    fc.property(drawnTraces, fc.nat(60), fc.array(fc.nat(60), { maxLength: 3 }), (drawn, stop, cuts) => {
      const traces = linkless(drawn)
      const log = logOf(traces, (_, arrival) => START_MS + 70_000 + Math.floor((arrival * HOURS_MS) / 1000))
      const [straight, broken, again] = [withStore(), withStore(), withStore()]
      const [one, other] = [createFakeSpanStore(), createFakeSpanStore()]
      const [expected, got] = [new Map<string, number>(), new Map<string, number>()]
      const step = (topology: Topology, store: FakeSpanStore, spans: TestSpan[], sums: Sums): void => {
        feedWithStore(topology, store, spans, { emit: true })
        sumRows(topology.takeRows(), sums)
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
