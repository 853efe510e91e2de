import { MAX_METRIC_COMBINATIONS } from '@skein/schemas/log-rule'
import { hash32 } from '@skein/schemas/rules/hash'

/** Which combinations of values metrics of one partition are told apart by: the first of each minute of the log's time, so that which they are does not depend on when looking began. */
export interface Combinations {
  /** `place`: of the action that counts. */
  holds(place: string, values: readonly string[], logTimeMs: number): boolean
}

const MINUTE_MS = 60_000
/** Places that are looked at in a minute; more than all metrics of a tenant in two versions. At 50 numbers each some 200 kB. */
const MAX_PLACES = 200

/** Of one partition and tenant, whose log time never goes back. */
export function createCombinations(): Combinations {
  let minute = -1
  const places = new Map<string, Set<number>>()
  return {
    holds(place, values, logTimeMs) {
      if (values.length === 0) return true
      const now = Math.floor(logTimeMs / MINUTE_MS)
      if (now !== minute) {
        minute = now
        places.clear()
      }
      const known = places.get(place) ?? new Set<number>()
      if (!places.has(place)) {
        if (places.size >= MAX_PLACES) return false
        places.set(place, known)
      }
      const combination = numberOf(values)
      if (known.has(combination)) return true
      if (known.size >= MAX_METRIC_COMBINATIONS) return false
      known.add(combination)
      return true
    },
  }
}

/** 53 bits of hash: two of 51 values that have the same are once in 10^13 minutes. */
function numberOf(values: readonly string[]): number {
  const text = JSON.stringify(values)
  return hash32(text) * 2 ** 21 + (hash32(`#${text}`) >>> 11)
}
