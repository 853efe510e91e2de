import type { EdgeFrame } from '@skein/store/contract'
import type { Window } from '../window.ts'
import { riseOf } from './onset.ts'

const MINUTE_MS = 60_000
/** Where nothing rose, the newest part of the data against what came before it. */
const NEWEST_SHARE = 0.3
const NEWEST_MOST_MS = 10 * MINUTE_MS
/** Less than this on either side tells nothing. */
const LEAST_MS = 2 * MINUTE_MS

/**
 * Where to cut a window so that its later part can be held against the earlier one: at the minute in which most calls got slower or began to
 * fail, since a base that has some of the trouble in it hides it; else before the newest part. Unix ms; null while there is too little data.
 */
export function cutOf(window: Window, frames: readonly EdgeFrame[], edges: number): { sinceMs: number; atMs: number } | null {
  const first = frames.find(({ calls }) => calls.some((count) => count > 0))
  const sinceMs = Math.max(window.startMs, first?.timeMs ?? window.endMs)
  if (window.endMs - sinceMs < 2 * LEAST_MS) return null
  const risen = worstMinute(frames, edges)
  if (risen !== null && risen - sinceMs >= MINUTE_MS) return { sinceMs, atMs: risen }
  const newestMs = Math.floor(((window.endMs - sinceMs) * NEWEST_SHARE) / MINUTE_MS) * MINUTE_MS
  return { sinceMs, atMs: window.endMs - Math.max(LEAST_MS, Math.min(NEWEST_MOST_MS, newestMs)) }
}

/** Each edge that rose speaks for its minute, as loud as it is called often. */
function worstMinute(frames: readonly EdgeFrame[], edges: number): number | null {
  const votes = new Map<number, number>()
  for (let place = 0; place < edges; place++) {
    const roseMs = riseOf(frames, place)
    if (roseMs === null) continue
    const calls = frames.reduce((sum, frame) => sum + (frame.calls[place] ?? 0), 0)
    votes.set(roseMs, (votes.get(roseMs) ?? 0) + Math.log2(1 + calls))
  }
  return [...votes].toSorted(([aMs, a], [bMs, b]) => b - a || bMs - aMs)[0]?.[0] ?? null
}
