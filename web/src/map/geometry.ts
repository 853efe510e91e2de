import type { LayoutResult, PlacedNode, Point } from './layout/layout.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './layout/place.ts'

/** A cubic Bézier chain: a start, then control, control, end for each piece. */
export interface Curve {
  start: Point
  pieces: readonly (readonly [Point, Point, Point])[]
}

export interface EdgeEnds {
  id: string
  source: string
  target: string
}

/** Room at a card's side for the ends of its edges; the arrow head takes the last px. */
const PORT_SPREAD = 28
const ARROW = 7
const LOOP = 26

/**
 * Curves of all edges by id. Ends that share a card's side spread over it in the order of what they lead to, so they do not cross in front of it.
 * Edges whose ends were not placed are absent.
 */
export function edgeCurves(layout: LayoutResult, edges: readonly EdgeEnds[]): Map<string, Curve> {
  const nodes = new Map(layout.nodes.map((node) => [node.id, node]))
  const drawn = edges.flatMap((edge) => {
    const source = nodes.get(edge.source)
    const target = nodes.get(edge.target)
    return source === undefined || target === undefined ? [] : [{ id: edge.id, source, target, bends: layout.bends[edge.id] ?? [] }]
  })
  const ports = spreadPorts(drawn)
  return new Map(drawn.map((edge) => [edge.id, curveOf(edge, ports)]))
}

interface DrawnEdge {
  id: string
  source: PlacedNode
  target: PlacedNode
  bends: readonly Point[]
}

type Side = 'left' | 'right'

const forwards = (edge: DrawnEdge): boolean => edge.target.column > edge.source.column
const sidesOf = (edge: DrawnEdge): { from: Side; to: Side } => {
  if (forwards(edge)) return { from: 'right', to: 'left' }
  return edge.target.column === edge.source.column ? { from: 'right', to: 'right' } : { from: 'left', to: 'right' }
}

/** Height of each edge's end, keyed by edge id and end. */
function spreadPorts(edges: readonly DrawnEdge[]): Map<string, number> {
  const sides = new Map<string, { key: string; node: PlacedNode; towards: number }[]>()
  const put = (node: PlacedNode, side: Side, key: string, towards: number): void => {
    const at = `${node.id} ${side}`
    const ends = sides.get(at) ?? []
    ends.push({ key, node, towards })
    sides.set(at, ends)
  }
  for (const edge of edges) {
    const { from, to } = sidesOf(edge)
    put(edge.source, from, `${edge.id} source`, edge.bends[0]?.y ?? centre(edge.target))
    put(edge.target, to, `${edge.id} target`, edge.bends.at(-1)?.y ?? centre(edge.source))
  }
  const ports = new Map<string, number>()
  for (const ends of sides.values()) {
    ends.sort((a, b) => a.towards - b.towards || (a.key < b.key ? -1 : 1))
    const step = ends.length < 2 ? 0 : Math.min(9, PORT_SPREAD / (ends.length - 1))
    ends.forEach((end, index) => {
      ports.set(end.key, centre(end.node) + (index - (ends.length - 1) / 2) * step)
    })
  }
  return ports
}

const centre = (node: PlacedNode): number => node.y + NODE_HEIGHT / 2

function curveOf(edge: DrawnEdge, ports: ReadonlyMap<string, number>): Curve {
  const { from, to } = sidesOf(edge)
  const startY = ports.get(`${edge.id} source`) ?? centre(edge.source)
  const endY = ports.get(`${edge.id} target`) ?? centre(edge.target)
  const start = { x: edge.source.x + (from === 'right' ? NODE_WIDTH : 0), y: startY }
  const end = { x: edge.target.x + (to === 'right' ? NODE_WIDTH + ARROW : -ARROW), y: endY }
  if (from === to) return { start, pieces: [bulge(start, end)] }
  const half = (forwards(edge) ? NODE_WIDTH : -NODE_WIDTH) / 2
  const stops = edge.bends.flatMap((bend) => [
    { x: bend.x - half, y: bend.y },
    { x: bend.x + half, y: bend.y },
  ])
  const path = [start, ...stops, end]
  return { start, pieces: path.slice(1).map((stop, index) => flow(path[index] ?? start, stop)) }
}

/** Leaves and arrives level, so that chained pieces have no corner. */
function flow(from: Point, to: Point): [Point, Point, Point] {
  const reach = (to.x - from.x) * 0.5
  return [{ x: from.x + reach, y: from.y }, { x: to.x - reach, y: to.y }, to]
}

/** An arc beside the column for two cards that stand in the same one, and the loop of a self call. */
function bulge(from: Point, to: Point): [Point, Point, Point] {
  const reach = LOOP + Math.min(22, Math.abs(to.y - from.y) * 0.08)
  return [{ x: from.x + reach, y: from.y }, { x: to.x + reach, y: to.y }, to]
}

export function pathOf(curve: Curve): string {
  const text = (point: Point): string => `${round(point.x)} ${round(point.y)}`
  return `M${text(curve.start)}${curve.pieces.map((piece) => `C${piece.map(text).join(' ')}`).join('')}`
}

const round = (value: number): number => Math.round(value * 10) / 10

/** Where an arrow head sits and the direction it points to (radians). */
export function headOf(curve: Curve): { tip: Point; angle: number } {
  const last = curve.pieces.at(-1)
  if (last === undefined) return { tip: curve.start, angle: 0 }
  const [, control, end] = last
  const angle = Math.atan2(end.y - control.y, end.x - control.x)
  return { tip: { x: end.x + Math.cos(angle) * ARROW, y: end.y + Math.sin(angle) * ARROW }, angle }
}

/** A point on the curve, `share` of its pieces along (0 … 1). */
export function pointAt(curve: Curve, share: number): Point {
  const along = Math.min(0.999999, Math.max(0, share)) * curve.pieces.length
  const index = Math.floor(along)
  const piece = curve.pieces[index]
  if (piece === undefined) return curve.start
  const from = index === 0 ? curve.start : (curve.pieces[index - 1]?.[2] ?? curve.start)
  return bezier(from, piece, along - index)
}

function bezier(from: Point, [a, b, to]: readonly [Point, Point, Point], t: number): Point {
  const u = 1 - t
  const mix = (p: number, q: number, r: number, s: number): number => u * u * u * p + 3 * u * u * t * q + 3 * u * t * t * r + t * t * t * s
  return { x: mix(from.x, a.x, b.x, to.x), y: mix(from.y, a.y, b.y, to.y) }
}

/** The middle of a curve and the direction it has there (radians). */
export function middleOf(curve: Curve): { at: Point; angle: number } {
  const before = pointAt(curve, 0.48)
  const after = pointAt(curve, 0.52)
  return { at: pointAt(curve, 0.5), angle: Math.atan2(after.y - before.y, after.x - before.x) }
}
