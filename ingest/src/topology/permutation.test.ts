import { takeRows } from './rows-for-tests.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Arrival, drawnTraces, logOf, readAgain, referenceOf, RUNS, sorted, sumRows, sumSeen, WINDOW_MS } from './random-traces-for-tests.ts'
import { referenceSums, type Sums } from './reference-for-tests.ts'
import { batchOf, MINUTE_MS, START_MS } from './spans-for-tests.ts'
import { createTopology, type Topology } from './topology.ts'

function newTopology(): Topology {
  return createTopology({ pairWindowMs: WINDOW_MS, maxSpansPerPartition: 1000 })
}

function feed(topology: Topology, log: readonly Arrival[], options: { emit: boolean; cuts?: readonly number[] }): void {
  let from = 0
  for (const cut of [...(options.cuts ?? []), log.length].toSorted((a, b) => a - b)) {
    if (cut > from) topology.add(batchOf(log.slice(from, cut).map(({ span }) => span)), { emit: options.emit })
    from = Math.max(from, Math.min(cut, log.length))
  }
}

test('any order of arrival, any batches, repeats and partitions give the sums of all spans at once', () => {
  fc.assert(
    fc.property(drawnTraces, fc.array(fc.nat(60), { maxLength: 6 }), (traces, cuts) => {
      const topology = newTopology()
      const log = logOf(traces, (_, arrival) => START_MS + arrival * 250)
      feed(topology, log, { emit: true, cuts })
      expect(sorted(sumRows(takeRows(topology)))).toEqual(sorted(referenceSums(referenceOf(traces))))
    }),
    { numRuns: RUNS, endOnFailure: true },
  )
})

test('deltas taken at any moment add up to the same sums', () => {
  fc.assert(
    fc.property(drawnTraces, (traces) => {
      const topology = newTopology()
      const sums: Sums = new Map()
      for (const arrival of logOf(traces, (_, at) => START_MS + at * 250)) {
        feed(topology, [arrival], { emit: true })
        sumRows(takeRows(topology), sums)
      }
      expect(sorted(sums)).toEqual(sorted(referenceSums(referenceOf(traces))))
    }),
    { numRuns: RUNS, endOnFailure: true },
  )
})

test('a restart that reads twice the window again goes on as if nothing had happened, however long the log', () => {
  fc.assert(
    fc.property(
      drawnTraces,
      fc.array(fc.nat(40), { minLength: 4, maxLength: 4 }),
      fc.array(fc.nat(60), { maxLength: 4 }),
      fc.nat(60),
      (traces, startMinutes, cuts, stop) => {
        const log = logOf(traces, (trace, arrival) => START_MS + startMinutes[trace]! * MINUTE_MS + arrival * 300)
        const [straight, broken] = [newTopology(), newTopology()]
        const [expected, expectedSeen, got, gotSeen] = [
          new Map<string, number>(),
          new Map<string, number>(),
          new Map<string, number>(),
          new Map<string, number>(),
        ]
        const collect = (topology: Topology, sums: Sums, seen: Map<string, number>): void => {
          const rows = takeRows(topology)
          sumRows(rows, sums)
          sumSeen(rows, seen)
        }
        feed(straight, log, { emit: true })
        collect(straight, expected, expectedSeen)
        const before = log.slice(0, stop)
        feed(broken, before, { emit: true, cuts })
        collect(broken, got, gotSeen)
        const again = newTopology()
        feed(again, readAgain(before), { emit: false })
        feed(again, log.slice(stop), { emit: true, cuts })
        collect(again, got, gotSeen)
        expect(sorted(got)).toEqual(sorted(expected))
        expect(sorted(gotSeen)).toEqual(sorted(expectedSeen))
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  )
})

test('with fewer places than spans it still depends on the log alone', () => {
  fc.assert(
    fc.property(drawnTraces, fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(60), { maxLength: 6 }), (traces, maxSpansPerPartition, cuts) => {
      const log = logOf(traces, (_, arrival) => START_MS + arrival * 250)
      const [once, cut] = [1, 2].map(() => createTopology({ pairWindowMs: WINDOW_MS, maxSpansPerPartition })) as [Topology, Topology]
      feed(once, log, { emit: true })
      feed(cut, log, { emit: true, cuts })
      expect(sorted(sumRows(takeRows(cut)))).toEqual(sorted(sumRows(takeRows(once))))
      expect(cut.heldSpans()).toBeLessThanOrEqual(maxSpansPerPartition * 2)
    }),
    { numRuns: RUNS, endOnFailure: true },
  )
})
