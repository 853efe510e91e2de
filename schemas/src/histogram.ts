/**
 * Base-2 exponential histograms, scale 5, of nanoseconds: the same bucket everywhere.
 * Bucket i holds (2^(i/32), 2^((i+1)/32)] ns; bucket -1 holds 0 and 1 ns. Relative error ±1.1 %.
 */
export const HISTOGRAM_SCALE = 5
export const HISTOGRAM_ZERO_BUCKET = -1
/** 2^60 ns is 36 years: bucket index of the last bucket. */
export const HISTOGRAM_MAX_BUCKET = 60 * 32 - 1

export function histogramBucket(durationNs: number): number {
  if (durationNs <= 1) return HISTOGRAM_ZERO_BUCKET
  const bucket = Math.ceil(Math.log2(durationNs) * 32) - 1
  return bucket > HISTOGRAM_MAX_BUCKET ? HISTOGRAM_MAX_BUCKET : bucket
}

/** The middle (geometric) of a bucket in nanoseconds. */
export function histogramBucketNs(bucket: number): number {
  return bucket < 0 ? 0 : 2 ** ((bucket + 0.5) / 32)
}

/** Counts of the buckets from, from + 1, … Whoever is given one leaves it as it is: many answers may show the same. */
export interface Histogram {
  readonly from: number
  readonly counts: Float64Array | Int32Array
}

/** Nothing measured. */
export const NO_HISTOGRAM: Histogram = { from: 0, counts: new Float64Array(0) }

export function histogramOf(entries: Iterable<readonly [bucket: number, count: number]>): Histogram {
  const buckets = [...entries]
  if (buckets.length === 0) return NO_HISTOGRAM
  const from = buckets.reduce((least, [bucket]) => Math.min(least, bucket), Infinity)
  const to = buckets.reduce((most, [bucket]) => Math.max(most, bucket), -Infinity)
  const counts = new Float64Array(to - from + 1)
  for (const [bucket, count] of buckets) counts[bucket - from] = (counts[bucket - from] ?? 0) + count
  return { from, counts }
}

/** Its counts from the first bucket, however wide they are kept: what two equal histograms have in common. */
export function plainHistogram({ from, counts }: Histogram): { from: number; counts: number[] } {
  return { from, counts: [...counts] }
}

export function isEmptyHistogram(histogram: Histogram): boolean {
  return histogram.counts.length === 0
}

export function addHistograms(a: Histogram, b: Histogram): Histogram {
  if (isEmptyHistogram(a)) return b
  if (isEmptyHistogram(b)) return a
  const from = Math.min(a.from, b.from)
  const counts = new Float64Array(Math.max(a.from + a.counts.length, b.from + b.counts.length) - from)
  counts.set(a.counts, a.from - from)
  const shift = b.from - from
  for (let i = 0; i < b.counts.length; i++) counts[i + shift]! += b.counts[i]!
  return { from, counts }
}

/** Quantile in ns; null when nothing was measured. Counts of 0 or less (taken back) do not count. */
export function histogramQuantileNs(histogram: Histogram, quantile: number): number | null {
  return histogramQuantilesNs(histogram, [quantile])?.[0] ?? null
}

/** Several quantiles, in rising order, for the price of one. */
export function histogramQuantilesNs(histogram: Histogram, quantiles: readonly number[]): number[] | null {
  return quantileBuckets(histogram, quantiles)?.map(histogramBucketNs) ?? null
}

/** The buckets that quantiles, in rising order, lie in; null when nothing was measured. */
export function quantileBuckets({ from, counts }: Histogram, quantiles: readonly number[]): number[] | null {
  let total = 0
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!
    if (count > 0) total += count
  }
  if (total === 0) return null
  const found: number[] = []
  let seen = 0
  let wanted = rank(quantiles[0], total)
  for (let i = 0; i < counts.length && found.length < quantiles.length; i++) {
    const count = counts[i]!
    if (count > 0) seen += count
    for (; seen >= wanted; wanted = rank(quantiles[found.length], total)) found.push(from + i)
  }
  return found
}

function rank(quantile: number | undefined, total: number): number {
  return quantile === undefined ? Infinity : Math.max(1, Math.ceil(quantile * total))
}
