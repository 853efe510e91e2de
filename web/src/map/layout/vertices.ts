import type { IndexedGraph } from './graph.ts'
import type { Ranks } from './rank.ts'

/** Above this many nodes edges run straight: bending each of thousands around the others costs more than it shows. */
const MAX_ROUTED_NODES = 300

/** A node, or a bend of an edge where it passes a column that is not its own. */
export interface Vertex {
  /** Index of the node, or −1 for a bend. */
  node: number
  rank: number
  /** Group box the vertex must stay inside; `FREE` when it belongs to none. */
  band: number
}

export const FREE = -1

export interface Link {
  from: number
  to: number
  weight: number
}

export interface VertexGraph {
  vertices: readonly Vertex[]
  /** Vertices of each rank, in order from top to bottom. */
  rows: number[][]
  /** Neighbours towards the left and towards the right. */
  left: readonly (readonly Link[])[]
  right: readonly (readonly Link[])[]
  /** Bends of each edge, from source to target; edges that need none are absent. */
  bends: ReadonlyMap<number, readonly number[]>
  bandNames: readonly string[]
}

/** Cluster boxes are drawn from two clusters up. Clients and externals stand outside of all, in columns of their own. */
function bandsOf(graph: IndexedGraph, ranks: Ranks): { names: string[]; band: number[] } {
  const isInner = (index: number): boolean => ['service', 'data'].includes(ranks.layers[ranks.rank[index] ?? 0] ?? '')
  const groups = new Set(graph.nodes.filter((_, index) => isInner(index)).map((node) => node.group))
  const named = [...groups].filter((name) => name !== '').sort()
  if (named.length < 2) return { names: [''], band: graph.nodes.map(() => 0) }
  const names = groups.has('') ? [...named, ''] : named
  return { names, band: graph.nodes.map((node, index) => (isInner(index) ? names.indexOf(node.group) : FREE)) }
}

export function toVertices(graph: IndexedGraph, ranks: Ranks): VertexGraph {
  const { names, band } = bandsOf(graph, ranks)
  const vertices: Vertex[] = graph.nodes.map((_, node) => ({ node, rank: ranks.rank[node] ?? 0, band: band[node] ?? 0 }))
  const bends = new Map<number, number[]>()
  const links: Link[] = []
  graph.edges.forEach((edge, index) => {
    const weight = 1 + Math.log10(1 + edge.weight)
    const chain = graph.nodes.length > MAX_ROUTED_NODES ? [] : bend(edge.source, edge.target, vertices)
    if (chain.length > 0) bends.set(index, chain)
    const path = [edge.source, ...chain, edge.target]
    for (let i = 1; i < path.length; i++) links.push(leftToRight({ from: path[i - 1] ?? 0, to: path[i] ?? 0, weight }, vertices))
  })
  const rows: number[][] = ranks.layers.map(() => [])
  vertices.forEach((vertex, index) => rows[vertex.rank]?.push(index))
  return { vertices, rows, ...neighbours(links, vertices.length), bends, bandNames: names }
}

function bend(source: number, target: number, vertices: Vertex[]): number[] {
  const from = vertices[source]
  const to = vertices[target]
  if (from === undefined || to === undefined) return []
  const step = Math.sign(to.rank - from.rank)
  const band = from.band === FREE ? to.band : from.band
  const chain: number[] = []
  for (let rank = from.rank + step; step !== 0 && rank !== to.rank; rank += step) {
    chain.push(vertices.length)
    vertices.push({ node: -1, rank, band })
  }
  return chain
}

function leftToRight(link: Link, vertices: readonly Vertex[]): Link {
  const flipped = (vertices[link.from]?.rank ?? 0) > (vertices[link.to]?.rank ?? 0)
  return flipped ? { from: link.to, to: link.from, weight: link.weight } : link
}

function neighbours(links: readonly Link[], count: number): Pick<VertexGraph, 'left' | 'right'> {
  const left: Link[][] = Array.from({ length: count }, () => [])
  const right: Link[][] = Array.from({ length: count }, () => [])
  for (const link of links) {
    right[link.from]?.push(link)
    left[link.to]?.push(link)
  }
  return { left, right }
}
