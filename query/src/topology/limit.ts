import { nodeId, type NodeKey } from '@skein/schemas/topology'
import { mergeEdges, type MergedEdge } from './merged-edge.ts'

export interface TopologyLimits {
  nodes: number
  edges: number
}

/** The node that the least busy of its kind fold into. */
function otherOf(node: NodeKey): NodeKey {
  return { environment: node.environment, cluster: '', namespace: '', kind: node.kind, name: 'other' }
}

/**
 * Folds the least busy nodes, then the least busy edges, into `other` by environment and kind; calls are kept, `folded` counts what lost its name.
 * Equal in calls, the smaller id stays, so that the same data gives the same picture.
 */
export function foldLeastBusy(
  edges: readonly MergedEdge[],
  services: readonly NodeKey[],
  limits: TopologyLimits,
): { edges: MergedEdge[]; folded: Set<string>; count: number } {
  const folded = leastBusyNodes(edges, services, limits.nodes)
  const afterNodes = folded.size === 0 ? [...edges] : mergeEdges(edges, (node) => (folded.has(nodeId(node)) ? otherOf(node) : node))
  if (afterNodes.length <= limits.edges) return { edges: afterNodes, folded, count: folded.size }
  const ranked = afterNodes.toSorted((a, b) => b.calls - a.calls || (a.edgeId < b.edgeId ? -1 : 1))
  const rest = mergeEdges(ranked.slice(limits.edges), otherOf)
  return { edges: mergeEdges([...ranked.slice(0, limits.edges), ...rest], (node) => node), folded, count: folded.size + ranked.length - limits.edges }
}

function leastBusyNodes(edges: readonly MergedEdge[], services: readonly NodeKey[], limit: number): Set<string> {
  const calls = new Map<string, number>(services.map((service) => [nodeId(service), 0]))
  for (const edge of edges) {
    for (const end of [edge.sourceId, edge.targetId]) calls.set(end, (calls.get(end) ?? 0) + edge.calls)
  }
  if (calls.size <= limit) return new Set()
  const ranked = [...calls].sort(([aId, a], [bId, b]) => b - a || (aId < bId ? -1 : 1))
  return new Set(ranked.slice(limit).map(([id]) => id))
}
