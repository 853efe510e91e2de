import type { Counters } from './run.ts'

const MAX_KEYS = 20_000
const OTHERS = '\u0000'

interface Window {
  startMs: number
  counts: Map<string, number>
}

/** Of one partition, whose log time never goes back. Keys beyond what is held count together. */
export function createCounters(): Counters {
  const windows = new Map<number, Window>()
  return {
    next(key, windowMs, logTimeMs) {
      const startMs = Math.floor(logTimeMs / windowMs) * windowMs
      let window = windows.get(windowMs)
      if (window === undefined || window.startMs !== startMs) {
        window = { startMs, counts: new Map() }
        windows.set(windowMs, window)
      }
      const held = window.counts.size < MAX_KEYS || window.counts.has(key) ? key : OTHERS
      const before = window.counts.get(held) ?? 0
      window.counts.set(held, before + 1)
      return before
    },
  }
}
