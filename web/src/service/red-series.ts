import type { SeriesAnswer } from '@skein/schemas/api/services'

export interface RedSeries {
  /** Unix ms. */
  times: number[]
  /** Calls a second; a known zero is zero. */
  rate: number[]
  /** Percent of calls that failed; null in a step without calls. */
  errors: (number | null)[]
  p50: (number | null)[]
  p95: (number | null)[]
  p99: (number | null)[]
}

/** The columns the three charts draw. */
export function redSeries({ points, stepSeconds }: Pick<SeriesAnswer, 'points' | 'stepSeconds'>): RedSeries {
  return {
    times: points.map((point) => Date.parse(point.time)),
    rate: points.map((point) => point.calls / Math.max(1, stepSeconds)),
    errors: points.map((point) => (point.calls > 0 ? (point.errors / point.calls) * 100 : null)),
    p50: points.map((point) => point.p50Ms),
    p95: points.map((point) => point.p95Ms),
    p99: points.map((point) => point.p99Ms),
  }
}
