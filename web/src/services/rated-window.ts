import type { TopologyAnswer } from '@skein/schemas/api/topology'
import type { WindowAnswer } from '@skein/schemas/api/window'

const MINUTE_MS = 60_000
/** Data that begins this long after the window did not fill it; a rate over the whole window would read low. */
const LATE_START_MS = 90_000
const LEAST_SECONDS = 5

/** When the first call of anything was seen, Unix ms; null when there was none. */
export function firstSeenMs({ edges }: Pick<TopologyAnswer, 'edges'>): number | null {
  let first = Number.POSITIVE_INFINITY
  for (const edge of edges) first = Math.min(first, Date.parse(edge.firstSeen))
  return Number.isFinite(first) ? first : null
}

export interface RatedWindow {
  /** What counts of the window are divided by; 0 while that is not known. */
  seconds: number
  /** Unix ms: set when data begins so late in the window that the rest of it is left out. */
  sinceMs: number | null
}

/** Calls a second; null while the length of the window is not known. */
export function perSecond(calls: number, seconds: number): number | null {
  return seconds > 0 ? calls / seconds : null
}

/** The part of a window that has data: from its start, or from the first data, until its end or now. */
export function ratedWindow({ start, end }: WindowAnswer, dataSinceMs: number | null, nowMs: number): RatedWindow {
  const startMs = Date.parse(start)
  const endMs = Date.parse(end)
  // An answer about now ends with the minute that runs; a clock of the browser that is wrong may not stretch it.
  const untilMs = Math.min(endMs, Math.max(nowMs, endMs - MINUTE_MS))
  const late = dataSinceMs !== null && dataSinceMs - startMs > LATE_START_MS && dataSinceMs < untilMs
  const fromMs = late ? dataSinceMs : startMs
  return { seconds: Math.max(LEAST_SECONDS, (untilMs - fromMs) / 1000), sinceMs: late ? dataSinceMs : null }
}
