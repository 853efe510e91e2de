import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import type { Format } from '../format/format.ts'
import { edgeLook, type EdgeLook, edgeP95Ms, isCallerOnly } from './edge-look.ts'
import { type Curve, edgeCurves } from './geometry.ts'
import type { LayoutResult } from './layout/layout.ts'
import type { Topology } from './neighbourhood.ts'

export interface SceneNode {
  id: string
  x: number
  y: number
  node: TopologyNode
  /** Rate · p95, the second line of the card. */
  detail: string
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
}

const RANK = { plain: 0, degraded: 1, bad: 2 } as const

/** Nodes that the layout has not placed yet are left out until it has. */
export function buildScene({ topology, layout, window, format }: SceneInput): Scene {
  const seconds = (window.endMs - window.startMs) / 1000
  const byId = new Map(topology.nodes.map((node) => [node.id, node]))
  const curves = edgeCurves(layout, topology.edges)
  const sent = sentCalls(topology.edges)
  const nodes = layout.nodes.flatMap((placed) => {
    const node = byId.get(placed.id)
    return node === undefined
      ? []
      : [{ id: placed.id, x: placed.x, y: placed.y, node, detail: detailOf(node, { seconds, format, sent: sent.get(node.id) ?? 0 }) }]
  })
  const edges = topology.edges.flatMap((edge) => {
    const curve = curves.get(edge.id)
    if (curve === undefined) return []
    const names = `${byId.get(edge.source)?.name ?? ''} → ${byId.get(edge.target)?.name ?? ''}`
    const label = [names, edge.kind, format.text(format.rate(edge.calls, seconds)), ...p95Text(edge, format)].join(', ')
    return [{ id: edge.id, source: edge.source, target: edge.target, edge, curve, look: edgeLook(edge, window), label }]
  })
  edges.sort((a, b) => RANK[a.look.stroke] - RANK[b.look.stroke])
  const groups = layout.groups.map((box) => ({
    ...box,
    nodes: nodes.filter((node) => node.x >= box.x && node.x < box.x + box.width && node.y >= box.y && node.y < box.y + box.height).length,
  }))
  return { width: layout.width, height: layout.height, nodes, edges, groups, layers: layout.layers }
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

/** A name over at most two lines, broken after a separator where it can be, cut where it must. */
export function twoLines(name: string, widthPx: number, fontPx: number): string[] {
  const parts = name.match(/[^-/._ ]+[-/._ ]?|[-/._ ]/g) ?? []
  let first = ''
  while (parts[0] !== undefined && shorten(first + parts[0], widthPx, fontPx) === first + parts[0]) first += parts.shift()
  const rest = parts.join('')
  if (first === '' || rest === '') return [shorten(name, widthPx, fontPx)]
  return [first, shorten(rest, widthPx, fontPx)]
}

/** Cuts a text to a width without measuring it: Han and other wide letters count double. */
export function shorten(text: string, widthPx: number, fontPx: number): string {
  let used = 0
  let kept = ''
  for (const letter of text) {
    used += fontPx * (letter.charCodeAt(0) > 0x2e80 ? 1 : /[A-Z@mw%]/.test(letter) ? 0.86 : /[ijl.,:;|'!()/-]/.test(letter) ? 0.4 : 0.66)
    if (used > widthPx) return `${kept.slice(0, -1)}…`
    kept += letter
  }
  return text
}
