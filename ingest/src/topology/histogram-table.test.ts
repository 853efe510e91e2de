import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addToHistogram, clearHistograms, createHistogramTable, histogramEntries, histogramTableBytes, type HistogramTable } from './histogram-table.ts'

type Count = [histogram: number, bucket: number, count: number]

/** Histogram → bucket → count, what has come to 0 left out. */
function sumsOf(counts: readonly Count[]): Map<number, Map<number, number>> {
  const sums = new Map<number, Map<number, number>>()
  for (const [histogram, bucket, count] of counts) {
    const buckets = sums.get(histogram) ?? new Map<number, number>()
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + count)
    sums.set(histogram, buckets)
  }
  for (const buckets of sums.values()) for (const [bucket, count] of buckets) if (count === 0) buckets.delete(bucket)
  return sums
}

function expectSums(table: HistogramTable, counts: readonly Count[], histograms: number): void {
  const sums = sumsOf(counts)
  for (let histogram = 0; histogram < histograms; histogram++) {
    const entries = histogramEntries(table, histogram)
    expect(new Map(entries)).toEqual(sums.get(histogram) ?? new Map())
    expect(entries).toHaveLength(sums.get(histogram)?.size ?? 0)
  }
}

const count = fc.tuple(fc.nat({ max: 20 }), fc.oneof(fc.integer({ min: -1, max: 5 }), fc.integer({ min: -1, max: 1919 })), fc.integer({ min: -2, max: 2 }))

test('adds up as a map of maps does, however often it is read in between and emptied', () => {
  fc.assert(
    fc.property(fc.array(fc.array(count, { maxLength: 60 }), { maxLength: 5 }), (rounds) => {
      const table = createHistogramTable()
      const known: Count[] = []
      for (const [i, round] of rounds.entries()) {
        if (i === 3) {
          clearHistograms(table)
          known.length = 0
          expectSums(table, known, 23)
        }
        for (const each of round) addToHistogram(table, ...each)
        known.push(...round)
        expectSums(table, known, 23)
      }
    }),
  )
})

test('a million counts of few buckets take no more memory than thousands do', () => {
  const table = createHistogramTable()
  for (let i = 0; i < 1_000_000; i++) addToHistogram(table, i % 7, i % 100, 1)
  expect(histogramTableBytes(table)).toBeLessThan(1 << 20)
  expect(histogramEntries(table, 6).reduce((sum, [, calls]) => sum + calls, 0)).toBe(Math.floor(1_000_000 / 7))
})

test('many buckets are all kept, and their memory goes once it is hardly used', () => {
  const table = createHistogramTable()
  for (let i = 0; i < 200_000; i++) addToHistogram(table, i >> 1, i & 1, 1)
  expect([histogramEntries(table, 0), histogramEntries(table, 99_999), histogramEntries(table, 100_000)]).toEqual([
    [
      [0, 1],
      [1, 1],
    ],
    [
      [0, 1],
      [1, 1],
    ],
    [],
  ])
  const bytes = histogramTableBytes(table)
  clearHistograms(table)
  addToHistogram(table, 1, 1, 1)
  clearHistograms(table)
  expect(histogramTableBytes(table)).toBeLessThan(bytes / 100)
})
