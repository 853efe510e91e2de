import { stronglyConnected } from './components.ts'
import type { IndexedGraph } from './graph.ts'

/** What a column holds; columns run client → service (by call depth) → data → external. */
export type Layer = 'client' | 'service' | 'data' | 'external'

export interface Ranks {
  /** Column of each node, 0 at the left, without empty columns. */
  rank: Int32Array
  /** Layer of each column. */
  layers: readonly Layer[]
}

export function layerOf(kind: IndexedGraph['nodes'][number]['kind']): Layer {
  switch (kind) {
    case 'client':
      return 'client'
    case 'database':
    case 'cache':
      return 'data'
    case 'external':
      return 'external'
    case 'service':
    case 'queue':
      return 'service'
  }
}

/**
 * A service stands right of everything that calls it: longest path over the graph of cycles, plus the depth inside its own cycle.
 * (The longest path through a big cycle would be as long as the cycle, and say nothing.)
 */
export function rankNodes(graph: IndexedGraph): Ranks {
  const component = stronglyConnected(graph)
  const members = groupByComponent(component)
  const rank = new Int32Array(graph.nodes.length)
  const entry = new Int32Array(members.length)
  for (let c = members.length - 1; c >= 0; c--) {
    const nodes = members[c] ?? []
    descend({ graph, rank, nodes, start: entry[c] ?? 0 })
    for (const node of nodes) passOn({ graph, component, rank, entry, node })
  }
  return toColumns(graph, rank)
}

function groupByComponent(component: Int32Array): number[][] {
  const members: number[][] = []
  component.forEach((c, node) => {
    while (members.length <= c) members.push([])
    members[c]?.push(node)
  })
  return members
}

interface Descent {
  graph: IndexedGraph
  rank: Int32Array
  nodes: readonly number[]
  start: number
}

/** Breadth first inside one cycle, from the nodes that callers outside reach, else from the busiest caller. */
function descend({ graph, rank, nodes, start }: Descent): void {
  if (nodes.length === 1) {
    rank[nodes[0] ?? 0] = start
    return
  }
  const inside = new Set(nodes)
  const entries = nodes.filter((node) => graph.incoming[node]?.some((edge) => !inside.has(graph.edges[edge]?.source ?? node)))
  const queue = entries.length > 0 ? entries : [busiest(graph, nodes)]
  const seen = new Set(queue)
  for (const node of queue) rank[node] = start
  for (const node of queue) {
    for (const target of targetsOf(graph, node)) {
      if (!inside.has(target) || seen.has(target)) continue
      seen.add(target)
      rank[target] = (rank[node] ?? 0) + 1
      queue.push(target)
    }
  }
}

function targetsOf(graph: IndexedGraph, node: number): number[] {
  return (graph.outgoing[node] ?? []).map((edge) => graph.edges[edge]?.target ?? node)
}

function busiest(graph: IndexedGraph, nodes: readonly number[]): number {
  let best = nodes[0] ?? 0
  let most = -Infinity
  for (const node of nodes) {
    const sent = sum(graph, graph.outgoing[node])
    const received = sum(graph, graph.incoming[node])
    if (sent - received > most) {
      most = sent - received
      best = node
    }
  }
  return best
}

function sum(graph: IndexedGraph, edges: readonly number[] | undefined): number {
  return (edges ?? []).reduce((total, edge) => total + (graph.edges[edge]?.weight ?? 0), 0)
}

interface Handover {
  graph: IndexedGraph
  component: Int32Array
  rank: Int32Array
  entry: Int32Array
  node: number
}

function passOn({ graph, component, rank, entry, node }: Handover): void {
  for (const edge of graph.outgoing[node] ?? []) {
    const target = component[graph.edges[edge]?.target ?? node] ?? 0
    if (target !== component[node]) entry[target] = Math.max(entry[target] ?? 0, (rank[node] ?? 0) + 1)
  }
}

const LAYERS: readonly Layer[] = ['client', 'service', 'data', 'external']

function toColumns(graph: IndexedGraph, depth: Int32Array): Ranks {
  const keys = graph.nodes.map((node, index) => {
    const layer = layerOf(node.kind)
    return LAYERS.indexOf(layer) * 1e6 + (layer === 'service' ? (depth[index] ?? 0) : 0)
  })
  const columns = [...new Set(keys)].sort((a, b) => a - b)
  const columnOf = new Map(columns.map((key, column) => [key, column]))
  return {
    rank: Int32Array.from(keys, (key) => columnOf.get(key) ?? 0),
    layers: columns.map((key) => LAYERS[Math.floor(key / 1e6)] ?? 'service'),
  }
}
