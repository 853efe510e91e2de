/** A whole evening, compressed. */
export const EVENING_MS = 10 * 60_000
const QUIET_SHARE = 0.25
/** When it is busiest, as a share of the evening. */
const PEAK_AT = 0.6
const WIDTH = 0.18

/** Share of the full rate at a moment of the evening: quiet, rising to 1 at prime time, quiet again. */
export function primeTimeShare(sinceStartMs: number): number {
  const at = (sinceStartMs % EVENING_MS) / EVENING_MS
  const distance = (at - PEAK_AT) / WIDTH
  return QUIET_SHARE + (1 - QUIET_SHARE) * Math.exp(-distance * distance)
}
