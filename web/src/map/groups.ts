import type { TopologyNode } from '@skein/schemas/api/topology'
import type { Topology } from './neighbourhood.ts'

/**
 * Name of the box each node stands in, by node id; empty for none. A service stands in its cluster, a store or queue in the cluster that
 * alone uses it (on the wire it belongs to none, so that two clusters can meet in one topic).
 */
export function groupsOf({ nodes, edges }: Topology): Map<string, string> {
  const environments = new Set(nodes.map((node) => node.environment)).size
  const own = new Map(nodes.map((node) => [node.id, clusterName(node, environments)]))
  const users = new Map<string, Set<string>>()
  for (const edge of edges) {
    note(users, edge.target, own.get(edge.source) ?? '')
    note(users, edge.source, own.get(edge.target) ?? '')
  }
  return new Map(nodes.map((node) => [node.id, isStore(node) ? soleOf(users.get(node.id)) : (own.get(node.id) ?? '')]))
}

function clusterName(node: TopologyNode, environments: number): string {
  if (node.cluster === '') return ''
  return environments > 1 && node.environment !== '' ? `${node.environment} / ${node.cluster}` : node.cluster
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
