/** Length that fills a duration bar: the 95th percentile of the list, so that one outlier does not flatten the rest. */
export function fullBarMs(durationsMs: readonly number[]): number {
  const sorted = [...durationsMs].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? 0
}
