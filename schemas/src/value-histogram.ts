import { type Histogram, quantileBuckets } from './histogram.ts'

/**
 * Base-2 exponential histograms, scale 5, of any numbers: relative error ±1.1 %. Buckets are in the order of their values: 0 is in bucket 0, as is what is
 * nearer to it than 2^-30; bucket b > 0 holds (2^((b-961)/32), 2^((b-960)/32)], bucket -b the same below 0.
 */
const PER_DOUBLING = 32
const LEAST_EXPONENT = 30
const SHIFT = LEAST_EXPONENT * PER_DOUBLING
const LEAST = 2 ** -LEAST_EXPONENT
/** 2^40, more than `MAX_METRIC_VALUE`. */
const LAST_BUCKET = SHIFT + 40 * PER_DOUBLING

export function valueBucket(value: number): number {
  const size = Math.abs(value)
  if (size < LEAST) return 0
  const bucket = Math.min(LAST_BUCKET, Math.max(1, Math.ceil(Math.log2(size) * PER_DOUBLING) + SHIFT))
  return value < 0 ? -bucket : bucket
}

/** The middle (geometric) of a bucket. */
export function bucketValue(bucket: number): number {
  if (bucket === 0) return 0
  const size = 2 ** ((Math.abs(bucket) - SHIFT - 0.5) / PER_DOUBLING)
  return bucket < 0 ? -size : size
}

/** Several quantiles, in rising order; null when there is no value. */
export function valueQuantiles(histogram: Histogram, quantiles: readonly number[]): number[] | null {
  return quantileBuckets(histogram, quantiles)?.map(bucketValue) ?? null
}
