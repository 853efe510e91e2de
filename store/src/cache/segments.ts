import type { TenantWindow } from '../contract-terms.ts'

/** Whole minutes `from ≤ minute < to`, in Unix seconds. */
export interface Segment {
  readonly from: number
  readonly to: number
}

const MINUTE = 60
const FIVE_MINUTES = 300
const HOUR = 3600
const SIX_HOURS = 21_600
/** Lengths of segments, each made up of some of the next. A day is four: few enough to add up each time. */
const LENGTHS = [SIX_HOURS, HOUR, FIVE_MINUTES, MINUTE]

/** A window's start floored and its end ceiled to whole minutes. */
export function wholeMinutes(window: Pick<TenantWindow, 'startMs' | 'endMs'>): Segment {
  const from = Math.max(0, Math.floor(window.startMs / 60_000) * MINUTE)
  return { from, to: Math.max(from, Math.ceil(window.endMs / 60_000) * MINUTE) }
}

/** A range as segments as long as it has them whole: each of its minutes once, in order. */
export function segmentsOf({ from, to }: Segment): Segment[] {
  const segments: Segment[] = []
  for (let at = from; at < to; ) {
    const step = LENGTHS.find((each) => at % each === 0 && at + each <= to) ?? MINUTE
    segments.push({ from: at, to: at + step })
    at += step
  }
  return segments
}

/** The next smaller segments that make one up; none of a minute. */
export function childrenOf({ from, to }: Segment): Segment[] {
  const step = LENGTHS.find((each) => each < to - from)
  if (step === undefined) return []
  return Array.from({ length: (to - from) / step }, (_, at) => ({ from: from + at * step, to: from + (at + 1) * step }))
}

/** An hour has too many rows to be read at once; it is added up. */
export function isReadWhole({ from, to }: Segment): boolean {
  return to - from <= FIVE_MINUTES
}

/** Made up of hours. */
export function isOfHours({ from, to }: Segment): boolean {
  return to - from > HOUR
}
