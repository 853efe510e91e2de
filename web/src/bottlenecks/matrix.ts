import type { BottleneckContributor, BottlenecksAnswer } from '@skein/schemas/api/bottlenecks'
import type { PathPart } from '@skein/schemas/path'

export type Band = BottlenecksAnswer['bands'][number]

/** Fewer traces than this say little: the cell is hatched. */
export const FEW_TRACES = 20
const STEPS_MS = [10, 30, 80, 200, 500, 1000]

/** Token of the sequential ramp for a time. */
export function rampOf(ms: number): number {
  const step = STEPS_MS.findIndex((limit) => ms < limit)
  return step < 0 ? STEPS_MS.length : step
}

/** Time of a band that no row shows: of contributors left out of the answer or the table. */
export function restMs(band: Band, shown: readonly BottleneckContributor[]): number {
  return Math.max(0, band.meanMs - shown.reduce((sum, { id }) => sum + (band.selfMs[id] ?? 0), 0))
}

/** How a band's mean trace is made up, by kind of time, largest parts of the answer only. */
export function madeUpOf(band: Band, contributors: readonly BottleneckContributor[]): Record<PathPart, number> {
  const parts: Record<PathPart, number> = { service: 0, clientWait: 0, queueWait: 0, network: 0 }
  for (const { id, part } of contributors) parts[part] += band.selfMs[id] ?? 0
  parts.service += restMs(band, contributors)
  return parts
}

/** A change that a reader should look at: a tenth of the trace, and more than a few ms. */
export function isAlarming({ changeMs }: Pick<BottleneckContributor, 'changeMs'>, meanMs: number): boolean {
  return changeMs !== null && changeMs > 5 && changeMs > meanMs * 0.1
}
