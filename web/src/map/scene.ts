import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import type { Format } from '../format/format.ts'
import { edgeLook, type EdgeLook, type EdgePicture, edgeP95Ms, type EdgeStroke, isCallerOnly } from './edge-look.ts'
import { type Curve, edgeCurves } from './geometry.ts'
import type { LayoutResult, Point } from './layout/layout.ts'
import type { Topology } from './neighbourhood.ts'
import { placeTags } from './place-tags.ts'

export interface SceneNode {
  id: string
  x: number
  y: number
  node: TopologyNode
  /** Rate · p95, the second line of the card. */
  detail: string
  /** Stands for a closed group. */
  group?: boolean
  /** Drawn at 30 %: nothing about it changed. */
  faded?: boolean
  /** Came or went between two windows: a dashed rim. */
  passing?: boolean
}

export interface SceneEdge {
  id: string
  source: string
  target: string
  edge: TopologyEdge
  curve: Curve
  look: EdgeLook
  /** What a screen reader hears. */
  label: string
  /** A few letters beside the edge, and where they stand; without a place they are heard and not drawn. */
  tag?: string
  tagAt?: Point
  /** Drawn at 30 %. */
  faded?: boolean
}

/** Everything that is drawn, in the order it is drawn: bad edges last, so that they lie on top. */
export interface Scene {
  width: number
  height: number
  nodes: readonly SceneNode[]
  edges: readonly SceneEdge[]
  groups: readonly { name: string; x: number; y: number; width: number; height: number; nodes: number }[]
  layers: LayoutResult['layers']
}

export interface SceneInput {
  topology: Topology
  layout: LayoutResult
  window: { startMs: number; endMs: number }
  format: Format
  /** What counts are divided by; the window's length unless told. */
  seconds?: number
  /** How edges are drawn; by health unless told. */
  picture?: EdgePicture | null
  /** How much each closed group holds, in words, by the id of the node that stands for it. */
  closed?: ReadonlyMap<string, string>
}

/** What should lie on top: the alarming above the remarkable above the rest. */
const rankOf = (stroke: EdgeStroke): number => (stroke === 'bad' || stroke === 'worse' ? 3 : stroke === 'plain' ? 0 : stroke === 'degraded' ? 2 : 1)

/** Nodes that the layout has not placed yet are left out until it has. */
export function buildScene({ topology, layout, window, format, picture = null, ...more }: SceneInput): Scene {
  const seconds = more.seconds ?? (window.endMs - window.startMs) / 1000
  const byId = new Map(topology.nodes.map((node) => [node.id, node]))
  const curves = edgeCurves(layout, topology.edges)
  const sent = sentCalls(topology.edges)
  const nameOf = (id: string): string => byId.get(id)?.name ?? ''
  const edges = topology.edges.flatMap((edge): SceneEdge[] => {
    const curve = curves.get(edge.id)
    if (curve === undefined) return []
    const byHealth = edgeLook(edge, window, seconds)
    const look = picture === null ? byHealth : picture.look(edge, byHealth)
    const words = [`${nameOf(edge.source)} → ${nameOf(edge.target)}`, edge.kind, format.text(format.rate(edge.calls, seconds)), ...p95Text(edge, format)]
    const said = saidOf(edge, picture)
    const label = [...words, ...(said.tag === undefined ? [] : [said.tag])].join(', ')
    return [{ id: edge.id, source: edge.source, target: edge.target, edge, curve, look, label, ...said }]
  })
  edges.sort((a, b) => rankOf(a.look.stroke) - rankOf(b.look.stroke))
  placeTagsOf(edges, layout.nodes)
  const lively = new Set(edges.flatMap((edge) => (edge.faded === true ? [] : [edge.source, edge.target])))
  const anyFaded = edges.some((edge) => edge.faded === true)
  const nodeSaid = (id: string): { faded?: boolean; passing?: boolean } => ({
    ...(anyFaded && !lively.has(id) ? { faded: true } : {}),
    ...(picture?.passing?.has(id) === true ? { passing: true } : {}),
  })
  const nodes = layout.nodes.flatMap((placed): SceneNode[] => {
    const node = byId.get(placed.id)
    if (node === undefined) return []
    const size = more.closed?.get(node.id)
    const own = detailOf(node, { seconds, format, sent: sent.get(node.id) ?? 0 })
    const detail = picture?.detail?.(node) ?? (size === undefined ? own : `${size} · ${format.text(format.rate(node.calls, seconds))}`)
    const card = { id: placed.id, x: placed.x, y: placed.y, node, detail }
    return [{ ...card, ...(size === undefined ? {} : { group: true }), ...nodeSaid(node.id) }]
  })
  const groups = layout.groups.map((box) => ({
    ...box,
    nodes: nodes.filter((node) => node.x >= box.x && node.x < box.x + box.width && node.y >= box.y && node.y < box.y + box.height).length,
  }))
  return { width: layout.width, height: layout.height, nodes, edges, groups, layers: layout.layers }
}

