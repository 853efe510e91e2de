import type { EdgeFrame } from '@skein/store/contract'
import type { TenantWindow } from '@skein/store/contract-terms'
import { edgeMinutes, edgeRowOf, quantilesOf } from './fake-numbers.ts'
import { EDGES } from './tv-operator.ts'

interface Asked {
  window: TenantWindow
  stepSeconds: number
  groups: readonly (readonly string[])[]
  nowMs: number
}

/** The made-up edges step by step. */
export function fakeFrames({ window, stepSeconds, groups, nowMs }: Asked): EdgeFrame[] {
  const byId = new Map(EDGES.map((edge) => [edgeRowOf(edge, []).edgeId, edge]))
  const stepMs = stepSeconds * 1000
  const frames: EdgeFrame[] = []
  for (let startMs = Math.floor(window.startMs / stepMs) * stepMs; startMs < Math.min(window.endMs, nowMs); startMs += stepMs) {
    const step = { startMs, endMs: startMs + stepMs }
    const rows = groups.map((ids) => ids.flatMap((id) => byId.get(id) ?? []).map((edge) => edgeRowOf(edge, edgeMinutes(edge, step, nowMs))))
    frames.push({
      timeMs: startMs,
      calls: Float64Array.from(rows, (own) => own.reduce((sum, { calls }) => sum + calls, 0)),
      errors: Float64Array.from(rows, (own) => own.reduce((sum, { errors }) => sum + errors, 0)),
      p95Ns: Float64Array.from(rows, ([first]) => (first === undefined ? undefined : quantilesOf(first.client)?.p95) ?? Number.NaN),
    })
  }
  return frames.filter(({ calls }) => calls.some((count) => count > 0))
}
