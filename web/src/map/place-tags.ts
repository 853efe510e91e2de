import { type Curve, pointAt } from './geometry.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './layout/place.ts'
import type { Point } from './layout/layout.ts'

/** Size of a tag at the picture's own scale; far out its letters grow, and so does the room they need. */
const LETTER = 7.4
const HEIGHT = 15
/** Where along an edge a tag may stand, the middle first. */
const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82]

export interface TaggedEdge {
  id: string
  curve: Curve
  widthPx: number
  tag: string
}

/**
 * Where each tag stands: over its edge, never on a card or another tag. Those that find no place are absent. The edges that come last lie on
 * top and matter most, so they choose first.
 */
export function placeTags(edges: readonly TaggedEdge[], nodes: readonly Point[]): Map<string, Point> {
  const taken: Box[] = nodes.map(({ x, y }) => ({ left: x, top: y, right: x + NODE_WIDTH, bottom: y + NODE_HEIGHT }))
  const places = new Map<string, Point>()
  for (const edge of edges.toReversed()) {
    for (const share of SHARES) {
      const on = pointAt(edge.curve, share)
      const at = { x: on.x, y: on.y - edge.widthPx / 2 - 4 }
      const box = boxAt(at, edge.tag)
      if (taken.some((other) => overlap(box, other))) continue
      taken.push(box)
      places.set(edge.id, at)
      break
    }
  }
  return places
}

interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

function boxAt({ x, y }: Point, tag: string): Box {
  const half = (tag.length * LETTER) / 2
  return { left: x - half, right: x + half, top: y - HEIGHT + 3, bottom: y + 3 }
}

const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
