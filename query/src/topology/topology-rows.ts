import type { EdgeRow, ExemplarRow } from '@skein/store/contract'
import type { RedRow, ServiceKey } from '@skein/store/contract-terms'
import type { StoredNote } from './notes.ts'
import type { KnownAddress } from './resolve.ts'

export type ServiceRow = ServiceKey & RedRow & { instances: number }

/** What the store knows of a window. */
export interface TopologyRows {
  edges: readonly EdgeRow[]
  services: readonly ServiceRow[]
  addresses: readonly KnownAddress[]
  exemplars: readonly ExemplarRow[]
  notes: readonly StoredNote[]
  /** Edge id → viewers. */
  viewers: ReadonlyMap<string, number>
  proxies: readonly (ServiceKey & { proxy: string })[]
  /** Of the same minutes a week before. */
  weekAgo: Pick<TopologyRows, 'edges' | 'services'>
}
