import type { TopologyAnswer, TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'

/** One edge seen from the service: the node at its other end. */
export interface Neighbour {
  edge: TopologyEdge
  node: TopologyNode
}

/** Who calls any of the ids, and whom they call; calls among the ids themselves are left out. */
export function neighbours({ nodes, edges }: Pick<TopologyAnswer, 'nodes' | 'edges'>, ids: readonly string[]): { callers: Neighbour[]; callees: Neighbour[] } {
  const own = new Set(ids)
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const side = (mine: 'source' | 'target', other: 'source' | 'target') =>
    edges
      .filter((edge) => own.has(edge[mine]) && !own.has(edge[other]))
      .flatMap((edge) => {
        const node = byId.get(edge[other])
        return node === undefined ? [] : [{ edge, node }]
      })
  return { callers: side('target', 'source'), callees: side('source', 'target') }
}
