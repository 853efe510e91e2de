import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'

/** How an edge is drawn: in the words of the legend, so that the legend and the picture cannot differ. */
export interface EdgeLook {
  widthPx: number
  stroke: EdgeStroke
  /** Known from the caller alone, or silent for five minutes; silence wins. Vanished is said of a difference alone. */
  dash: 'none' | 'callerOnly' | 'silent' | 'vanished'
}

/** What the colour of an edge says: its health, a difference, or a step of the ramp of an overlay. */
export type EdgeStroke = 'plain' | 'degraded' | 'bad' | 'worse' | 'better' | 'changed' | 'new' | 'vanished' | `heat${1 | 2 | 3 | 4}` | `seq${1 | 2 | 3 | 4}`

/** The token each colour is; `plain` is mixed from the text colour by the stage. */
export const STROKE_TOKENS: Readonly<Record<EdgeStroke, `--${string}`>> = {
  plain: '--edge',
  degraded: '--degraded',
  bad: '--bad',
  worse: '--bad',
  better: '--div-1',
  changed: '--marker',
  new: '--marker',
  vanished: '--text-3',
  heat1: '--heat-3',
  heat2: '--heat-4',
  heat3: '--heat-5',
  heat4: '--heat-6',
  seq1: '--seq-3',
  seq2: '--seq-4',
  seq3: '--seq-5',
  seq4: '--seq-6',
}

/** Another way to draw the edges than by health: an overlay, a difference. */
export interface EdgePicture {
  look: (edge: TopologyEdge, byHealth: EdgeLook) => EdgeLook
  /** A few letters beside the edge's middle. */
  tag: (edge: TopologyEdge) => string | null
  /** Drawn at 30 %. */
  faded: (edge: TopologyEdge) => boolean
  /** Ids of nodes that were not there before, or are no more. */
  passing?: ReadonlySet<string>
  /** The second line of a card instead of its rate; null keeps that. */
  detail?: (node: TopologyNode) => string | null
}

const SILENT_MS = 5 * 60_000
const MIN_PX = 1
const MAX_PX = 6

/** Log of calls a second, from 1 px at one call in 100 s to 6 px at 10 k/s. */
export function edgeWidth(calls: number, windowSeconds: number): number {
  if (calls <= 0 || windowSeconds <= 0) return MIN_PX
  const decades = Math.log10(calls / windowSeconds) + 2
  return MIN_PX + ((MAX_PX - MIN_PX) * Math.min(6, Math.max(0, decades))) / 6
}

export function edgeLook(edge: TopologyEdge, window: { startMs: number; endMs: number }, seconds = (window.endMs - window.startMs) / 1000): EdgeLook {
  const silent = window.endMs - Date.parse(edge.lastSeen) > SILENT_MS
  return {
    widthPx: edgeWidth(edge.calls, seconds),
    stroke: edge.health === 'bad' || edge.health === 'degraded' ? edge.health : 'plain',
    dash: silent ? 'silent' : isCallerOnly(edge) ? 'callerOnly' : 'none',
  }
}

/** More calls are known from the caller alone than in any better way. */
export function isCallerOnly({ evidence }: TopologyEdge): boolean {
  return evidence.clientOnly > evidence.paired + evidence.serverOnly + evidence.parentChild + evidence.topic + evidence.link + evidence.log
}

/** The p95 that says most about an edge: as the caller waited, else as the callee worked. */
export const edgeP95Ms = (edge: TopologyEdge): number | null => edge.client?.p95Ms ?? edge.server?.p95Ms ?? edge.queueWait?.p95Ms ?? null

/** Name of a node in its cluster, where the name alone is not unique. */
export function nodeLabel(node: TopologyNode, nodes: readonly TopologyNode[]): string {
  const twins = nodes.some((other) => other.id !== node.id && other.name === node.name && other.kind === node.kind)
  return twins && node.cluster !== '' ? `${node.name} · ${node.cluster}` : node.name
}

/** Where a call spent its time, per paired call: network and server beside each other, or the caller's view alone. */
export interface EdgeSplit {
  label: 'p50' | 'p95'
  totalMs: number
  networkMs: number | null
  serverMs: number | null
}

export function edgeSplit(edge: TopologyEdge): EdgeSplit[] {
  const { client } = edge
  if (client === null) return []
  return [
    { label: 'p50', totalMs: client.p50Ms, networkMs: edge.network?.p50Ms ?? null, serverMs: edge.server?.p50Ms ?? null },
    { label: 'p95', totalMs: client.p95Ms, networkMs: edge.network?.p95Ms ?? null, serverMs: edge.server?.p95Ms ?? null },
  ]
}
