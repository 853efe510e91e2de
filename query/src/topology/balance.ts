import type { EdgeBalance, EdgeInstance } from '@skein/schemas/api/topology'
import type { EdgeInstanceRow } from '@skein/store/contract-edges'
import { toMs } from '../milliseconds.ts'

/** A side this much over its even share is worth a word, once chance cannot explain it. */
const UNEVEN_RATIO = 1.5
/** Standard deviations: by chance alone once in some thousand edges. */
const SIGMAS = 4

/** The instances of both sides with their shares. */
export function edgeInstances(rows: readonly EdgeInstanceRow[]): EdgeInstance[] {
  const sums = { source: callsOf(rows, 'source'), target: callsOf(rows, 'target') }
  return rows.map(({ side, instance, calls, errors, p95 }) => ({
    side,
    instance,
    calls,
    errors,
    p95Ms: p95 === null ? null : toMs(p95),
    share: calls / sums[side],
  }))
}

/**
 * How evenly calls are spread over the instances of a side; null for fewer than two. Were each call thrown to an instance by lot, the busiest
 * one's calls would spread around the even share by the square root of what a binomial has: only what is far outside is uneven.
 */
export function balanceOf(rows: readonly EdgeInstanceRow[], side: 'source' | 'target'): EdgeBalance | null {
  const own = rows.filter((row) => row.side === side)
  const busiest = own.reduce<EdgeInstanceRow | null>((most, row) => (most === null || row.calls > most.calls ? row : most), null)
  if (own.length < 2 || busiest === null) return null
  const calls = callsOf(rows, side)
  const even = calls / own.length
  const spread = Math.sqrt(even * (1 - 1 / own.length))
  const ratio = busiest.calls / even
  return {
    instances: own.length,
    busiest: busiest.instance,
    busiestShare: busiest.calls / calls,
    ratio,
    uneven: ratio >= UNEVEN_RATIO && busiest.calls - even > SIGMAS * spread,
  }
}

function callsOf(rows: readonly EdgeInstanceRow[], side: 'source' | 'target'): number {
  return rows.reduce((sum, row) => (row.side === side ? sum + row.calls : sum), 0)
}
