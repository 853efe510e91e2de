import type { Counters } from './run.ts'

const MAX_KEYS = 20_000
/** No key has it. */
const OTHERS = '\u0000'

interface Window {
  startMs: number
  counts: Map<string, number>
}

/** Of one partition, whose log time never goes back. Keys beyond what is held count together, those of each action for themselves. */
export function createCounters(): Counters {
  const windows = new Map<number, Window>()
  return {
    next(place, key, { lengthMs, logTimeMs }) {
      const startMs = Math.floor(logTimeMs / lengthMs) * lengthMs
      let window = windows.get(lengthMs)
      if (window === undefined || window.startMs !== startMs) {
        window = { startMs, counts: new Map() }
        windows.set(lengthMs, window)
      }
      const whole = `${place} ${key}`
      const held = window.counts.size < MAX_KEYS || window.counts.has(whole) ? whole : `${place} ${OTHERS}`
      const before = window.counts.get(held) ?? 0
      window.counts.set(held, before + 1)
      return before
    },
  }
}
