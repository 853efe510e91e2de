import { LATENCY_BANDS, type LatencyBand } from '@skein/schemas/api/bottlenecks'
import { parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs'

const COMPARED = ['auto', 'fast', 'window', 'release'] as const
export type Compared = Exclude<(typeof COMPARED)[number], 'auto'>

/** What the page keeps in the address beside the shared view. */
export const bottlenecksParsers = {
  service: parseAsString.withDefault(''),
  operation: parseAsString.withDefault(''),
  /** Only entries that spend time at this node. */
  through: parseAsString.withDefault(''),
  band: parseAsStringLiteral(LATENCY_BANDS).withDefault('p99'),
  base: parseAsStringLiteral(COMPARED).withDefault('auto'),
  /** Whose releases are compared, and which with which. */
  release: parseAsString.withDefault(''),
  version: parseAsString.withDefault(''),
  baseVersion: parseAsString.withDefault(''),
  /** The contributor that is selected, by id. */
  part: parseAsString.withDefault(''),
  /** How much faster it would be, in percent. */
  faster: parseAsInteger.withDefault(20),
}

export interface BottlenecksState {
  service: string
  operation: string
  through: string
  band: LatencyBand
  base: (typeof COMPARED)[number]
  release: string
  version: string
  baseVersion: string
  part: string
  faster: number
}

export type SetBottlenecks = (state: Partial<BottlenecksState>) => void

/** Unless the page says otherwise it compares with what the whole view compares with, and with the fastest half when that is nothing. */
export function comparedWith(state: Pick<BottlenecksState, 'base' | 'baseVersion'>, hasWindow: boolean): Compared {
  if (state.base === 'window') return hasWindow ? 'window' : 'fast'
  if (state.base === 'release') return state.baseVersion === '' ? 'fast' : 'release'
  return state.base === 'auto' && hasWindow ? 'window' : 'fast'
}

/** The parameters of `/api/bottlenecks`; what says nothing is left out. */
export function queryOf(state: BottlenecksState, baseline: { from: string; to: string } | null): Record<string, string> {
  const { service, operation, through, band, release, version, baseVersion } = state
  const base = comparedWith(state, baseline !== null)
  return {
    ...(service === '' ? {} : { service }),
    ...(operation === '' ? {} : { operation }),
    ...(through === '' ? {} : { through }),
    band,
    baseline: base,
    ...(base === 'window' && baseline !== null ? { baseStart: baseline.from, baseEnd: baseline.to } : {}),
    ...(base === 'release' ? { baseVersion, ...(version === '' ? {} : { version }), ...(release === '' ? {} : { release }) } : {}),
  }
}
