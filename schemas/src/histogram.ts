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

/** Quantile of a bucket → count map in ns; null when it is empty. Counts of 0 or less (taken back) do not count. */
export function histogramQuantileNs(buckets: ReadonlyMap<number, number>, quantile: number): number | null {
  return histogramQuantilesNs(buckets, [quantile])?.[0] ?? null
}

/** Several quantiles, in rising order, for the price of one. */
export function histogramQuantilesNs(buckets: ReadonlyMap<number, number>, quantiles: readonly number[]): number[] | null {
  const sorted = Int16Array.from(buckets.keys()).sort()
  let total = 0
  for (const count of buckets.values()) if (count > 0) total += count
  if (total === 0) return null
  const found: number[] = []
  let seen = 0
  let next = 0
  for (const bucket of sorted) {
    const count = buckets.get(bucket) ?? 0
    if (count > 0) seen += count
    for (; next < quantiles.length && seen >= Math.max(1, Math.ceil((quantiles[next] ?? 0) * total)); next++) found.push(histogramBucketNs(bucket))
  }
  return found
}
