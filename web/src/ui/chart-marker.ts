'use client'
import { createContext } from 'react'

/** Something that was changed at a moment: a deployment, a configuration, a switch. */
export interface ChartMarker {
  id: string
  /** Unix ms. */
  timeMs: number
  /** Short, for beside the triangle. */
  label: string
}

/** The markers of the page, at the same place on each of its charts. */
export const MarkersContext = createContext<readonly ChartMarker[]>([])

/** The marker nearest to a moment, no farther than `reachMs` from it. */
export function markerNear(markers: readonly ChartMarker[], timeMs: number, reachMs: number): ChartMarker | null {
  const distance = (marker: ChartMarker): number => Math.abs(marker.timeMs - timeMs)
  const nearest = markers.reduce<ChartMarker | null>((best, one) => (best === null || distance(one) < distance(best) ? one : best), null)
  return nearest !== null && distance(nearest) <= reachMs ? nearest : null
}
