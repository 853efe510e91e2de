import type { TopologyEdge } from '@skein/schemas/api/topology'
import type { Format } from '../format/format.ts'
import { type EdgePicture, edgeP95Ms, type EdgeStroke } from './edge-look.ts'

export const OVERLAYS = ['rate', 'errors', 'p95', 'network', 'queueWait', 'sessions'] as const
export type Overlay = (typeof OVERLAYS)[number]

/** Steps of the ramp that amounts are drawn in, the first as calm as any edge. */
const STEPS = 5
export type RampStep = 0 | 1 | 2 | 3 | 4
/** Smaller values have no label: a number on every edge hides the map. */
const LABELLED_FROM = 2

/** What an overlay measures of an edge, in calls a second, a share, ms or viewers; null when it is not known. */
export function overlayValue(edge: TopologyEdge, overlay: Overlay, seconds: number): number | null {
  return VALUES[overlay](edge, seconds)
}

const VALUES: Readonly<Record<Overlay, (edge: TopologyEdge, seconds: number) => number | null>> = {
  rate: (edge, seconds) => (seconds > 0 ? edge.calls / seconds : 0),
  errors: (edge) => (edge.calls > 0 ? edge.errors / edge.calls : null),
  p95: edgeP95Ms,
  network: (edge) => edge.network?.p95Ms ?? null,
  queueWait: (edge) => edge.queueWait?.p95Ms ?? null,
  sessions: (edge) => edge.sessions,
}

export function overlayText(value: number, overlay: Overlay, format: Format): string {
  if (overlay === 'rate') return format.text(format.rate(value, 1))
  if (overlay === 'errors') return format.text(format.share(value, 1))
  return format.text(overlay === 'sessions' ? format.count(value) : format.duration(value))
}

export interface OverlayScale {
  /** Null where the overlay has nothing to say. */
  step: (value: number | null) => RampStep | null
  least: number
  most: number
}

/** A ramp over what is on the map, by its logarithm, because calls of ms and of minutes stand side by side. Zero is not an amount. */
export function overlayScale(values: readonly (number | null)[]): OverlayScale | null {
  const known = values.filter((value): value is number => value !== null && value > 0)
  if (known.length === 0) return null
  const least = known.reduce((low, value) => Math.min(low, value), Infinity)
  const most = known.reduce((high, value) => Math.max(high, value), 0)
  const span = Math.log(most / least)
  const step = (value: number | null): RampStep | null => {
    if (value === null || value <= 0) return null
    const share = span === 0 ? 1 : Math.log(value / least) / span
    return Math.min(STEPS - 1, Math.max(0, Math.floor(share * STEPS))) as RampStep
  }
  return { step, least, most }
}

/** Viewers are an amount; time and errors are how bad it is. */
export function rampStroke(step: RampStep | null, overlay: Overlay): EdgeStroke {
  if (step === null || step === 0) return 'plain'
  return overlay === 'sessions' ? (`seq${step}` as const) : (`heat${step}` as const)
}

/** Draws the edges in the ramp of an overlay and writes the largest values beside them. Null for the rate: width says it, colour is health. */
export function overlayPicture(edges: readonly TopologyEdge[], overlay: Overlay, { seconds, format }: { seconds: number; format: Format }): EdgePicture | null {
  if (overlay === 'rate') return null
  const values = new Map(edges.map((edge) => [edge.id, overlayValue(edge, overlay, seconds)]))
  const scale = overlayScale([...values.values()])
  return {
    look: (edge, look) => ({ ...look, stroke: rampStroke(scale?.step(values.get(edge.id) ?? null) ?? null, overlay) }),
    tag: (edge) => {
      const value = values.get(edge.id) ?? null
      return value === null || (scale?.step(value) ?? 0) < LABELLED_FROM ? null : overlayText(value, overlay, format)
    },
    faded: () => false,
  }
}
