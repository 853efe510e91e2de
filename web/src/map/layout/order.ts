import type { Link, VertexGraph } from './vertices.ts'

const SWEEPS = 12

/** Orders each rank so that few edges cross: barycentre sweeps from a fixed start, the best of them kept. Sorts `graph.rows` in place. */
export function orderRows(graph: VertexGraph): void {
  const place = new Float64Array(graph.vertices.length)
  for (const row of graph.rows) settle(graph, row, place)
  let best = graph.rows.map((row) => [...row])
  let fewest = crossings(graph, place)
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const rightwards = sweep % 2 === 0
    const ranks = graph.rows.map((_, rank) => (rightwards ? rank : graph.rows.length - 1 - rank))
    for (const rank of ranks) sortRow(graph, rank, place, rightwards ? graph.left : graph.right)
    const now = crossings(graph, place)
    if (now < fewest) {
      fewest = now
      best = graph.rows.map((row) => [...row])
    }
  }
  best.forEach((row, rank) => graph.rows[rank]?.splice(0, row.length, ...row))
}

/** Keeps the rows that are on screen in their order and lets only newcomers find a place beside their neighbours. */
export function keepRows(graph: VertexGraph, y: Float64Array): void {
  for (const row of graph.rows) row.sort((a, b) => bandOf(graph, a) - bandOf(graph, b) || (y[a] ?? 0) - (y[b] ?? 0) || a - b)
}

function bandOf(graph: VertexGraph, vertex: number): number {
  return graph.vertices[vertex]?.band ?? 0
}

/** Rows of different length compare by their share of the height. */
function settle(graph: VertexGraph, row: number[], place: Float64Array): void {
  row.sort((a, b) => bandOf(graph, a) - bandOf(graph, b) || 0)
  row.forEach((vertex, index) => {
    place[vertex] = (index + 0.5) / row.length
  })
}

function sortRow(graph: VertexGraph, rank: number, place: Float64Array, links: readonly (readonly Link[])[]): void {
  const row = graph.rows[rank]
  if (row === undefined || row.length < 2) return
  const wanted = new Map(row.map((vertex) => [vertex, barycentre(links[vertex] ?? [], vertex, place)]))
  row.sort((a, b) => bandOf(graph, a) - bandOf(graph, b) || (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || (place[a] ?? 0) - (place[b] ?? 0))
  row.forEach((vertex, index) => {
    place[vertex] = (index + 0.5) / row.length
  })
}

function barycentre(links: readonly Link[], vertex: number, place: Float64Array): number {
  let total = 0
  let weights = 0
  for (const link of links) {
    const other = link.from === vertex ? link.to : link.from
    total += (place[other] ?? 0) * link.weight
    weights += link.weight
  }
  return weights === 0 ? (place[vertex] ?? 0) : total / weights
}

/** Crossings between neighbouring ranks, counted with a Fenwick tree: O(edges · log nodes). */
function crossings(graph: VertexGraph, place: Float64Array): number {
  let total = 0
  graph.rows.forEach((row, rank) => {
    const next = graph.rows[rank + 1]
    if (next === undefined) return
    const indexOf = new Map(next.map((vertex, index) => [vertex, index]))
    const tree = new Int32Array(next.length + 1)
    let seen = 0
    for (const vertex of row) {
      const targets = (graph.right[vertex] ?? []).flatMap((link) => indexOf.get(link.to) ?? [])
      for (const target of targets) total += seen - countUpTo(tree, target)
      for (const target of targets) add(tree, target)
      seen += targets.length
    }
  })
  return total + spread(graph, place) * 1e-6
}

/** Breaks ties between pictures with equal crossings: the shorter edges win. */
function spread(graph: VertexGraph, place: Float64Array): number {
  let total = 0
  for (const links of graph.right) for (const link of links) total += Math.abs((place[link.from] ?? 0) - (place[link.to] ?? 0))
  return total
}

function add(tree: Int32Array, index: number): void {
  for (let i = index + 1; i < tree.length; i += i & -i) tree[i] = (tree[i] ?? 0) + 1
}

function countUpTo(tree: Int32Array, index: number): number {
  let total = 0
  for (let i = index + 1; i > 0; i -= i & -i) total += tree[i] ?? 0
  return total
}
