import type { TopologyAnswer, TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'

export type Topology = Pick<TopologyAnswer, 'nodes' | 'edges'>

/** The part of a topology within `hops` calls of a node, in either direction; all of it when the node is not there. */
export function neighbourhood(topology: Topology, center: string, hops: number): Topology {
  if (!topology.nodes.some((node) => node.id === center)) return topology
  const near = new Set([center])
  for (let hop = 0; hop < hops; hop++) {
    const rim = topology.edges.filter((edge) => near.has(edge.source) !== near.has(edge.target))
    for (const edge of rim) near.add(edge.source).add(edge.target)
  }
  return {
    nodes: topology.nodes.filter((node) => near.has(node.id)),
    edges: topology.edges.filter((edge) => near.has(edge.source) && near.has(edge.target)),
  }
}

/** Ids of what a node touches: its callers and callees with the edges between, itself included. */
export function touching(edges: readonly TopologyEdge[], id: string): Set<string> {
  const ids = new Set([id])
  for (const edge of edges) {
    if (edge.source === id || edge.target === id) ids.add(edge.id).add(edge.source).add(edge.target)
    if (edge.id === id) ids.add(edge.source).add(edge.target)
  }
  return ids
}

/** Nodes whose name holds the text, exact names first, then beginnings, then the rest; busiest first among equals. */
export function searchNodes(nodes: readonly TopologyNode[], text: string, most = 8): TopologyNode[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return []
  const placeOf = (node: TopologyNode): number => {
    const name = node.name.toLowerCase()
    if (name === wanted) return 0
    if (name.startsWith(wanted)) return 1
    return name.includes(wanted) ? 2 : 3
  }
  return nodes
    .map((node) => ({ node, place: placeOf(node) }))
    .filter(({ place }) => place < 3)
    .sort((a, b) => a.place - b.place || b.node.calls - a.node.calls)
    .slice(0, most)
    .map(({ node }) => node)
}
