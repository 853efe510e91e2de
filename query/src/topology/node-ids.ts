import { nodeId, type NodeKey } from '@skein/schemas/topology'

export type NodeIds = (node: NodeKey) => string

/** Ids of the nodes of one graph, each hashed once: every edge asks for two of them many times. */
export function createNodeIds(): NodeIds {
  const ids = new Map<string, string>()
  return (node) => {
    const name = `${node.environment}\u0000${node.cluster}\u0000${node.namespace}\u0000${node.kind}\u0000${node.name}`
    const known = ids.get(name)
    if (known !== undefined) return known
    const id = nodeId(node)
    ids.set(name, id)
    return id
  }
}
