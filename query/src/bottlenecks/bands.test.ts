import { histogramBucket, histogramOf } from '@skein/schemas/histogram'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ALL_BANDS, bandCounts, bandsAround, fastestHalf, matrixBands, rangeMs, slowestBands, tracesIn } from './bands.ts'

const histogram = fc
  .array(fc.record({ ms: fc.double({ min: 0.001, max: 60_000, noNaN: true }), count: fc.integer({ min: 1, max: 500 }) }), { minLength: 1, maxLength: 40 })
  .map((rows) => histogramOf(rows.map(({ ms, count }) => [histogramBucket(ms * 1e6), count])))

describe('latency bands', () => {
  test('the columns of the matrix and the two halves hold each trace once', () => {
    fc.assert(
      fc.property(histogram, (duration) => {
        const counts = bandCounts(duration)
        const all = tracesIn(counts, ALL_BANDS)
        expect(matrixBands(counts).reduce((sum, band) => sum + tracesIn(counts, band), 0)).toBe(all)
        const [fast, slow] = [tracesIn(counts, fastestHalf(counts)), tracesIn(counts, slowestBands(counts, 'p50'))]
        expect(fast).toBeGreaterThan(0)
        expect(fast === all ? slow : fast + slow).toBe(all)
      }),
    )
  })

  test('the slowest hundredth is the nearest that whole bands allow, and never fewer than five where there are so many', () => {
    fc.assert(
      fc.property(histogram, (duration) => {
        const counts = bandCounts(duration)
        const all = tracesIn(counts, ALL_BANDS)
        const share = (from: number): number => Math.abs(Math.log(tracesIn(counts, { from, to: ALL_BANDS.to }) / all / 0.01))
        const { from } = slowestBands(counts, 'p99')
        const enough = (band: number): boolean => tracesIn(counts, { from: band, to: ALL_BANDS.to }) >= Math.min(5, all)
        expect(enough(from)).toBe(true)
        for (const [band] of counts) if (enough(band)) expect(share(from)).toBeLessThanOrEqual(share(band))
      }),
    )
  })

  test('a band of a thousand fast traces and ten slow ones is the ten', () => {
    const duration = histogramOf([
      [histogramBucket(10e6), 990],
      [histogramBucket(900e6), 10],
    ])
    const range = slowestBands(bandCounts(duration), 'p99')
    expect(tracesIn(bandCounts(duration), range)).toBe(10)
    const { fromMs, toMs } = rangeMs(range)
    expect(fromMs).toBeGreaterThan(700)
    expect(fromMs).toBeLessThan(900)
    expect(toMs).toBeNull()
    expect(tracesIn(bandCounts(duration), bandsAround(duration, bandCounts(duration), 0.5))).toBe(990)
    expect(tracesIn(bandCounts(duration), fastestHalf(bandCounts(duration)))).toBe(990)
    expect(matrixBands(bandCounts(duration)).map((band) => tracesIn(bandCounts(duration), band))).toEqual([990, 0, 0, 10])
  })
})
