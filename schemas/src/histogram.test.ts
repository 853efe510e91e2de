import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addHistograms, histogramBucket, histogramBucketNs, histogramOf, histogramQuantileNs, histogramQuantilesNs, NO_HISTOGRAM } from './histogram.ts'

const entry = fc.tuple(fc.integer({ min: -1, max: 300 }), fc.integer({ min: -3, max: 50 }))
const entries = fc.array(entry, { maxLength: 30 })
const QUANTILES = [0.5, 0.95, 0.99]

/** By the definition: the bucket of the call at that rank, calls laid out in order. */
function slowQuantile(of: readonly (readonly [number, number])[], quantile: number): number | null {
  const sums = new Map<number, number>()
  for (const [bucket, count] of of) sums.set(bucket, (sums.get(bucket) ?? 0) + count)
  const calls = [...sums].sort(([a], [b]) => a - b).flatMap(([bucket, count]) => Array<number>(Math.max(0, count)).fill(bucket))
  const bucket = calls[Math.max(1, Math.ceil(quantile * calls.length)) - 1]
  return bucket === undefined ? null : histogramBucketNs(bucket)
}

describe('a histogram', () => {
  it('has the quantiles of its calls, one by one or together', () => {
    fc.assert(
      fc.property(entries, (of) => {
        const slow = QUANTILES.map((quantile) => slowQuantile(of, quantile))
        const histogram = histogramOf(of)
        expect(QUANTILES.map((quantile) => histogramQuantileNs(histogram, quantile))).toEqual(slow)
        expect(histogramQuantilesNs(histogram, QUANTILES)).toEqual(slow[0] === null ? null : slow)
      }),
    )
  })

  it('added to another is the histogram of the calls of both, and neither changes', () => {
    fc.assert(
      fc.property(entries, entries, (a, b) => {
        const [one, other] = [histogramOf(a), histogramOf(b)]
        expect(addHistograms(one, other)).toEqual(histogramOf([...a, ...b]))
        expect([one, other]).toEqual([histogramOf(a), histogramOf(b)])
      }),
    )
  })

  it('of nothing has no quantile and adds nothing', () => {
    expect(histogramQuantilesNs(NO_HISTOGRAM, QUANTILES)).toBeNull()
    const one = histogramOf([[7, 1]])
    expect([addHistograms(NO_HISTOGRAM, one), addHistograms(one, NO_HISTOGRAM)]).toEqual([one, one])
  })

  it('holds each duration in the bucket around it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 2 ** 50 }), (durationNs) => {
        const middleNs = histogramBucketNs(histogramBucket(durationNs))
        expect(Math.abs(middleNs / durationNs - 1)).toBeLessThan(0.012)
      }),
    )
  })
})
