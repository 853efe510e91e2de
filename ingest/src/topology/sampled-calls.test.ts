import { expect, test } from 'vitest'
import { CLIENT, edgesOf, INTERNAL, newTopology, notesOf, rowsOf, SERVER, takeRows } from './rows-for-tests.ts'
import { MAX_WEIGHT, samplingWeight, wholeWeight } from './sampling.ts'
import { batchOf, type TestSpan } from './spans-for-tests.ts'

/** A sampled call stands for as many as its trace state says, and never silently. */

const web = { resource: { service: 'web', instance: 'web-1' } }
const epg = { resource: { service: 'epg', instance: 'epg-1' } }
const caller: TestSpan = { id: 'a', parent: 'ff', kind: CLIENT, durationMs: 20, attributes: { 'http.request.method': 'GET', 'server.address': 'epg' }, ...web }
const callee: TestSpan = { id: 'b', parent: 'a', kind: SERVER, durationMs: 12, status: 2, ...epg }

function weightOf(traceState: string): number {
  const bytes = Buffer.from(traceState)
  return samplingWeight(bytes, 0, bytes.length)
}

test.each([
  ['ot=th:0', 1],
  ['ot=th:8', 2],
  ['ot=th:c', 4],
  ['ot=th:fd70a3d70a3d70', 100],
  ['ot=p:0', 1],
  ['ot=p:3', 8],
  ['ot=r:5;p:2', 4],
  ['ot=p:3;th:8', 2],
  ['ot=th:8;p:3', 2],
  ['rojo=00f067aa0ba902b7, ot=rv:6e6d1a75832a2f;th:c ,congo=t61', 4],
])('%s stands for %f', (traceState, weight) => {
  expect(weightOf(traceState)).toBeCloseTo(weight, 3)
})

test.each(['', 'ot', 'ot=', 'ot=th:', 'ot=th:xyz', 'ot=th:C', 'ot=th:123456789012345', 'ot=p:63', 'ot=p:x', 'ot=p:', 'ot=p:999', 'bot=th:8', 'other=ot=th:8'])(
  '"%s" says nothing that can be relied on',
  (traceState) => {
    expect(weightOf(traceState)).toBe(0)
  },
)

test('a weight between two whole numbers is right on average over traces', () => {
  const traces = Array.from({ length: 20_000 }, (_, i) => ({ trace0: 7, trace1: Math.imul(i, 0x9e3779b1), trace2: i, trace3: ~i }))
  const sum = traces.reduce((all, trace) => all + wholeWeight(4 / 3, trace), 0)
  expect(sum / traces.length).toBeCloseTo(4 / 3, 1)
  expect(traces.every((trace) => Number.isInteger(wholeWeight(4 / 3, trace)))).toBe(true)
})

test('a trace state that claims a world is taken for no more than sums can bear', () => {
  expect(wholeWeight(weightOf('ot=p:62'), { trace0: 1, trace1: 2, trace2: 3, trace3: 4 })).toBe(MAX_WEIGHT)
  expect(wholeWeight(weightOf('ot=th:ffffffffffffff'), { trace0: 1, trace1: 2, trace2: 3, trace3: 4 })).toBe(MAX_WEIGHT)
})

test('counts, errors, evidence and durations are estimates; what was seen is counted beside and noted', () => {
  const rows = rowsOf({ ...caller, traceState: 'ot=th:c' }, { ...callee, traceState: 'ot=th:c' })
  expect(edgesOf(rows)).toEqual({ 'web > epg http': { calls: 4, paired: 4, errors: 4 } })
  expect(rows.edges[0]).toMatchObject({ callsSeen: 1, client: [[776, 4]], server: [[752, 4]], network: [[733, 4]] })
  expect(rows.red.map(({ service, calls, errors }) => [service.name, calls, errors])).toEqual([['epg', 4, 4]])
  expect(rows.ends.map(({ side, calls }) => [side, calls])).toEqual([
    ['target', 4],
    ['source', 4],
  ])
  expect(notesOf(rows)).toEqual({ 'sampled epg': 1 })
})

test('a call weighs what its caller says, else its callee', () => {
  const callsOf = (callerState: string | undefined, calleeState: string): number | undefined =>
    edgesOf(rowsOf({ ...caller, ...(callerState === undefined ? {} : { traceState: callerState }) }, { ...callee, traceState: calleeState }))[
      'web > epg http'
    ]?.['calls']
  expect(callsOf('ot=th:8', 'ot=th:c')).toBe(2)
  expect(callsOf(undefined, 'ot=th:c')).toBe(4)
  expect(callsOf('ot=th:0', 'ot=th:c')).toBe(1)
})

test('a half edge is taken back with the weight that it was counted with', () => {
  const topology = newTopology()
  const spans = [
    { ...callee, traceState: 'ot=p:4' },
    { ...caller, traceState: 'ot=p:2' },
    { id: 'c', parent: 'b', kind: INTERNAL, ...web },
  ]
  const sums: Record<string, number> = {}
  for (const order of [spans, spans.toReversed()]) {
    for (const span of order) {
      topology.add(batchOf([{ ...span, trace: order === spans ? '1' : '2' }]), { emit: true })
      for (const row of takeRows(topology).edges) {
        const name = `${row.source.name} > ${row.target.name}`
        sums[`${name} calls`] = (sums[`${name} calls`] ?? 0) + row.calls
        sums[`${name} seen`] = (sums[`${name} seen`] ?? 0) + row.callsSeen
      }
    }
  }
  expect(Object.entries(sums).filter(([, count]) => count !== 0)).toEqual([
    ['web > epg calls', 8],
    ['web > epg seen', 2],
    ['epg > web calls', 32],
    ['epg > web seen', 2],
  ])
})
