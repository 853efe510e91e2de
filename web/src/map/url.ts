import { parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs'

/** What the map keeps in the address beside the shared view; `node` and `edge` are ids, `focus` shows so many hops around `node`. */
export const mapParsers = {
  view: parseAsStringLiteral(['map', 'table']).withDefault('map'),
  node: parseAsString.withDefault(''),
  edge: parseAsString.withDefault(''),
  focus: parseAsInteger.withDefault(0),
  list: parseAsStringLiteral(['edges', 'nodes']).withDefault('edges'),
}

export interface MapState {
  view: 'map' | 'table'
  node: string
  edge: string
  focus: number
  list: 'edges' | 'nodes'
}

export type SetMapState = (state: Partial<MapState>) => void

export const MAX_HOPS = 4

/** An id as the API writes it: 16 hex digits. Anything else in the address selects nothing. */
export const isTopologyId = (text: string): boolean => /^[0-9a-f]{16}$/.test(text)

/** Only one thing is selected; selecting an edge leaves the focus of the node. */
export const selectNode = (id: string): Partial<MapState> => ({ node: id, edge: '' })
export const selectEdge = (id: string): Partial<MapState> => ({ node: '', edge: id, focus: 0 })
export const selectNothing: Partial<MapState> = { node: '', edge: '', focus: 0 }
