import type { Window } from '../window.ts'

export interface Known {
  /** How much of a step is known, in seconds; all of it where lines came that were older than the rule. */
  secondsOf(timeMs: number, hasLines: boolean): number
  /** All of a step, as far as it lies in the window. */
  isWhole(timeMs: number): boolean
}

export interface KnownOf {
  window: Window
  stepMs: number
  /** Since when lines are counted; null: they are not. */
  sinceMs: number | null
  /** Until when lines were read; null: none were. */
  readUntilMs: number | null
  /** Lines that were not counted since the rule was off, by step. */
  broken: ReadonlyMap<number, number>
}

/** Of which steps it is known what came: where the rule held, after the lines of that time were read, and where it was never off. */
export function knownSteps({ window, stepMs, sinceMs, readUntilMs, broken }: KnownOf): Known {
  const fromMs = sinceMs === null ? Number.POSITIVE_INFINITY : Math.max(sinceMs, window.startMs)
  const toMs = readUntilMs === null ? 0 : Math.min(readUntilMs, window.endMs)
  const inside = (timeMs: number): [number, number] => [Math.max(timeMs, window.startMs), Math.min(timeMs + stepMs, window.endMs)]
  return {
    secondsOf(timeMs, hasLines) {
      const [start, end] = inside(timeMs)
      const known = Math.max(0, Math.min(end, toMs) - Math.max(start, fromMs))
      return (known === 0 && hasLines ? end - start : known) / 1000
    },
    isWhole(timeMs) {
      const [start, end] = inside(timeMs)
      return fromMs <= start && end <= toMs && !broken.has(timeMs)
    },
  }
}
