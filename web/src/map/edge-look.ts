import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'

/** How an edge is drawn: what it says is in topology.md's words, so that the legend and the picture cannot differ. */
export interface EdgeLook {
  widthPx: number
  stroke: 'plain' | 'degraded' | 'bad'
  /** Known from the caller alone, or silent for five minutes; silence wins. */
  dash: 'none' | 'callerOnly' | 'silent'
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

export function edgeLook(edge: TopologyEdge, window: { startMs: number; endMs: number }): EdgeLook {
  const silent = window.endMs - Date.parse(edge.lastSeen) > SILENT_MS
  return {
    widthPx: edgeWidth(edge.calls, (window.endMs - window.startMs) / 1000),
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
