/** A time range as the address holds it: RFC 3339, Unix ms, or relative to now (`now-15m`). */
export interface TimeRange {
  from: string
  to: string
}

export const DEFAULT_RANGE: TimeRange = { from: 'now-1h', to: 'now' }
export const RELATIVE_RANGES = ['now-5m', 'now-15m', 'now-1h', 'now-6h', 'now-1d', 'now-7d'] as const

/** A window that ends within this share of its length before now means now. */
const NOW_SHARE = 0.05
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Unix ms of a range end, or null when it cannot be read. */
export function parseTime(text: string, nowMs: number): number | null {
  const relative = /^now(?:-(\d{1,6})([smhd]))?$/.exec(text)
  if (relative !== null) return nowMs - Number(relative[1] ?? 0) * (UNIT_MS[relative[2] ?? 's'] ?? 0)
  if (/^\d{10,14}$/.test(text)) return Number(text)
  const parsed = Date.parse(text)
  return Number.isNaN(parsed) ? null : parsed
}

/** True when the range ends now, so that new data can still arrive in it. */
export function isRelative(range: TimeRange): boolean {
  return range.to === 'now' && range.from.startsWith('now-')
}

/** Start and end in Unix ms; an unreadable or inverted range falls back to the last hour. */
export function resolveRange(range: TimeRange, nowMs: number): { startMs: number; endMs: number } {
  const startMs = parseTime(range.from, nowMs)
  const endMs = parseTime(range.to, nowMs)
  if (startMs === null || endMs === null || startMs >= endMs) return { startMs: nowMs - 3_600_000, endMs: nowMs }
  return { startMs, endMs }
}

/** A range with an end that cannot be read, or that ends before it begins, is the last hour, for the API as on screen. */
export function readable({ from, to }: TimeRange): TimeRange {
  const startMs = parseTime(from, ANY_MS)
  const endMs = parseTime(to, ANY_MS)
  if (startMs === null || endMs === null) return DEFAULT_RANGE
  // of a relative and an absolute end, which comes first depends on the clock
  const isComparable = from.startsWith('now') === to.startsWith('now')
  return isComparable && startMs >= endMs ? DEFAULT_RANGE : { from, to }
}

/** Stands for now where only what lies before what matters. */
const ANY_MS = 0

/** Where the shortest usual range begins that holds all since then; null when it is no shorter than the range, or that one does not end now. */
export function shorterFrom(range: TimeRange, sinceMs: number, nowMs: number): string | null {
  if (range.to !== 'now') return null
  const { startMs } = resolveRange(range, nowMs)
  const from = RELATIVE_RANGES.find((each) => (parseTime(each, nowMs) ?? nowMs) <= sinceMs)
  return from !== undefined && (parseTime(from, nowMs) ?? startMs) > startMs ? from : null
}

/** Moves a window by half its length; forward never beyond now, and close to now it becomes relative again. */
export function moveRange(range: TimeRange, direction: -1 | 1, nowMs: number): TimeRange {
  const { startMs, endMs } = resolveRange(range, nowMs)
  const lengthMs = endMs - startMs
  const movedEnd = endMs + (direction * lengthMs) / 2
  if (movedEnd >= nowMs - lengthMs * NOW_SHARE) return relativeOf(lengthMs) ?? absolute(nowMs - lengthMs, nowMs)
  return absolute(movedEnd - lengthMs, movedEnd)
}

/** An absolute range as the address writes it. */
export function absolute(startMs: number, endMs: number): TimeRange {
  return { from: new Date(Math.round(startMs)).toISOString(), to: new Date(Math.round(endMs)).toISOString() }
}

function relativeOf(lengthMs: number): TimeRange | null {
  const from = RELATIVE_RANGES.find((candidate) => Math.abs((parseTime(candidate, 0) ?? 0) + lengthMs) < 1000)
  return from === undefined ? null : { from, to: 'now' }
}
