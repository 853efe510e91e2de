import { indexGraph, type IndexedGraph, type LayoutInput, type PreviousLayout } from './graph.ts'
import { keepRows, orderRows } from './order.ts'
import { heightOf, NODE_HEIGHT, NODE_WIDTH, relax, spreadColumn, towardsNeighbours } from './place.ts'
import { type Layer, rankNodes } from './rank.ts'
import { FREE, toVertices, type VertexGraph } from './vertices.ts'

const COLUMN_GAP = 54
const BAND_GAP = 26
const BAND_PAD = 12
const BAND_HEAD = 26
/** A picture of which fewer nodes than this stay is drawn anew. */
const KNOWN_SHARE = 0.7
/** Taller columns wrap, so that a wide fan stays a picture rather than a ribbon. */
const MIN_WRAP_ROWS = 24

export interface PlacedNode {
  id: string
  x: number
  y: number
  column: number
}

export interface Point {
  x: number
  y: number
}

export interface GroupBox {
  name: string
  x: number
  y: number
  width: number
  height: number
}

/** All in px of the unscaled picture, origin at its top left. */
export interface LayoutResult {
  width: number
  height: number
  nodes: PlacedNode[]
  /** Centres of the columns that an edge passes between its ends; edges that pass none are absent. */
  bends: Record<string, Point[]>
  groups: GroupBox[]
  /** First column of each layer and the top of what stands in it. */
  layers: { layer: Layer; x: number; y: number }[]
}

/** Vertices of each column from left to right, by band; `FREE` columns belong to no band. */
interface Columns {
  x: number[]
  rank: number[]
  all: number[][]
}

export function layoutGraph(input: LayoutInput): LayoutResult {
  const graph = indexGraph(input)
  const ranks = rankNodes(graph)
  const vertices = toVertices(graph, ranks)
  const y = new Float64Array(vertices.vertices.length)
  const kept = seedRows({ graph, vertices, previous: input.previous, y })
  const columns = wrap(vertices, kept ? knownColumns(graph, input.previous) : NOTHING_KNOWN)
  if (!kept) seedHeights(vertices, columns, y)
  const groups = placeBands({ vertices, columns, y, kept })
  placeFree({ vertices, columns, y, kept })
  return assemble({ graph, vertices, columns, y, groups, layers: ranks.layers })
}

interface Seed {
  graph: IndexedGraph
  vertices: VertexGraph
  previous: PreviousLayout | undefined
  y: Float64Array
}

/** Orders the rows: as they are on screen when most nodes are, else by fewest crossings. True when the screen's order was kept. */
function seedRows({ graph, vertices, previous, y }: Seed): boolean {
  const seeds = previous === undefined ? new Map<number, number>() : knownHeights(graph, vertices, previous)
  const known = graph.nodes.filter((_, index) => seeds.has(index)).length
  const before = previous?.nodes.length ?? 0
  if (known === 0 || known < Math.max(graph.nodes.length, before) * KNOWN_SHARE) {
    orderRows(vertices)
    return false
  }
  for (const [vertex, height] of seeds) y[vertex] = height
  const strangers = vertices.vertices.map((_, index) => index).filter((index) => !seeds.has(index))
  // twice: a newcomer may know the screen only through another
  for (let pass = 0; pass < 2; pass++) {
    const wanted = towardsNeighbours(vertices, strangers, y)
    for (const vertex of strangers) y[vertex] = wanted[vertex] ?? 0
  }
  keepRows(vertices, y)
  return true
}

/** Centre heights of the vertices that are on screen. */
function knownHeights(graph: IndexedGraph, vertices: VertexGraph, previous: PreviousLayout): Map<number, number> {
  const tops = new Map(previous.nodes.map((node) => [node.id, node.y]))
  const heights = new Map<number, number>()
  graph.nodes.forEach((node, index) => {
    const top = tops.get(node.id)
    if (top !== undefined) heights.set(index, top + NODE_HEIGHT / 2)
  })
  for (const [edge, chain] of vertices.bends) {
    const bends = previous.bends[graph.edges[edge]?.id ?? '']
    if (bends?.length !== chain.length) continue
    chain.forEach((vertex, index) => heights.set(vertex, bends[index]?.y ?? 0))
  }
  return heights
}

