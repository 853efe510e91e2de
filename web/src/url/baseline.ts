import { absolute, parseTime, type TimeRange } from './time-range.ts'

/** What the page compares with: nothing, a window before this one, or one of the same length that starts at an RFC 3339 time. */
export const COMPARISONS = ['off', 'previous', 'day', 'week'] as const
export type Comparison = (typeof COMPARISONS)[number] | 'at'

/** The window to compare with, and how far (ms) it must be moved to lie under the present one. */
export interface Baseline extends TimeRange {
  shiftMs: number
}

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const SHIFTS_MS: Readonly<Record<string, number>> = { day: DAY_MS, week: 7 * DAY_MS }

/** How the address's `vs` is read; anything unreadable compares with nothing. */
export function comparisonOf(vs: string): Comparison {
  const named = COMPARISONS.find((one) => one === vs)
  if (named !== undefined) return named
  return Number.isNaN(Date.parse(vs)) ? 'off' : 'at'
}

/**
 * The baseline of a range, of the same length. A range relative to now keeps a baseline relative to now, so that it moves along; any other
 * is fixed to whole minutes.
 */
export function baselineOf(range: TimeRange, vs: string, nowMs: number): Baseline | null {
  const comparison = comparisonOf(vs)
  const minuteMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS
  const startMs = parseTime(range.from, minuteMs)
  const endMs = parseTime(range.to, minuteMs)
  if (comparison === 'off' || startMs === null || endMs === null || startMs >= endMs) return null
  const shiftMs = comparison === 'at' ? startMs - Date.parse(vs) : (SHIFTS_MS[comparison] ?? endMs - startMs)
  const moves = range.from.startsWith('now') && range.to.startsWith('now') && comparison !== 'at'
  if (!moves) return { ...absolute(startMs - shiftMs, endMs - shiftMs), shiftMs }
  return { from: relative(minuteMs - startMs + shiftMs), to: relative(minuteMs - endMs + shiftMs), shiftMs }
}

const UNITS = [
  ['d', DAY_MS],
  ['h', 3_600_000],
  ['m', MINUTE_MS],
  ['s', 1000],
] as const

function relative(agoMs: number): string {
  const [unit, sizeMs] = UNITS.find(([, size]) => agoMs % size === 0) ?? ['s', 1000]
  return agoMs <= 0 ? 'now' : `now-${Math.round(agoMs / sizeMs)}${unit}`
}

/** Values of the baseline at the present times: each the one whose moved time is nearest, within one step; else a gap. */
export function under(times: readonly number[], baseTimes: readonly number[], values: readonly (number | null)[], shiftMs: number): (number | null)[] {
  const stepMs = times.length > 1 ? (times[1] ?? 0) - (times[0] ?? 0) : MINUTE_MS
  let at = 0
  return times.map((timeMs) => {
    const wanted = timeMs - shiftMs
    while (at + 1 < baseTimes.length && Math.abs((baseTimes[at + 1] ?? 0) - wanted) <= Math.abs((baseTimes[at] ?? 0) - wanted)) at++
    const found = baseTimes[at]
    return found === undefined || Math.abs(found - wanted) >= stepMs ? null : (values[at] ?? null)
  })
}
