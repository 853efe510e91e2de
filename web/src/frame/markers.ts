import type { ChangeEvent } from '@skein/schemas/api/events'
import type { ChartMarker } from '../ui/chart-marker.ts'

/** More triangles than this would be a hedge; the newest stay. */
const MOST = 40
const LABEL_LETTERS = 28

/** What a chart shows of the changes: a release by its service and version, anything else by its title. */
export function markersOf(events: readonly ChangeEvent[]): ChartMarker[] {
  return events.slice(-MOST).map((event) => ({ id: event.id, timeMs: Date.parse(event.time), label: labelOf(event) }))
}

function labelOf({ service, toVersion, title }: ChangeEvent): string {
  const text = service !== '' && toVersion !== '' ? `${service} ${toVersion}` : title
  return text.length > LABEL_LETTERS ? `${text.slice(0, LABEL_LETTERS - 1)}…` : text
}
