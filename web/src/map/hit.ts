import { type Curve, pointAt } from './geometry.ts'
import type { PlacedNode, Point } from './layout/layout.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './layout/place.ts'

export interface HitTarget {
  kind: 'node' | 'edge'
  id: string
}

/** Answers what is under a point of the picture; cards win over edges, the nearest edge within `reach` px wins over others. */
export interface HitIndex {
  at(point: Point, reach: number): HitTarget | null
}

const STEPS = 12
const CELL = 256

interface Trace {
  id: string
  points: Float32Array
  left: number
  top: number
  right: number
  bottom: number
}

export function createHitIndex(nodes: readonly PlacedNode[], curves: ReadonlyMap<string, Curve>): HitIndex {
  const cells = new Map<string, PlacedNode[]>()
  for (const node of nodes) {
    for (const key of cellsOf(node)) {
      const list = cells.get(key) ?? []
      list.push(node)
      cells.set(key, list)
    }
  }
  const traces = [...curves].map(([id, curve]) => traceOf(id, curve))
  const nodeAt = (point: Point): PlacedNode | undefined =>
    cells
      .get(cellKey(point.x, point.y))
      ?.find((node) => point.x >= node.x && point.x <= node.x + NODE_WIDTH && point.y >= node.y && point.y <= node.y + NODE_HEIGHT)
  return {
    at(point, reach) {
      const node = nodeAt(point)
      if (node !== undefined) return { kind: 'node', id: node.id }
      let nearest: string | null = null
      let least = reach
      for (const trace of traces) {
        if (point.x < trace.left - reach || point.x > trace.right + reach || point.y < trace.top - reach || point.y > trace.bottom + reach) continue
        const distance = distanceTo(trace.points, point)
        if (distance <= least) {
          least = distance
          nearest = trace.id
        }
      }
      return nearest === null ? null : { kind: 'edge', id: nearest }
    },
  }
}

const cellKey = (x: number, y: number): string => `${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`

function cellsOf(node: PlacedNode): Set<string> {
  const right = node.x + NODE_WIDTH
  const bottom = node.y + NODE_HEIGHT
  return new Set([cellKey(node.x, node.y), cellKey(right, node.y), cellKey(node.x, bottom), cellKey(right, bottom)])
}

function traceOf(id: string, curve: Curve): Trace {
  const steps = STEPS * curve.pieces.length
  const points = new Float32Array((steps + 1) * 2)
  const trace = { id, points, left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity }
  for (let i = 0; i <= steps; i++) {
    const point = pointAt(curve, i / steps)
    points[i * 2] = point.x
    points[i * 2 + 1] = point.y
    trace.left = Math.min(trace.left, point.x)
    trace.right = Math.max(trace.right, point.x)
    trace.top = Math.min(trace.top, point.y)
    trace.bottom = Math.max(trace.bottom, point.y)
  }
  return trace
}

function distanceTo(points: Float32Array, { x, y }: Point): number {
  let least = Infinity
  for (let i = 2; i < points.length; i += 2) {
    const ax = points[i - 2] ?? 0
    const ay = points[i - 1] ?? 0
    const dx = (points[i] ?? 0) - ax
    const dy = (points[i + 1] ?? 0) - ay
    const length = dx * dx + dy * dy
    const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length))
    least = Math.min(least, Math.hypot(x - ax - t * dx, y - ay - t * dy))
  }
  return least
}