const NOTHING_KNOWN: ReadonlyMap<number, number> = new Map()

/** Where (x) each node stands on screen, by its index. */
function knownColumns(graph: IndexedGraph, previous: PreviousLayout | undefined): ReadonlyMap<number, number> {
  const xs = new Map(previous?.nodes.map((node) => [node.id, node.x]))
  return new Map(
    graph.nodes.flatMap((node, index): [number, number][] => {
      const x = xs.get(node.id)
      return x === undefined ? [] : [[index, x]]
    }),
  )
}

/** Columns of a rank that are full may hold this much more before a newcomer makes all of them fold anew. */
const SLACK = 1.25
/** A column on screen counts as this rank's when so much of the rank stands in it. */
const OWN_SHARE = 0.1

/** In which column of its rank each vertex stands: where it stands on screen; a newcomer in the emptiest; without a screen each in turn. */
function foldsOf(
  members: readonly number[],
  known: ReadonlyMap<number, number>,
  most: number,
): { of: (vertex: number, index: number) => number; count: number } {
  const needed = Math.max(1, Math.ceil(members.length / most))
  const standing = Map.groupBy(members, (vertex) => known.get(vertex) ?? Number.NaN)
  const own = [...standing].filter(([x, inside]) => !Number.isNaN(x) && inside.length >= Math.max(1, members.length * OWN_SHARE))
  const xs = own.map(([x]) => x).sort((a, b) => a - b)
  if (xs.length === 0 || members.length > xs.length * most * SLACK) return { of: (_, index) => index % needed, count: needed }
  const sizes = xs.map((x) => standing.get(x)?.length ?? 0)
  return {
    count: xs.length,
    of: (vertex) => {
      const here = xs.indexOf(known.get(vertex) ?? Number.NaN)
      if (here >= 0) return here
      const emptiest = sizes.indexOf(Math.min(...sizes))
      sizes[emptiest] = (sizes[emptiest] ?? 0) + 1
      return emptiest
    },
  }
}

function wrap(graph: VertexGraph, known: ReadonlyMap<number, number>): Columns {
  const nodes = graph.vertices.filter((vertex) => vertex.node >= 0).length
  const most = Math.max(MIN_WRAP_ROWS, Math.ceil(Math.sqrt(nodes * 2.4)))
  const columns: Columns = { x: [], rank: [], all: [] }
  let x = 0
  graph.rows.forEach((row, rank) => {
    const bands = Map.groupBy(row, (vertex) => graph.vertices[vertex]?.band ?? FREE)
    const folded = [...bands.values()].map((members) => {
      const folds = foldsOf(members, known, most)
      return {
        count: folds.count,
        columns: Map.groupBy(
          members.map((vertex, index) => ({ vertex, fold: folds.of(vertex, index) })),
          ({ fold }) => fold,
        ),
      }
    })
    const count = Math.max(1, ...folded.map((band) => band.count))
    for (let fold = 0; fold < count; fold++) {
      columns.x.push(x)
      columns.rank.push(rank)
      columns.all.push(folded.flatMap((band) => (band.columns.get(fold) ?? []).map(({ vertex }) => vertex)))
      x += NODE_WIDTH + COLUMN_GAP
    }
  })
  return columns
}

function seedHeights(graph: VertexGraph, columns: Columns, y: Float64Array): void {
  for (const column of columns.all) {
    const zero = new Float64Array(y.length)
    spreadColumn(graph, column, zero, y)
  }
}

interface Placing {
  vertices: VertexGraph
  columns: Columns
  y: Float64Array
  kept: boolean
}

