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
  const sorted = [...buckets].filter(([, count]) => count > 0).sort(([a], [b]) => a - b)
  const total = sorted.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return null
  const rank = Math.max(1, Math.ceil(quantile * total))
  let seen = 0
  for (const [bucket, count] of sorted) {
    seen += count
    if (seen >= rank) return histogramBucketNs(bucket)
  }
  return null
}
