import type { Format } from '../format/format.ts'

export interface Delta {
  direction: 'up' | 'down' | 'same'
  /** Amount with its unit, without a sign; empty when nothing changed. */
  text: string
  /** Large enough that a reader should look. */
  large: boolean
}

const LARGE_SHARE = 0.2
const LARGE_POINTS = 0.01
/** Below these two numbers round to the same. */
const SAME_SHARE = 0.005
const SAME_POINTS = 0.00005

/** Change of an amount: percent, and from double or half on `3.9×`. Null where one is not known, or there is nothing to divide by. */
export function deltaOf(now: number | null, before: number | null, format: Format): Delta | null {
  if (now === null || before === null || before <= 0) return null
  const factor = now / before
  const direction = Math.abs(factor - 1) < SAME_SHARE ? 'same' : factor > 1 ? 'up' : 'down'
  const text = factor >= 2 ? `${factor >= 10 ? Math.round(factor) : factor.toFixed(1)}×` : format.text(format.share(Math.abs(factor - 1), 1))
  return { direction, text: direction === 'same' ? '' : text, large: Math.abs(factor - 1) >= LARGE_SHARE }
}

/** Change of a share (0 … 1) in percentage points. */
export function pointsOf(now: number, before: number): Delta {
  const change = now - before
  const direction = Math.abs(change) < SAME_POINTS ? 'same' : change > 0 ? 'up' : 'down'
  return { direction, text: direction === 'same' ? '' : `${trimmed(Math.abs(change) * 100)} pp`, large: Math.abs(change) >= LARGE_POINTS }
}

const trimmed = (points: number): string => (points >= 10 ? String(Math.round(points)) : points >= 1 ? points.toFixed(1) : points.toFixed(2))