/** Lays each band out by itself and stacks the bands; answers the boxes to draw. */
function placeBands({ vertices, columns, y, kept }: Placing): GroupBox[] {
  const boxes: GroupBox[] = []
  const single = vertices.bandNames.length === 1
  let top = 0
  vertices.bandNames.forEach((name, band) => {
    const inside = columns.all.map((column) => column.filter((vertex) => vertices.vertices[vertex]?.band === band))
    if (kept) for (const column of inside) spreadColumn(vertices, column, y.slice(), y)
    else relax(vertices, inside, y)
    const members = inside.flat()
    const low = Math.min(...members.map((vertex) => (y[vertex] ?? 0) - heightOf(vertices, vertex) / 2))
    const high = Math.max(...members.map((vertex) => (y[vertex] ?? 0) + heightOf(vertices, vertex) / 2))
    if (members.length === 0) return
    const shift = top - low + (single ? 0 : BAND_HEAD)
    for (const vertex of members) y[vertex] = (y[vertex] ?? 0) + shift
    const height = high - low + (single ? 0 : BAND_HEAD + BAND_PAD)
    if (!single && name !== '') boxes.push({ name, ...extent(vertices, columns, members), y: top, height })
    top += height + BAND_GAP
  })
  return boxes
}

function extent(graph: VertexGraph, columns: Columns, members: readonly number[]): { x: number; width: number } {
  const inside = new Set(members.filter((vertex) => (graph.vertices[vertex]?.node ?? -1) >= 0))
  const used = columns.x.filter((_, index) => columns.all[index]?.some((vertex) => inside.has(vertex)))
  const left = Math.min(...used)
  const right = Math.max(...used) + NODE_WIDTH
  return { x: left - BAND_PAD, width: right - left + 2 * BAND_PAD }
}

function placeFree({ vertices, columns, y, kept }: Placing): void {
  if (vertices.bandNames.length === 1) return
  for (const column of columns.all) {
    const free = column.filter((vertex) => vertices.vertices[vertex]?.band === FREE)
    const wanted = kept ? y.slice() : towardsNeighbours(vertices, free, y)
    free.sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0) || a - b)
    spreadColumn(vertices, free, wanted, y)
  }
}

interface Assembly {
  graph: IndexedGraph
  vertices: VertexGraph
  columns: Columns
  y: Float64Array
  groups: GroupBox[]
  layers: readonly Layer[]
}

function assemble({ graph, vertices, columns, y, groups, layers }: Assembly): LayoutResult {
  const columnOf = new Int32Array(vertices.vertices.length)
  columns.all.forEach((column, index) => {
    for (const vertex of column) columnOf[vertex] = index
  })
  const left = Math.min(0, ...groups.map((box) => box.x))
  const top = Math.min(0, ...graph.nodes.map((_, index) => (y[index] ?? 0) - NODE_HEIGHT / 2))
  const at = (vertex: number): Point => ({ x: (columns.x[columnOf[vertex] ?? 0] ?? 0) - left, y: (y[vertex] ?? 0) - top })
  const nodes = graph.nodes.map((node, index) => ({ id: node.id, x: at(index).x, y: at(index).y - NODE_HEIGHT / 2, column: columnOf[index] ?? 0 }))
  const bends: Record<string, Point[]> = {}
  for (const [edge, chain] of vertices.bends) {
    const id = graph.edges[edge]?.id
    if (id !== undefined) bends[id] = chain.map((vertex) => ({ x: at(vertex).x + NODE_WIDTH / 2, y: at(vertex).y }))
  }
  const boxes = groups.map((box) => ({ ...box, x: box.x - left, y: box.y - top }))
  return {
    width: Math.max(0, ...nodes.map((node) => node.x + NODE_WIDTH), ...boxes.map((box) => box.x + box.width)),
    height: Math.max(0, ...nodes.map((node) => node.y + NODE_HEIGHT), ...boxes.map((box) => box.y + box.height)),
    nodes,
    bends,
    groups: boxes,
    layers: layerHeads({ nodes, columns, layers }),
  }
}

function layerHeads({ nodes, columns, layers }: { nodes: readonly PlacedNode[]; columns: Columns; layers: readonly Layer[] }): LayoutResult['layers'] {
  const heads = new Map<Layer, Point>()
  for (const node of nodes) {
    const layer = layers[columns.rank[node.column] ?? 0] ?? 'service'
    const head = heads.get(layer)
    if (head === undefined || node.x < head.x || (node.x === head.x && node.y < head.y)) heads.set(layer, { x: node.x, y: node.y })
  }
  return [...heads].map(([layer, point]) => ({ layer, ...point })).sort((a, b) => a.x - b.x)
}
