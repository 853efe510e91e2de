import type { TopologyEdge } from '@skein/schemas/api/topology'
import type { Health, HealthReason } from '@skein/schemas/api/window'

const MIN_CALLS = 20
const BAD_RATIO = 0.05
const DEGRADED_RATIO = 0.01
/** Longer than any round trip on earth with a new TLS connection needs: what is lost between two services of one operator. */
const LOST_MS = 250

export interface Verdict {
  health: Health
  healthReason: HealthReason | null
}

const OK: Verdict = { health: 'ok', healthReason: null }

/** Errors alone decide while there is no week before to compare latency with. */
export function healthOf(numbers: { calls: number; errors: number }): Verdict {
  if (numbers.calls < MIN_CALLS) return { health: 'unknown', healthReason: null }
  const ratio = numbers.errors / numbers.calls
  if (ratio >= BAD_RATIO) return { health: 'bad', healthReason: 'errors' }
  return ratio >= DEGRADED_RATIO ? { health: 'degraded', healthReason: 'errors' } : OK
}

/**
 * Of an edge also the time lost between both sides: it is measured per paired call and owes nothing to what the callee does, so that it needs
 * no week before. `fromClient`: the caller is a viewer's device, whose network is its own.
 */
export function edgeHealthOf(edge: Pick<TopologyEdge, 'calls' | 'errors' | 'evidence' | 'network' | 'server'>, fromClient: boolean): Verdict {
  const byErrors = healthOf(edge)
  if (byErrors.health !== 'ok' || fromClient || edge.network === null || edge.evidence.paired < MIN_CALLS) return byErrors
  return edge.network.p95Ms >= LOST_MS && edge.network.p95Ms > (edge.server?.p95Ms ?? 0) ? { health: 'degraded', healthReason: 'lost_time' } : OK
}
