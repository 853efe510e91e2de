import type { SeriesAnswer } from '@skein/schemas/api/services'
import { under } from '../url/baseline.ts'
import { type RedSeries, redSeries } from './red-series.ts'

type Lines = Omit<RedSeries, 'times'>

/** The columns of the window compared with, under the times of the present one; null while there is none. */
export function redBaseline(times: readonly number[], base: SeriesAnswer | undefined, shiftMs: number): Lines | null {
  if (base === undefined) return null
  const { times: baseTimes, ...lines } = redSeries(base, Number.POSITIVE_INFINITY)
  const moved = Object.entries(lines).map(([name, values]) => [name, under(times, baseTimes, values, shiftMs)])
  return Object.fromEntries(moved) as unknown as Lines
}
