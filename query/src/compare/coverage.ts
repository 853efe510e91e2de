import type { EdgeRow } from '@skein/store/contract'
import type { Window } from '../window.ts'

const MINUTE_MS = 60_000

/**
 * The minutes of a window that calls can be counted over. What was not there yet when it began (a new installation, data that was let go) is no
 * fall of a rate; nor is what is still to come. An end without calls is one, unless the window is only compared with.
 */
export function coveredMinutes(
  edges: readonly Pick<EdgeRow, 'firstSeenMs' | 'lastSeenMs'>[],
  window: Window,
  options: { nowMs: number; isBase: boolean },
): number {
  const whole = (window.endMs - window.startMs) / MINUTE_MS
  if (edges.length === 0) return whole
  const firstMs = edges.reduce((first, { firstSeenMs }) => Math.min(first, firstSeenMs), Infinity)
  const lastMs = edges.reduce((last, { lastSeenMs }) => Math.max(last, lastSeenMs), -Infinity)
  const from = Math.max(window.startMs, Math.floor(firstMs / MINUTE_MS) * MINUTE_MS)
  const to = Math.min(window.endMs, options.isBase ? Math.ceil(lastMs / MINUTE_MS) * MINUTE_MS : options.nowMs)
  return Math.min(whole, Math.max(1, (to - from) / MINUTE_MS))
}
