import type { FunnelStep } from '@skein/schemas/api/scenarios'
import type { Health } from '@skein/schemas/api/window'

const MIN_RUNS = 20
const BAD_ERRORS = 0.05
const DEGRADED_ERRORS = 0.01
/** Points of conversion lost against the window compared with. */
const BAD_LOSS = 0.02

/** A step is bad when many fail at it or far fewer get through than before; degraded when some do, or it takes much longer. */
export function stepHealth(step: FunnelStep, was: FunnelStep | undefined): Health {
  const tried = step.reached + step.dropped
  if (tried < MIN_RUNS) return 'unknown'
  const failing = step.errors / tried
  if (failing >= BAD_ERRORS || lossOf(step, was) >= BAD_LOSS) return 'bad'
  return failing >= DEGRADED_ERRORS || isSlower(step, was) || step.slow >= tried * BAD_ERRORS ? 'degraded' : 'ok'
}

/** Conversion lost since then; 0 when either is not known. */
function lossOf(step: FunnelStep, was: FunnelStep | undefined): number {
  if (was === undefined || was.reached < MIN_RUNS) return 0
  return (was.fromPrevious ?? 0) - (step.fromPrevious ?? was.fromPrevious ?? 0)
}

function isSlower(step: FunnelStep, was: FunnelStep | undefined): boolean {
  return was?.timeMs != null && step.timeMs !== null && step.timeMs.p95 >= was.timeMs.p95 * 1.5
}
