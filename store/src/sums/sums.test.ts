import { histogramOf, plainHistogram } from '@skein/schemas/histogram'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addSums, type DeltaColumns, histogramAt, narrowSums, sumDeltas, type SumShape, type Sums } from './sums.ts'

const SHAPE: SumShape = { counters: ['sum', 'min', 'max'], histograms: 1 }

interface Row {
  id: bigint
  counter: bigint
  entries: [number, bigint][]
}

const count = fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n })
const row: fc.Arbitrary<Row> = fc.record({
  id: fc.constantFrom(0n, 1n, 2n ** 32n, 2n ** 63n + 5n, 2n ** 64n - 1n),
  counter: count,
  entries: fc.array(
    fc.tuple(
      fc.integer({ min: -1, max: 1919 }),
      fc.oneof(fc.bigInt({ min: -5n, max: 5n }), fc.constantFrom(127n, 128n, -128n, -129n, 32_767n, 32_768n, -32_769n), count),
    ),
    { maxLength: 4 },
  ),
})

function columnsOf(rows: readonly Row[]): DeltaColumns {
  const halves = (values: readonly bigint[]) => new Int32Array(BigUint64Array.from(values, (value) => BigInt.asUintN(64, value)).buffer)
  const entries = rows.flatMap((each) => each.entries)
  const counter = halves(rows.map((each) => each.counter))
  return {
    ids: halves(rows.map(({ id }) => id)),
    counters: [counter, counter, counter],
    histograms: [
      {
        lengths: Uint32Array.from(rows, (each) => each.entries.length),
        buckets: Int16Array.from(entries, ([bucket]) => bucket),
        counts: halves(entries.map(([, value]) => value)),
      },
    ],
  }
}

/** By id, as objects. */
function shown(sums: Sums) {
  const ids = new BigUint64Array(sums.ids.slice().buffer)
  return new Map([...ids].map((id, at) => [id, [...sums.counters.map((counter) => counter[at]), plainHistogram(histogramAt(sums.histograms[0]!, at))]]))
}

function expected(rows: readonly Row[]) {
  return new Map(
    [...new Set(rows.map(({ id }) => id))].map((id) => {
      const own = rows.filter((each) => each.id === id)
      const counters = own.map(({ counter }) => Number(counter))
      const entries = own.flatMap((each) => each.entries.map(([bucket, value]) => [bucket, Number(value)] as const))
      return [id, [counters.reduce((sum, value) => sum + value, 0), Math.min(...counters), Math.max(...counters), plainHistogram(histogramOf(entries))]]
    }),
  )
}

test('sums of deltas, and sums of sums, are what the rows add up to', () => {
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 12 }), { minLength: 1, maxLength: 4 }), (parts) => {
      const sums = parts.map((rows) => sumDeltas(SHAPE, [columnsOf(rows)]))
      const before = sums.map(shown)
      const all = expected(parts.flat())
      expect(shown(addSums(SHAPE, sums))).toEqual(all)
      expect(shown(sumDeltas(SHAPE, parts.map(columnsOf)))).toEqual(all)
      expect(sums.map(shown)).toEqual(before)
      const some = sums.map((part, at) => (at % 2 === 0 ? narrowSums(part) : part))
      expect(some.map(shown)).toEqual(before)
      expect(shown(addSums(SHAPE, some))).toEqual(all)
    }),
  )
})

test('ids are told apart in any number', () => {
  const ids = Array.from({ length: 5000 }, (_, at) => BigInt(at) * 0x1_0000_0001n)
  const sums = sumDeltas(SHAPE, [columnsOf(ids.map((id) => ({ id, counter: id, entries: [] })))])
  expect([...shown(sums)].map(([id, [sum]]) => [id, sum])).toEqual(ids.map((id) => [id, Number(id)]))
})
