import type { Health } from '@skein/schemas/api/window'
import { dashOf } from './edge-dash.ts'
import { headOf, type Curve } from './geometry.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './layout/place.ts'
import { NODE_GLYPHS } from './node-glyphs.ts'
import type { Palette } from './palette.ts'
import { type Scene, type SceneEdge, type SceneNode, shorten, twoLines } from './scene.ts'
import { DETAIL_SCALE, NAME_SCALE, seenPart, type Size, type Viewport } from './viewport.ts'

export interface Painting {
  context: CanvasRenderingContext2D
  scene: Scene
  view: Viewport
  size: Size
  /** Device pixels for one CSS px. */
  ratio: number
  palette: Palette
  selected: string | null
  lit: ReadonlySet<string> | null
}

type Seen = ReturnType<typeof seenPart>

/** Draws what is on screen and as much of it as can be read: shapes far out, then names, then second lines and arrow heads. */
export function paint(painting: Painting): void {
  const { context, scene, view, size, ratio, lit } = painting
  const seen = seenPart(view, size)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, size.width, size.height)
  context.setTransform(ratio * view.k, 0, 0, ratio * view.k, ratio * view.x, ratio * view.y)
  paintGroups(painting)
  const isLit = (id: string): boolean => lit === null || lit.has(id)
  // faded first, so that what is lit lies on top
  for (const strength of [false, true]) {
    context.globalAlpha = strength ? 1 : 0.08
    for (const edge of scene.edges) if (isLit(edge.id) === strength && overlaps(edge.curve, seen)) paintEdge(painting, edge)
  }
  for (const node of scene.nodes) {
    if (node.x > seen.right || node.x + NODE_WIDTH < seen.left || node.y > seen.bottom || node.y + NODE_HEIGHT < seen.top) continue
    context.globalAlpha = isLit(node.id) ? 1 : 0.25
    paintNode(painting, node)
  }
  context.globalAlpha = 1
}

function paintGroups({ context, scene, palette }: Painting): void {
  context.strokeStyle = palette.border
  context.fillStyle = palette.text2
  context.font = `600 11px ${palette.font}`
  for (const box of scene.groups) {
    context.strokeRect(box.x, box.y, box.width, box.height)
    context.fillText(box.name, box.x + 12, box.y + 17)
  }
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

function paintEdge({ context, palette, selected, view, lit }: Painting, { id, curve, look }: SceneEdge): void {
  const chosen = id === selected
  context.beginPath()
  context.moveTo(curve.start.x, curve.start.y)
  for (const [a, b, end] of curve.pieces) context.bezierCurveTo(a.x, a.y, b.x, b.y, end.x, end.y)
  context.strokeStyle = chosen ? palette.accent : look.stroke === 'plain' ? palette.edge : palette[look.stroke]
  // far out every edge is a hairline of the screen; thousands of wide ones would be one grey surface
  context.lineWidth = Math.max(chosen ? 2 : 0.6, view.k < NAME_SCALE && lit === null ? look.widthPx * 0.35 : look.widthPx * 0.8) / Math.max(view.k, 0.5)
  context.setLineDash(view.k < NAME_SCALE ? [] : dashOf(look))
  context.stroke()
  context.setLineDash([])
  if (view.k >= NAME_SCALE) paintHead(context, curve)
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

function paintNode(painting: Painting, { x, y, node, detail, id }: SceneNode): void {
  const { context, palette, view, selected } = painting
  const abnormal = node.health === 'bad' || node.health === 'degraded'
  context.beginPath()
  context.roundRect(x, y, NODE_WIDTH, NODE_HEIGHT, 5)
  context.fillStyle = palette.surface
  context.fill()
  context.strokeStyle = id === selected ? palette.accent : abnormal ? palette[node.health] : palette.border
  context.lineWidth = (id === selected || abnormal ? 1.5 : 1) / Math.min(1, Math.max(view.k * 1.6, 0.2))
  context.stroke()
  if (view.k < NAME_SCALE) {
    if (abnormal) paintHealth({ context, palette, health: node.health, x: x + NODE_WIDTH / 2, y: y + NODE_HEIGHT / 2, r: 14 })
    return
  }
  const full = view.k >= DETAIL_SCALE
  const namePx = full ? 12 : 16
  const lines = full ? [shorten(node.name, NODE_WIDTH - 50, namePx)] : twoLines(node.name, NODE_WIDTH - 32, namePx)
  context.fillStyle = palette.text1
  context.font = `600 ${namePx}px ${palette.font}`
  lines.forEach((line, index) => context.fillText(line, x + (full ? 26 : 8), y + (full ? 17 : lines.length === 1 ? 27 : 18 + index * 17)))
  paintHealth({ context, palette, health: node.health, x: x + NODE_WIDTH - 12, y: y + (full ? 12 : 21), r: 5 })
  if (!full) return
  context.font = `10.5px ${palette.font}`
  context.fillStyle = palette.text2
  context.fillText(detail, x + 9, y + 33.5)
  paintGlyph(painting, NODE_GLYPHS[node.kind], x + 9, y + 7)
}

function paintGlyph({ context, palette }: Painting, glyph: string, x: number, y: number): void {
  context.save()
  context.translate(x, y)
  context.strokeStyle = palette.text2
  context.lineWidth = 1.1
  context.stroke(new Path2D(glyph))
  context.restore()
}

interface HealthMark {
  context: CanvasRenderingContext2D
  palette: Palette
  health: Health
  x: number
  y: number
  r: number
}

/** Disc, triangle, diamond, dashed ring. */
function paintHealth({ context, palette, health, x, y, r }: HealthMark): void {
  context.beginPath()
  if (health === 'degraded') polygon(context, [x, y - r], [x + r, y + r * 0.8], [x - r, y + r * 0.8])
  else if (health === 'bad') polygon(context, [x, y - r], [x + r, y], [x, y + r], [x - r, y])
  else context.arc(x, y, r * 0.8, 0, Math.PI * 2)
  if (health === 'unknown') {
    context.strokeStyle = palette.unknown
    context.lineWidth = 1.5
    context.setLineDash([2.4, 1.6])
    context.stroke()
    context.setLineDash([])
    return
  }
  context.fillStyle = palette[health]
  context.fill()
}

function polygon(context: CanvasRenderingContext2D, ...points: readonly (readonly [number, number])[]): void {
  points.forEach(([x, y], index) => (index === 0 ? context.moveTo(x, y) : context.lineTo(x, y)))
  context.closePath()
}
