import type { Link, VertexGraph } from './vertices.ts'

export const NODE_WIDTH = 150
export const NODE_HEIGHT = 42
/** Clear space between two cards of a column, and what a bending edge takes of it. */
const NODE_GAP = 14
const BEND_GAP = 10
const SWEEPS = 10

/** Heights a vertex needs: a card for a node, a thread for a bend. */
export function heightOf(graph: VertexGraph, vertex: number): number {
  return isBend(graph, vertex) ? 2 : NODE_HEIGHT
}

function gapBetween(graph: VertexGraph, a: number, b: number): number {
  return isBend(graph, a) || isBend(graph, b) ? BEND_GAP : NODE_GAP
}

/**
 * Centres of a column as near as possible (least squares) to where its vertices want to be, in order and without overlap:
 * pool adjacent violators, O(n). `wanted` and the answer are centre heights.
 */
export function spreadColumn(graph: VertexGraph, column: readonly number[], wanted: Float64Array, y: Float64Array): void {
  const offset: number[] = []
  let depth = 0
  column.forEach((vertex, index) => {
    const above = column[index - 1]
    if (above !== undefined) depth += (heightOf(graph, above) + heightOf(graph, vertex)) / 2 + gapBetween(graph, above, vertex)
    offset.push(depth)
  })
  const blocks: { mean: number; size: number }[] = []
  column.forEach((vertex, index) => {
    let block = { mean: (wanted[vertex] ?? 0) - (offset[index] ?? 0), size: 1 }
    let previous = blocks.at(-1)
    while (previous !== undefined && previous.mean >= block.mean) {
      const size = previous.size + block.size
      block = { mean: (previous.mean * previous.size + block.mean * block.size) / size, size }
      blocks.pop()
      previous = blocks.at(-1)
    }
    blocks.push(block)
  })
  let index = 0
  for (const block of blocks) {
    for (let i = 0; i < block.size; i++, index++) y[column[index] ?? 0] = block.mean + (offset[index] ?? 0)
  }
}

/** Pulls every vertex of the columns towards its neighbours, alternately from the left and from the right. */
export function relax(graph: VertexGraph, columns: readonly (readonly number[])[], y: Float64Array): void {
  const wanted = new Float64Array(graph.vertices.length)
  const members = new Uint8Array(graph.vertices.length)
  for (const column of columns) for (const vertex of column) members[vertex] = 1
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const rightwards = sweep % 2 === 0
    const last = sweep >= SWEEPS - 2
    for (let i = 0; i < columns.length; i++) {
      const column = columns[rightwards ? i : columns.length - 1 - i] ?? []
      for (const vertex of column) {
        const near = rightwards ? graph.left[vertex] : graph.right[vertex]
        const far = rightwards ? graph.right[vertex] : graph.left[vertex]
        wanted[vertex] = pull({ graph, vertex, y, members }, last ? [near, far] : [near])
      }
      spreadColumn(graph, column, wanted, y)
    }
  }
}

interface Pull {
  graph: VertexGraph
  vertex: number
  y: Float64Array
  members: Uint8Array | null
}

function pull({ graph, vertex, y, members }: Pull, sides: readonly (readonly Link[] | undefined)[]): number {
  let total = 0
  let weights = 0
  for (const link of sides.flatMap((side) => side ?? [])) {
    const other = link.from === vertex ? link.to : link.from
    if (members !== null && members[other] !== 1) continue
    const weight = link.weight * stiffness(graph, vertex, other)
    total += at(y, other) * weight
    weights += weight
  }
  return weights === 0 ? at(y, vertex) : total / weights
}

/** Two bends of one edge pull hard, so that long edges run straight. */
function stiffness(graph: VertexGraph, a: number, b: number): number {
  return isBend(graph, a) && isBend(graph, b) ? 8 : 1
}

const isBend = (graph: VertexGraph, vertex: number): boolean => (graph.vertices[vertex]?.node ?? -1) < 0
const at = (values: Float64Array, index: number): number => values[index] ?? 0

/** Where each vertex wants to be, given all its neighbours; for columns placed after everything else. */
export function towardsNeighbours(graph: VertexGraph, column: readonly number[], y: Float64Array): Float64Array {
  const wanted = new Float64Array(graph.vertices.length)
  for (const vertex of column) wanted[vertex] = pull({ graph, vertex, y, members: null }, [graph.left[vertex], graph.right[vertex]])
  return wanted
}
