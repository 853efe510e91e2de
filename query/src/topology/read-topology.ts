import type { Store } from '@skein/store/contract'
import type { TenantWindow } from '@skein/store/contract-terms'
import { nameEdges } from './assemble.ts'
import { groupName } from './context.ts'
import type { TopologyRows } from './topology-rows.ts'

const WEEK_MS = 7 * 24 * 3_600_000

export function weekBefore(window: TenantWindow): TenantWindow {
  return { ...window, startMs: Math.max(0, window.startMs - WEEK_MS), endMs: Math.max(0, window.endMs - WEEK_MS) }
}

export type TopologyReader = (window: TenantWindow) => Promise<TopologyRows>

type Viewers = TopologyRows['viewers']

/** Reads what the map of a window is made of. While the store hands out the same rows, so does it. */
export function createTopologyReader({ topology, services }: Pick<Store, 'topology' | 'services'>): TopologyReader {
  const grouped = new WeakMap<Viewers, { edges: TopologyRows['edges']; viewers: Viewers }>()

  /** Stored edges that are one edge have their viewers counted together: nobody is two because a callee has two addresses. */
  async function withGroups(window: TenantWindow, rows: Pick<TopologyRows, 'edges' | 'services' | 'addresses' | 'viewers'>): Promise<Viewers> {
    const known = grouped.get(rows.viewers)
    if (known?.edges === rows.edges) return known.viewers
    const groups = nameEdges(rows)
      .map(({ storedIds }) => storedIds)
      .filter((ids) => ids.length > 1 && ids.some((id) => rows.viewers.has(id)))
    const counts = groups.length === 0 ? [] : await topology.viewersOfGroups(window, groups)
    const viewers = groups.length === 0 ? rows.viewers : new Map([...rows.viewers, ...groups.map((ids, i) => [groupName(ids), counts[i] ?? 0] as const)])
    grouped.set(rows.viewers, { edges: rows.edges, viewers })
    return viewers
  }

  return async (window) => {
    const before = weekBefore(window)
    const [edges, own, addresses, exemplars, notes, viewers, proxies, edgesBefore, servicesBefore] = await Promise.all([
      topology.edges(window),
      services.services(window),
      services.addresses(window),
      topology.exemplars(window, 1),
      topology.notes(window),
      topology.viewers(window),
      topology.proxies(window),
      topology.edges(before),
      services.services(before),
    ])
    const rows = { edges, services: own, addresses, viewers }
    return { ...rows, exemplars, notes, proxies, weekAgo: { edges: edgesBefore, services: servicesBefore }, viewers: await withGroups(window, rows) }
  }
}
