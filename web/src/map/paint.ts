import type { Health } from '@skein/schemas/api/window'
import { NODE_HEIGHT, NODE_WIDTH } from './layout/place.ts'
import { GROUP_GLYPH, NODE_GLYPHS } from './node-glyphs.ts'
import { paintEdges, paintTags } from './paint-edges.ts'
import type { Painting } from './painting.ts'
import type { Palette } from './palette.ts'
import { type SceneNode, shorten, twoLines } from './scene.ts'
import { DETAIL_SCALE, NAME_SCALE, seenPart } from './viewport.ts'

/** Draws what is on screen and as much of it as can be read: shapes far out, then names, then second lines and arrow heads. */
export function paint(painting: Painting): void {
  const { context, scene, view, size, ratio, lit } = painting
  const seen = seenPart(view, size)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, size.width, size.height)
  context.setTransform(ratio * view.k, 0, 0, ratio * view.k, ratio * view.x, ratio * view.y)
  paintGroups(painting)
  paintEdges(painting, seen)
  for (const node of scene.nodes) {
    if (node.x > seen.right || node.x + NODE_WIDTH < seen.left || node.y > seen.bottom || node.y + NODE_HEIGHT < seen.top) continue
    context.globalAlpha = (lit === null || lit.has(node.id)) && node.faded !== true ? 1 : 0.25
    paintNode(painting, node)
  }
  context.globalAlpha = 1
  if (view.k >= NAME_SCALE) paintTags(painting)
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

function paintNode(painting: Painting, item: SceneNode): void {
  const { context, palette, view } = painting
  const { x, y, node } = item
  paintCard(painting, item)
  if (view.k < NAME_SCALE) {
    if (isAbnormal(node.health)) paintHealth({ context, palette, health: node.health, x: x + NODE_WIDTH / 2, y: y + NODE_HEIGHT / 2, r: 14 })
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
  context.fillText(item.detail, x + 9, y + 33.5)
  paintGlyph(painting, item.group === true ? GROUP_GLYPH : NODE_GLYPHS[node.kind], x + 9, y + 7)
}

const isAbnormal = (health: Health): health is 'bad' | 'degraded' => health === 'bad' || health === 'degraded'

function paintCard({ context, palette, view, selected }: Painting, { x, y, node, id, passing }: SceneNode): void {
  const marked = id === selected || isAbnormal(node.health)
  context.beginPath()
  context.roundRect(x, y, NODE_WIDTH, NODE_HEIGHT, 5)
  context.fillStyle = palette.surface
  context.fill()
  context.strokeStyle = id === selected ? palette.accent : isAbnormal(node.health) ? palette[node.health] : palette.border
  context.lineWidth = (marked ? 1.5 : 1) / Math.min(1, Math.max(view.k * 1.6, 0.2))
  context.setLineDash(passing === true ? [5, 3] : [])
  context.stroke()
  context.setLineDash([])
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
