import type { EdgeAnswer, EdgeBalance, EdgeInstance } from '@skein/schemas/api/topology'
import type { EdgeInstanceRow } from '@skein/store/contract-edges'
import { toMs } from '../milliseconds.ts'

/** A side this much over its even share is worth a word, once chance cannot explain it. */
const UNEVEN_RATIO = 1.5
/** Standard deviations: by chance alone once in some thousand edges. */
const SIGMAS = 4

/** The instances of both sides with their shares. */
export function edgeInstances(rows: readonly EdgeInstanceRow[]): EdgeInstance[] {
  return rows.map(({ side, instance, calls, errors, p95, ofSide }) => ({
    side,
    instance,
    calls,
    errors,
    p95Ms: p95 === null ? null : toMs(p95),
    share: calls / ofSide.calls,
  }))
}

/**
 * How evenly calls are spread over the instances of a side; null for fewer than two. Were each call thrown to an instance by lot, the busiest
 * one's calls would spread around the even share by the square root of what a binomial has: only what is far outside is uneven.
 */
export function balanceOf(rows: readonly EdgeInstanceRow[], side: 'source' | 'target'): EdgeBalance | null {
  const own = rows.filter((row) => row.side === side)
  const busiest = own.reduce<EdgeInstanceRow | null>((most, row) => (most === null || row.calls > most.calls ? row : most), null)
  if (busiest === null || busiest.ofSide.instances < 2) return null
  const { instances, calls } = busiest.ofSide
  const even = calls / instances
  const spread = Math.sqrt(even * (1 - 1 / instances))
  const ratio = busiest.calls / even
  return {
    instances,
    busiest: busiest.instance,
    busiestShare: busiest.calls / calls,
    ratio,
    uneven: ratio >= UNEVEN_RATIO && busiest.calls - even > SIGMAS * spread,
  }
}

/** What lies beyond the instances of a side that are told; null when all are. */
export function otherInstances(rows: readonly EdgeInstanceRow[], side: 'source' | 'target'): EdgeAnswer['otherInstances']['source'] {
  const told = rows.filter((row) => row.side === side)
  const all = told[0]?.ofSide
  if (all === undefined || all.instances <= told.length) return null
  const sum = (of: 'calls' | 'errors') => all[of] - told.reduce((total, row) => total + row[of], 0)
  return { instances: all.instances - told.length, calls: sum('calls'), errors: sum('errors') }
}
