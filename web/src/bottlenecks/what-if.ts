import type { BottleneckContributor, BottleneckEntry } from '@skein/schemas/api/bottlenecks'

export interface Gain {
  name: 'p50' | 'p95' | 'p99'
  beforeMs: number
  /** At best: whatever would then be waited for instead is not known. */
  afterMs: number
  /** 0 to 1. */
  share: number
}

/** What traces about as long as each percentile gain at most when a contributor takes `percent` less. */
export function gainsOf(entry: BottleneckEntry, contributor: BottleneckContributor, percent: number): Gain[] {
  const at = [
    ['p50', entry.p50Ms, contributor.atP50Ms],
    ['p95', entry.p95Ms, contributor.atP95Ms],
    ['p99', entry.p99Ms, contributor.atP99Ms],
  ] as const
  return at.flatMap(([name, beforeMs, selfMs]) => {
    if (beforeMs === null || beforeMs <= 0) return []
    const gainMs = Math.min(beforeMs, selfMs) * (Math.min(100, Math.max(0, percent)) / 100)
    return [{ name, beforeMs, afterMs: beforeMs - gainMs, share: gainMs / beforeMs }]
  })
}

/** By how many percent it must get faster to be as it was; null when it is not slower than then. */
export function percentToBaseline({ selfMs, baselineMs }: Pick<BottleneckContributor, 'selfMs' | 'baselineMs'>): number | null {
  if (baselineMs === null || selfMs <= 0 || baselineMs >= selfMs) return null
  return Math.round((1 - baselineMs / selfMs) * 100)
}
