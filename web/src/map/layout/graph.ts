import type { NodeKind } from '@skein/schemas/topology'

/** What the layout needs to know of a node; `group` is empty for a node that belongs to no cluster, or to several. */
export interface LayoutNode {
  id: string
  name: string
  kind: NodeKind
  group: string
}

/** `weight` orders equals: calls in the window. */
export interface LayoutEdge {
  id: string
  source: string
  target: string
  weight: number
}

/** The picture on screen now; it keeps the order, so that a node that arrives moves the others little. */
export interface PreviousLayout {
  nodes: readonly { id: string; x: number; y: number }[]
  bends: Readonly<Record<string, readonly { y: number }[]>>
}

export interface LayoutInput {
  nodes: readonly LayoutNode[]
  edges: readonly LayoutEdge[]
  previous?: PreviousLayout
}

/** Nodes by index, edges by index pair; unknown ends and self calls are left out, order never depends on the order of the input. */
export interface IndexedGraph {
  nodes: readonly LayoutNode[]
  edges: readonly IndexedEdge[]
  outgoing: readonly (readonly number[])[]
  incoming: readonly (readonly number[])[]
}

export interface IndexedEdge {
  id: string
  source: number
  target: number
  weight: number
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export function indexGraph(input: LayoutInput): IndexedGraph {
  const nodes = [...input.nodes].sort((a, b) => byText(a.name, b.name) || byText(a.id, b.id))
  const indexOf = new Map(nodes.map((node, index) => [node.id, index]))
  const edges: IndexedEdge[] = []
  for (const edge of input.edges) {
    const source = indexOf.get(edge.source)
    const target = indexOf.get(edge.target)
    if (source === undefined || target === undefined || source === target) continue
    edges.push({ id: edge.id, source, target, weight: edge.weight })
  }
  edges.sort((a, b) => a.source - b.source || a.target - b.target || byText(a.id, b.id))
  const outgoing: number[][] = nodes.map(() => [])
  const incoming: number[][] = nodes.map(() => [])
  edges.forEach((edge, index) => {
    outgoing[edge.source]?.push(index)
    incoming[edge.target]?.push(index)
  })
  return { nodes, edges, outgoing, incoming }
}
