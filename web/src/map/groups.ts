import type { TopologyNode } from '@skein/schemas/api/topology'
import { layerOf } from './layout/rank.ts'
import type { Topology } from './neighbourhood.ts'

export const GROUPINGS = ['cluster', 'namespace', 'layer', 'none'] as const
export type Grouping = (typeof GROUPINGS)[number]

/**
 * Name of the box each node stands in, by node id; empty for none. A service stands in its cluster or namespace, a store or queue in the one
 * that alone uses it (on the wire it belongs to none, so that two clusters can meet in one topic). Layers are columns: everything has one.
 */
export function groupsOf({ nodes, edges }: Topology, by: Grouping = 'cluster'): Map<string, string> {
  if (by === 'none') return new Map(nodes.map((node) => [node.id, '']))
  if (by === 'layer') return new Map(nodes.map((node) => [node.id, layerOf(node.kind)]))
  const environments = new Set(nodes.map((node) => node.environment)).size
  const own = new Map(nodes.map((node) => [node.id, placeOf(node, by, environments)]))
  const users = new Map<string, Set<string>>()
  for (const edge of edges) {
    note(users, edge.target, own.get(edge.source) ?? '')
    note(users, edge.source, own.get(edge.target) ?? '')
  }
  return new Map(nodes.map((node) => [node.id, isStore(node) ? soleOf(users.get(node.id)) : (own.get(node.id) ?? '')]))
}

function placeOf(node: TopologyNode, by: 'cluster' | 'namespace', environments: number): string {
  const place = by === 'cluster' ? node.cluster : node.namespace
  if (place === '') return ''
  return environments > 1 && node.environment !== '' ? `${node.environment} / ${place}` : place
}

const isStore = ({ kind }: TopologyNode): boolean => kind === 'queue' || kind === 'database' || kind === 'cache'

function note(users: Map<string, Set<string>>, id: string, group: string): void {
  const groups = users.get(id) ?? new Set()
  groups.add(group)
  users.set(id, groups)
}

function soleOf(groups: ReadonlySet<string> | undefined): string {
  const [first = '', ...others] = groups ?? []
  return others.length === 0 ? first : ''
}

/** The named groups with how many nodes each holds, largest first. */
export function groupSizes(groups: ReadonlyMap<string, string>): { name: string; nodes: number }[] {
  const sizes = new Map<string, number>()
  for (const name of groups.values()) if (name !== '') sizes.set(name, (sizes.get(name) ?? 0) + 1)
  return [...sizes].map(([name, nodes]) => ({ name, nodes })).sort((a, b) => b.nodes - a.nodes || (a.name < b.name ? -1 : 1))
}
