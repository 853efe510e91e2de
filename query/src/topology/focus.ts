import { nodeId, type NodeKey } from '@skein/schemas/topology'
import type { MergedEdge } from './merged-edge.ts'

/** Ids of the nodes within `depth` hops of a service, whichever way the edges point. */
export function nodesAround(service: string, depth: number, graph: { services: readonly NodeKey[]; edges: readonly MergedEdge[] }): Set<string> {
  const neighbours = new Map<string, Set<string>>()
  const names = new Map<string, NodeKey>()
  for (const node of graph.services) names.set(nodeId(node), node)
  for (const { source, target, sourceId, targetId } of graph.edges) {
    names.set(sourceId, source).set(targetId, target)
    link(neighbours, sourceId, targetId)
    link(neighbours, targetId, sourceId)
  }
  const reached = new Set([...names].filter(([, node]) => node.kind === 'service' && node.name === service).map(([id]) => id))
  let rim = [...reached]
  for (let hop = 0; hop < depth; hop++) {
    rim = rim.flatMap((id) => [...(neighbours.get(id) ?? [])]).filter((id) => !reached.has(id))
    for (const id of rim) reached.add(id)
  }
  return reached
}

function link(neighbours: Map<string, Set<string>>, from: string, to: string): void {
  const known = neighbours.get(from)
  if (known === undefined) neighbours.set(from, new Set([to]))
  else known.add(to)
}
