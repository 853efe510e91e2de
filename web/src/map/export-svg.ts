import { dashOf } from './edge-dash.ts'
import { headOf, pathOf } from './geometry.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './layout/place.ts'
import { GROUP_GLYPH, NODE_GLYPHS } from './node-glyphs.ts'
import type { Palette } from './palette.ts'
import { type Scene, type SceneEdge, type SceneNode, shorten } from './scene.ts'

const MARGIN = 24

/** The whole map as a drawing of its own: colours written out, every name as text, nothing that needs this page. */
export function sceneToSvg(scene: Scene, palette: Palette): string {
  const width = Math.ceil(scene.width + 2 * MARGIN)
  const height = Math.ceil(scene.height + 2 * MARGIN)
  const groups = scene.groups.map(
    (box) =>
      `<rect x="${num(box.x)}" y="${num(box.y)}" width="${num(box.width)}" height="${num(box.height)}" rx="8" fill="none" stroke="${palette.border}"/>` +
      text({ x: box.x + 12, y: box.y + 17, size: 11, weight: 600, fill: palette.text2 }, box.name),
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" font-family="${escaped(palette.font)}">`,
    `<rect x="${-MARGIN}" y="${-MARGIN}" width="${width}" height="${height}" fill="${palette.canvas}"/>`,
    ...groups,
    ...scene.edges.map((edge) => edgeMarkup(edge, palette)),
    ...scene.nodes.map((node) => nodeMarkup(node, palette)),
    ...scene.edges.flatMap((edge) => tagMarkup(edge, palette)),
    '</svg>',
  ].join('\n')
}

function edgeMarkup({ curve, look, label, faded }: SceneEdge, palette: Palette): string {
  const stroke = palette.strokes[look.stroke]
  const { tip, angle } = headOf(curve)
  const dash = dashOf(look).join(' ')
  const turn = ((angle * 180) / Math.PI).toFixed(1)
  return [
    `<g fill="none" stroke="${stroke}"${faded === true ? ' opacity="0.3"' : ''}><title>${escaped(label)}</title>`,
    `<path d="${pathOf(curve)}" stroke-width="${num(look.widthPx)}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}/>`,
    `<path transform="translate(${num(tip.x)} ${num(tip.y)}) rotate(${turn})" d="M-7 -4L0 0L-7 4" stroke-width="1.4"/></g>`,
  ].join('')
}

function tagMarkup({ tag, tagAt }: SceneEdge, palette: Palette): string[] {
  if (tag === undefined || tagAt === undefined) return []
  const look = `text-anchor="middle" font-size="11" font-weight="600" fill="${palette.text1}" stroke="${palette.canvas}" stroke-width="4" paint-order="stroke"`
  return [`<text x="${num(tagAt.x)}" y="${num(tagAt.y)}" ${look}>${escaped(tag)}</text>`]
}

function nodeMarkup({ x, y, node, detail, group, faded }: SceneNode, palette: Palette): string {
  const abnormal = node.health === 'bad' || node.health === 'degraded'
  const stroke = abnormal ? palette[node.health] : palette.border
  return [
    `<g transform="translate(${num(x)} ${num(y)})"${faded === true ? ' opacity="0.3"' : ''}><title>${escaped(node.name)}</title>`,
    `<rect width="${NODE_WIDTH}" height="${NODE_HEIGHT}" rx="5" fill="${palette.surface}" stroke="${stroke}" stroke-width="${abnormal ? 1.5 : 1}"/>`,
    `<path transform="translate(9 7)" d="${group === true ? GROUP_GLYPH : NODE_GLYPHS[node.kind]}" fill="none" stroke="${palette.text2}" stroke-width="1.1"/>`,
    text({ x: 26, y: 17, size: 12, weight: 600, fill: palette.text1 }, shorten(node.name, NODE_WIDTH - 50, 12)),
    text({ x: 9, y: 33.5, size: 10.5, weight: 400, fill: palette.text2 }, detail),
    `<g transform="translate(${NODE_WIDTH - 18} 6)">${healthMarkup(node.health, palette)}</g></g>`,
  ].join('')
}

function healthMarkup(health: SceneNode['node']['health'], palette: Palette): string {
  if (health === 'ok') return `<circle cx="6" cy="6" r="4.2" fill="${palette.ok}"/>`
  if (health === 'degraded') return `<path d="M6 1.2 11.3 10.6H.7Z" fill="${palette.degraded}"/>`
  if (health === 'bad') return `<path d="M6 .5 11.5 6 6 11.5.5 6Z" fill="${palette.bad}"/>`
  return `<circle cx="6" cy="6" r="4" fill="none" stroke="${palette.unknown}" stroke-width="1.6" stroke-dasharray="2.4 1.6"/>`
}

interface TextLook {
  x: number
  y: number
  size: number
  weight: number
  fill: string
}

function text({ x, y, size, weight, fill }: TextLook, content: string): string {
  return `<text x="${num(x)}" y="${num(y)}" font-size="${size}" font-weight="${weight}" fill="${fill}">${escaped(content)}</text>`
}

const num = (value: number): string => String(Math.round(value * 10) / 10)

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Names come from telemetry: text, never markup; what XML cannot hold is left out. */
function escaped(content: string): string {
  return content.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').replaceAll(/[&<>"']/g, (letter) => ESCAPES[letter] ?? '')
}
