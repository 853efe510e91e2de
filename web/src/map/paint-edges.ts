import { dashOf } from './edge-dash.ts'
import { type Curve, headOf, middleOf } from './geometry.ts'
import type { Painting } from './painting.ts'
import type { SceneEdge } from './scene.ts'
import { DETAIL_SCALE, NAME_SCALE, type seenPart } from './viewport.ts'

type Seen = ReturnType<typeof seenPart>

const FADED = 0.08
const UNCHANGED = 0.3
/** Above this many edges the faded ones are left out, and a pan moves the last painting. */
export const HEAVY_EDGES = 1500

/** Faded edges first, so that what is lit lies on top; bad ones last for the same reason. */
export function paintEdges(painting: Painting, seen: Seen): void {
  const { context, scene, lit } = painting
  const shown = scene.edges.filter((edge) => overlaps(edge.curve, seen))
  if (lit === null) paintAll(painting, shown)
  else {
    if (scene.edges.length <= HEAVY_EDGES) {
      context.globalAlpha = FADED
      paintAll(
        painting,
        shown.filter((edge) => !lit.has(edge.id)),
      )
      context.globalAlpha = 1
    }
    paintAll(
      painting,
      shown.filter((edge) => lit.has(edge.id)),
    )
  }
}

function paintAll({ context, palette, selected, view }: Painting, edges: readonly SceneEdge[]): void {
  const alpha = context.globalAlpha
  for (const { id, curve, look, faded, edge } of edges) {
    context.globalAlpha = faded === true ? alpha * UNCHANGED : alpha
    context.strokeStyle = id === selected ? palette.accent : palette.strokes[look.stroke]
    context.lineWidth = widthOf(look.widthPx, view.k, id === selected)
    context.setLineDash(view.k < NAME_SCALE ? [] : dashOf(look))
    context.beginPath()
    trace(context, curve)
    context.stroke()
    context.setLineDash([])
    if (view.k >= NAME_SCALE) paintHead(context, curve)
    if (view.k >= NAME_SCALE && edge.crossCluster) paintCross(context, curve, look.widthPx)
  }
  context.globalAlpha = alpha
}

/** Far out every edge is a hairline of the screen; thousands of wide ones would be one grey surface. */
function widthOf(widthPx: number, k: number, selected: boolean): number {
  if (selected) return Math.max(2, widthPx * 0.8) / Math.min(1, k * 1.5)
  return k < NAME_SCALE ? Math.max(0.6, widthPx * 0.35) / Math.max(k, 0.5) : widthPx * 0.8
}

function trace(context: CanvasRenderingContext2D, curve: Curve): void {
  context.moveTo(curve.start.x, curve.start.y)
  for (const [a, b, end] of curve.pieces) context.bezierCurveTo(a.x, a.y, b.x, b.y, end.x, end.y)
}

/** Ends alone decide: an edge bends little beyond them. */
function overlaps(curve: Curve, seen: Seen): boolean {
  let left = curve.start.x
  let right = left
  let top = curve.start.y
  let bottom = top
  for (const [, , end] of curve.pieces) {
    left = Math.min(left, end.x)
    right = Math.max(right, end.x)
    top = Math.min(top, end.y)
    bottom = Math.max(bottom, end.y)
  }
  return left - 60 <= seen.right && right + 60 >= seen.left && top <= seen.bottom && bottom >= seen.top
}

function paintHead(context: CanvasRenderingContext2D, curve: Curve): void {
  const { tip, angle } = headOf(curve)
  const arm = (turn: number): [number, number] => [tip.x - Math.cos(angle + turn) * 7, tip.y - Math.sin(angle + turn) * 7]
  context.lineWidth = 1.2
  context.beginPath()
  context.moveTo(...arm(0.5))
  context.lineTo(tip.x, tip.y)
  context.lineTo(...arm(-0.5))
  context.stroke()
}

/** Two strokes across an edge that leaves its cluster. */
function paintCross(context: CanvasRenderingContext2D, curve: Curve, widthPx: number): void {
  const { at, angle } = middleOf(curve)
  const half = 4 + widthPx / 2
  context.save()
  context.translate(at.x, at.y)
  context.rotate(angle)
  context.lineWidth = 1.4
  context.beginPath()
  for (const x of [-2, 2]) {
    context.moveTo(x, -half)
    context.lineTo(x, half)
  }
  context.stroke()
  context.restore()
}

/** The few letters that edges say about themselves, with a rim of the ground. */
export function paintTags({ context, scene, palette, lit, view }: Painting): void {
  const px = view.k >= DETAIL_SCALE ? 11 : 13
  context.save()
  context.font = `600 ${px}px ${palette.font}`
  context.textAlign = 'center'
  context.lineWidth = 4
  context.lineJoin = 'round'
  for (const { id, tag, tagAt } of scene.edges) {
    if (tag === undefined || tagAt === undefined || (lit !== null && !lit.has(id))) continue
    context.strokeStyle = palette.canvas
    context.strokeText(tag, tagAt.x, tagAt.y)
    context.fillStyle = palette.text1
    context.fillText(tag, tagAt.x, tagAt.y)
  }
  context.restore()
}
