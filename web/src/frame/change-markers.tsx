'use client'
import { useMemo } from 'react'
import type { ReactNode } from 'react'
import { useChangeEvents } from '../api/questions.ts'
import { MarkersContext } from '../ui/chart-marker.ts'
import { markersOf } from './markers.ts'

/** Marks the changes of the window on every chart inside; with a service, those that concern it. */
export function ChangeMarkers({ service, children }: { service?: string; children: ReactNode }) {
  const events = useChangeEvents(service)
  const markers = useMemo(() => markersOf(events.data?.events ?? []), [events.data])
  return <MarkersContext value={markers}>{children}</MarkersContext>
}
