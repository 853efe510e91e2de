import type { LaneLimits } from './cut-range.ts'

/** How long a record waits at most while somebody reads along. */
const HURRIED_MS = 200

/** Limits of a lane under which records wait less while `inHurry` says so. */
export function hurriedLimits(limits: LaneLimits, inHurry: () => boolean): LaneLimits {
  return {
    ...limits,
    get rangeMs() {
      return inHurry() ? Math.min(HURRIED_MS, limits.rangeMs) : limits.rangeMs
    },
  }
}
