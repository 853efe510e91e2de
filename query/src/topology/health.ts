import type { TopologyEdge } from '@skein/schemas/api/topology'
import type { Health, HealthReason } from '@skein/schemas/api/window'
import type { Config, HealthThresholds } from '@skein/schemas/config'

export interface Verdict {
  health: Health
  healthReason: HealthReason | null
}

/** Numbers of a node or edge, beside those of the same minutes a week before. */
export interface Measured {
  calls: number
  errors: number
  p95Ms: number | null
  weekAgo?: WeekAgo | undefined
}

export interface WeekAgo {
  calls: number
  p95Ms: number | null
}

const OK: Verdict = { health: 'ok', healthReason: null }
const UNKNOWN: Verdict = { health: 'unknown', healthReason: null }

/** A tenant's own thresholds where it has some, else those of all. */
export function thresholdsOf({ health }: Pick<Config, 'health'>, tenant: string): HealthThresholds {
  const { tenants, ...ofAll } = health
  const own = tenants.find((each) => each.tenant === tenant)
  return own === undefined ? ofAll : { ...ofAll, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) }
}

/** Bad before degraded, errors before latency. Without a week before only errors decide: latency has no truth of its own. */
export function healthOf(measured: Measured, thresholds: HealthThresholds): Verdict {
  if (measured.calls < thresholds.minCalls) return UNKNOWN
  const errors = measured.errors / measured.calls
  const latency = latencyRatio(measured, thresholds)
  if (errors >= thresholds.badErrors) return { health: 'bad', healthReason: 'errors' }
  if (latency >= thresholds.badLatency) return { health: 'bad', healthReason: 'latency' }
  if (errors >= thresholds.degradedErrors) return { health: 'degraded', healthReason: 'errors' }
  return latency >= thresholds.degradedLatency ? { health: 'degraded', healthReason: 'latency' } : OK
}

/** How many times longer than a week before; 1 where one of both was not measured, or too rarely. */
function latencyRatio({ p95Ms, weekAgo }: Measured, { minCalls }: HealthThresholds): number {
  const beforeMs = weekAgo === undefined || weekAgo.calls < minCalls ? null : weekAgo.p95Ms
  return p95Ms === null || beforeMs === null || beforeMs === 0 ? 1 : p95Ms / beforeMs
}

/**
 * Of an edge also the time lost between both sides: it is measured per paired call and owes nothing to what the callee does, so that it needs
 * no week before. `fromClient`: the caller is a viewer's device, whose network is its own.
 */
export function edgeHealthOf(
  edge: Measured & Pick<TopologyEdge, 'evidence' | 'network' | 'server'> & { fromClient: boolean },
  thresholds: HealthThresholds,
): Verdict {
  const verdict = healthOf(edge, thresholds)
  if (verdict.health !== 'ok' || edge.fromClient || edge.network === null || edge.evidence.paired < thresholds.minCalls) return verdict
  return edge.network.p95Ms >= thresholds.lostMs && edge.network.p95Ms > (edge.server?.p95Ms ?? 0) ? { health: 'degraded', healthReason: 'lost_time' } : OK
}