/** Gives tags their places. */
function placeTagsOf(edges: SceneEdge[], nodes: LayoutResult['nodes']): void {
  const tagged = edges.flatMap(({ id, curve, look, tag }) => (tag === undefined ? [] : [{ id, curve, widthPx: look.widthPx, tag }]))
  if (tagged.length === 0) return
  const places = placeTags(tagged, nodes)
  for (const edge of edges) {
    const at = places.get(edge.id)
    if (at !== undefined) edge.tagAt = at
  }
}

/** What a picture other than health adds to an edge. */
function saidOf(edge: TopologyEdge, picture: EdgePicture | null): { tag?: string; faded?: boolean } {
  const tag = picture?.tag(edge) ?? null
  return { ...(tag === null ? {} : { tag }), ...(picture?.faded(edge) === true ? { faded: true } : {}) }
}

function sentCalls(edges: readonly TopologyEdge[]): Map<string, number> {
  const sent = new Map<string, number>()
  for (const edge of edges) sent.set(edge.source, (sent.get(edge.source) ?? 0) + edge.calls)
  return sent
}

/** A node that nobody calls says how much it calls, behind an arrow. */
function detailOf(node: TopologyNode, { seconds, format, sent }: { seconds: number; format: Format; sent: number }): string {
  if (node.calls === 0) return `→ ${format.text(format.rate(sent, seconds))}`
  const rate = format.text(format.rate(node.calls, seconds))
  return node.p95Ms === null ? rate : `${rate} · ${format.text(format.duration(node.p95Ms))}`
}

function p95Text(edge: TopologyEdge, format: Format): string[] {
  const p95 = edgeP95Ms(edge)
  return [...(p95 === null ? [] : [`p95 ${format.text(format.duration(p95))}`]), ...(isCallerOnly(edge) ? ['clientOnly'] : [])]
}

/** Width of a text in px at a size. */
export type MeasureText = (text: string, fontPx: number) => number

/** A name over at most two lines, broken after a separator where it can be, cut where it must. */
export function twoLines(name: string, widthPx: number, fontPx: number, measure: MeasureText = guessWidth): string[] {
  const parts = name.match(/[^-/._ ]+[-/._ ]?|[-/._ ]/g) ?? []
  let first = ''
  while (parts[0] !== undefined && measure(first + parts[0], fontPx) <= widthPx) first += parts.shift()
  const rest = parts.join('')
  if (first === '' || rest === '') return brokenAnywhere(name, widthPx, fontPx, measure)
  return [first, shorten(rest, widthPx, fontPx, measure)]
}

/** A name without a place to break, such as one word or one in Han: broken where the line is full. */
function brokenAnywhere(name: string, widthPx: number, fontPx: number, measure: MeasureText): string[] {
  if (measure(name, fontPx) <= widthPx) return [name]
  let first = ''
  for (const letter of name) {
    if (measure(first + letter, fontPx) > widthPx) break
    first += letter
  }
  return first === '' ? [name] : [first, shorten(name.slice(first.length), widthPx, fontPx, measure)]
}

const NAME_SIZES_PX = [12, 11] as const
const TWO_LINES_PX = 10

/** A name beside its kind: in smaller letters, then over two lines, before it is cut. */
export function fitName(name: string, widthPx: number, measure: MeasureText = guessWidth): { px: number; lines: string[] } {
  const px = NAME_SIZES_PX.find((size) => measure(name, size) <= widthPx)
  return px === undefined ? { px: TWO_LINES_PX, lines: twoLines(name, widthPx, TWO_LINES_PX, measure) } : { px, lines: [name] }
}

/** Cuts a text to a width; without a measure it is guessed. */
export function shorten(text: string, widthPx: number, fontPx: number, measure: MeasureText = guessWidth): string {
  if (measure(text, fontPx) <= widthPx) return text
  let kept = ''
  for (const letter of text) {
    if (measure(`${kept}${letter}…`, fontPx) > widthPx) break
    kept += letter
  }
  return `${kept}…`
}

/** Where nothing can be measured: Han and other wide letters count double. */
function guessWidth(text: string, fontPx: number): number {
  let used = 0
  for (const letter of text) {
    used += fontPx * (letter.charCodeAt(0) > 0x2e80 ? 1 : /[A-Z@mw%]/.test(letter) ? 0.86 : /[ijl.,:;|'!()/-]/.test(letter) ? 0.4 : 0.66)
  }
  return used
}
