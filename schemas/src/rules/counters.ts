import { hash64 } from './hash.ts'
import type { CountWindow, Counters } from './run.ts'

/** Of one partition in one window. */
const MAX_KEYS = 20_000
/** No key has it. */
const OTHERS = '\u0000'
/** Partitions are not at the same moment of the log: for so long a window that ended in one may still be open in another. */
const KEPT_MS = 5000

/**
 * What others counted, for one partition while one job of its is judged. It depends on how far the others are, so a job that is judged again is
 * told what it found the first time. Counts are known by ids: 16 hex digits.
 */
export interface CountsElsewhere {
  /** What it found before; null the first time. */
  told: ReadonlyMap<string, number> | null
  /** What made a difference to what was answered. */
  used: Map<string, number>
  /** So many may make one; what comes after counts as if there were no others. */
  room: number
}

/** Counters of partitions of one tenant that are judged one after the other. */
export interface JointCounters {
  /** Of a partition, for one job. Null: others do not count. */
  of(partition: string, elsewhere: CountsElsewhere | null): Counters
  forget(partition: string): void
}

interface Window {
  name: string
  endMs: number
  counts: Map<string, number>
}

/** By length and start. */
type Windows = Map<string, Window>

/** How many others counted, where together with them there are enough; else 0. */
type CountedElsewhere = (window: string, key: string, missing: number) => number

/** Of one partition, whose log time never goes back. Keys beyond what is held count together, those of each action for themselves. */
export function createCounters(): Counters {
  return createJointCounters('').of('', null)
}

/** What a partition counted is a function of its own records, but for what an action before left over to the one that counts. */
export function createJointCounters(tenant: string): JointCounters {
  const partitions = new Map<string, Windows>()
  return {
    of(partition, elsewhere) {
      const windows: Windows = partitions.get(partition) ?? new Map()
      partitions.set(partition, windows)
      const others = (window: string, key: string): number =>
        [...partitions.values()].reduce((sum, each) => sum + (each === windows ? 0 : (each.get(window)?.counts.get(key) ?? 0)), 0)
      return countersOf(windows, elsewhere === null ? () => 0 : countedElsewhere(elsewhere, others, tenant))
    },
    forget: (partition) => void partitions.delete(partition),
  }
}

function countersOf(windows: Windows, elsewhere: CountedElsewhere): Counters {
  return {
    next(place, key, window) {
      const { name, counts } = windowOf(windows, window)
      const whole = `${place} ${key}`
      const held = counts.size < MAX_KEYS || counts.has(whole) ? whole : `${place} ${OTHERS}`
      const before = counts.get(held) ?? 0
      counts.set(held, before + 1)
      return before < window.enough ? before + elsewhere(name, held, window.enough - before) : before
    },
  }
}

/** Others stand still while a partition is judged, so each count is looked for once. */
function countedElsewhere({ told, used, room }: CountsElsewhere, others: (window: string, key: string) => number, tenant: string): CountedElsewhere {
  const known = new Map<string, { id: string; count: number }>()
  return (window, key, missing) => {
    const whole = `${window} ${key}`
    let found = known.get(whole)
    if (found === undefined) {
      const id = hash64(`${tenant} ${whole}`)
      found = { id, count: told === null ? others(window, key) : (told.get(id) ?? 0) }
      known.set(whole, found)
    }
    if (found.count < missing || (used.size >= room && !used.has(found.id))) return 0
    used.set(found.id, found.count)
    return found.count
  }
}

function windowOf(windows: Windows, { lengthMs, logTimeMs }: CountWindow): Window {
  const startMs = Math.floor(logTimeMs / lengthMs) * lengthMs
  const name = `${lengthMs} ${startMs}`
  const known = windows.get(name)
  if (known !== undefined) return known
  for (const { name: old, endMs } of windows.values()) if (endMs <= logTimeMs - KEPT_MS) windows.delete(old)
  const made = { name, endMs: startMs + lengthMs, counts: new Map<string, number>() }
  windows.set(name, made)
  return made
}
