import { parseAsArrayOf, parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs'
import { type Grouping, GROUPINGS } from './groups.ts'
import { type Overlay, OVERLAYS } from './overlay.ts'

/** What the map keeps in the address beside the shared view. */
export const mapParsers = {
  view: parseAsStringLiteral(['map', 'table']).withDefault('map'),
  node: parseAsString.withDefault(''),
  edge: parseAsString.withDefault(''),
  focus: parseAsInteger.withDefault(0),
  list: parseAsStringLiteral(['edges', 'nodes']).withDefault('edges'),
  group: parseAsStringLiteral(GROUPINGS).withDefault('cluster'),
  closed: parseAsArrayOf(parseAsString).withDefault([]),
  overlay: parseAsStringLiteral(OVERLAYS).withDefault('rate'),
  scenario: parseAsString.withDefault(''),
  diff: parseAsBoolean.withDefault(false),
  at: parseAsString.withDefault(''),
}

/** `node` and `edge` are ids; `focus` shows so many hops around `node`; `scenario` is the id of the one whose runs are shown, before the overlay; `at` is the RFC 3339 minute that time travel shows, empty for the window. */
export interface MapState {
  view: 'map' | 'table'
  node: string
  edge: string
  focus: number
  list: 'edges' | 'nodes'
  group: Grouping
  /** Names of the closed groups. */
  closed: readonly string[]
  overlay: Overlay
  scenario: string
  diff: boolean
  at: string
}

export type SetMapState = (state: Partial<MapState>, history?: 'push' | 'replace') => void

export const MAX_HOPS = 4

/** An id as the API writes it: 16 hex digits. Anything else in the address selects nothing. */
export const isTopologyId = (text: string): boolean => /^[0-9a-f]{16}$/.test(text)

/** What may be selected: one of the API, or an edge that stands for several between closed groups. */
export const isSelectable = (text: string): boolean => isTopologyId(text) || text.startsWith('joined:')

/** Only one thing is selected; selecting an edge leaves the focus of the node. */
export const selectNode = (id: string): Partial<MapState> => ({ node: id, edge: '' })
export const selectEdge = (id: string): Partial<MapState> => ({ node: '', edge: id, focus: 0 })
export const selectNothing: Partial<MapState> = { node: '', edge: '', focus: 0 }

/** The closed groups with one opened or closed. */
export function toggleGroup(closed: readonly string[], name: string): string[] {
  return closed.includes(name) ? closed.filter((other) => other !== name) : [...closed, name]
}

/** A time of the address as the minute it lies in, Unix ms; null when it is none. */
export function minuteOf(at: string): number | null {
  const timeMs = Date.parse(at)
  return Number.isNaN(timeMs) ? null : Math.floor(timeMs / 60_000) * 60_000
}
