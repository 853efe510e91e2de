import type { SeriesAnswer } from '@skein/schemas/api/services'
import { withoutUnfinished } from '../ui/unfinished.ts'

export interface RedSeries {
  /** Unix ms. */
  times: number[]
  /** Calls a second; a known zero is zero, a step that is not over is a gap. */
  rate: (number | null)[]
  /** Percent of calls that failed; null in a step without calls. */
  errors: (number | null)[]
  p50: (number | null)[]
  p95: (number | null)[]
  p99: (number | null)[]
}

/** The columns the three charts draw, as known at `nowMs`. */
export function redSeries({ points, stepSeconds }: Pick<SeriesAnswer, 'points' | 'stepSeconds'>, nowMs: number): RedSeries {
  const times = points.map((point) => Date.parse(point.time))
  const rate = points.map((point) => point.calls / Math.max(1, stepSeconds))
  return {
    times,
    rate: withoutUnfinished(times, rate, nowMs),
    errors: points.map((point) => (point.calls > 0 ? (point.errors / point.calls) * 100 : null)),
    p50: points.map((point) => point.p50Ms),
    p95: points.map((point) => point.p95Ms),
    p99: points.map((point) => point.p99Ms),
  }
}
