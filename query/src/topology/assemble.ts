import { addHistograms, type Histogram, NO_HISTOGRAM } from '@skein/schemas/histogram'
import type { EdgeExemplar, TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import type { Note } from '@skein/schemas/api/window'
import { nodeId, type NodeKey } from '@skein/schemas/topology'
import type { HealthThresholds } from '@skein/schemas/config'
import type { ExemplarRow } from '@skein/store/contract'
import { histogramPercentiles, quantilePercentiles, toMs } from '../milliseconds.ts'
import { isoTime } from '../window.ts'
import { nodesAround } from './focus.ts'
import { type Context, contextOf, latencyOf, NO_CONTEXT, viewersOf } from './context.ts'
import { edgeHealthOf, healthOf } from './health.ts'
import { foldLeastBusy, type TopologyLimits } from './limit.ts'
import { mergeEdges, type MergedEdge } from './merged-edge.ts'
import { graphNotes, joinNotes, storedNotes } from './notes.ts'
import { createPeerNames, serviceNode } from './resolve.ts'
import type { ServiceRow, TopologyRows } from './topology-rows.ts'
import { edgeInScope, inScope, type Scope } from './scope.ts'

export interface TopologyView extends Scope {
  service?: string | undefined
  depth: number
  limits: TopologyLimits
  thresholds: HealthThresholds
}

export interface Topology {
  nodes: TopologyNode[]
  edges: TopologyEdge[]
  notes: Note[]
}

/** Slowest, newest failed, and longest on their way: calls an edge shows. */
const EXEMPLARS_OF_A_SORT = 3

/** A pure function of the rows: their order does not matter, and the same rows give the same answer. */
export function assembleTopology(rows: TopologyRows, view: TopologyView): Topology {
  const named = nameEdges(rows)
  const scoped = narrow(named, rows.services, view)
  const folded = foldLeastBusy(scoped.edges, scoped.services.map(serviceNode), view.limits)
  const services = scoped.services.filter((service) => !folded.folded.has(nodeId(serviceNode(service))))
  const context = contextOf(rows, view.thresholds)
  const nodes = topologyNodes(folded.edges, services, context)
  const exemplars = exemplarsByEdge(folded.edges, rows.exemplars)
  const seen = { services: rows.services, nodes, edges: folded.edges, folded: folded.count, filtered: scoped.filtered }
  const stored = storedNotes(rows.notes)
  return {
    nodes: nodes.sort(byCallsThenId),
    edges: folded.edges.map((edge) => topologyEdge(edge, exemplars.get(edge.edgeId) ?? [], context)).sort(byCallsThenId),
    notes: joinNotes(graphNotes(seen), stored),
  }
}

/** Stored edges with their ends named at read time, the same ones added up. */
export function nameEdges(rows: Pick<TopologyRows, 'edges' | 'services' | 'addresses'>): MergedEdge[] {
  return mergeEdges(rows.edges, createPeerNames(rows.services, rows.addresses)).filter((edge) => edge.calls > 0)
}

function narrow(
  edges: readonly MergedEdge[],
  rows: readonly ServiceRow[],
  view: TopologyView,
): { edges: MergedEdge[]; services: ServiceRow[]; filtered: boolean } {
  const filtered = [view.environment, view.cluster, view.namespace, view.service].some((filter) => filter !== undefined)
  const inside = edges.filter((edge) => edgeInScope(edge, view))
  const ends = new Set(inside.flatMap((edge) => [edge.sourceId, edge.targetId]))
  const services = rows.filter((row) => inScope(row, view) || ends.has(nodeId(serviceNode(row))))
  if (view.service === undefined) return { edges: inside, services, filtered }
  const near = nodesAround(view.service, view.depth, { services: services.map(serviceNode), edges: inside })
  return {
    edges: inside.filter((edge) => near.has(edge.sourceId) && near.has(edge.targetId)),
    services: services.filter((row) => near.has(nodeId(serviceNode(row)))),
    filtered,
  }
}

export function topologyNodes(edges: readonly MergedEdge[], services: readonly ServiceRow[], context: Context = NO_CONTEXT): TopologyNode[] {
  const nodes = new Map<string, TopologyNode>()
  for (const row of services) {
    const numbers = { calls: row.calls, errors: row.errors, instances: row.instances, ...quantilePercentiles(row.duration) }
    const node = nodeOf(serviceNode(row), numbers, context)
    nodes.set(node.id, node)
  }
  for (const [id, { node, calls, errors, durations }] of peersOf(edges, (id) => nodes.has(id))) {
    nodes.set(id, nodeOf(node, { calls, errors, instances: 0, ...orNone(histogramPercentiles(durations)) }, context))
  }
  return [...nodes.values()]
}

interface Peer {
  node: NodeKey
  calls: number
  errors: number
  durations: Histogram
}

/** Nodes at the ends of edges that are not known otherwise: their calls are their incoming edges, as long as their callers say. */
function peersOf(edges: readonly MergedEdge[], known: (id: string) => boolean): Map<string, Peer> {
  const peers = new Map<string, Peer>()
  const peerOf = (id: string, node: NodeKey): Peer => {
    const peer = peers.get(id) ?? { node, calls: 0, errors: 0, durations: NO_HISTOGRAM }
    peers.set(id, peer)
    return peer
  }
  for (const edge of edges) {
    if (!known(edge.sourceId)) peerOf(edge.sourceId, edge.source)
    if (known(edge.targetId)) continue
    const target = peerOf(edge.targetId, edge.target)
    target.calls += edge.calls
    target.errors += edge.errors
    target.durations = addHistograms(target.durations, latencyOf(edge, edge))
  }
  return peers
}

function orNone(percentiles: ReturnType<typeof histogramPercentiles>): ReturnType<typeof quantilePercentiles> {
  return percentiles ?? { p50Ms: null, p95Ms: null, p99Ms: null }
}

type NodeNumbers = Pick<TopologyNode, 'calls' | 'errors' | 'instances' | 'p50Ms' | 'p95Ms' | 'p99Ms'>

function nodeOf(node: NodeKey, numbers: NodeNumbers, context: Context): TopologyNode {
  const id = nodeId(node)
  const weekAgo = context.nodes.get(id)
  const verdict = healthOf({ ...numbers, weekAgo }, context.thresholds)
  return { id, ...node, name: shownName(node), ...numbers, ...verdict, weekAgoP95Ms: weekAgo?.p95Ms ?? null, proxy: context.proxies.get(id) ?? null }
}

/** The caller of an entry is known by that entry and shown as what it is. */
export function shownName(node: NodeKey): string {
  return node.kind === 'client' && node.name.startsWith('user/') ? 'user' : node.name
}

export function topologyEdge(edge: MergedEdge, exemplars: EdgeExemplar[], context: Context): TopologyEdge {
  const weekAgo = context.edges.get(edge.edgeId)
  const client = histogramPercentiles(edge.client)
  const server = histogramPercentiles(edge.server)
  const network = histogramPercentiles(edge.network)
  return {
    id: edge.edgeId,
    source: edge.sourceId,
    target: edge.targetId,
    kind: edge.kind,
    calls: edge.calls,
    callsSeen: edge.callsSeen,
    errors: edge.errors,
    client,
    server,
    network,
    queueWait: histogramPercentiles(edge.queueWait),
    evidence: edge.evidence,
    sessions: viewersOf(edge, context.viewers),
    crossCluster: isCrossCluster(edge),
    ...edgeHealthOf(
      { ...edge, server, network, weekAgo, p95Ms: latencyOf(edge, { client, server })?.p95Ms ?? null, fromClient: edge.source.kind === 'client' },
      context.thresholds,
    ),
    weekAgoP95Ms: weekAgo?.p95Ms ?? null,
    exemplars,
    firstSeen: isoTime(edge.firstSeenMs),
    lastSeen: isoTime(edge.lastSeenMs),
  }
}

/** Only services have a cluster. */
function isCrossCluster({ source, target }: MergedEdge): boolean {
  return source.kind === 'service' && target.kind === 'service' && source.cluster !== target.cluster
}

export function exemplarsByEdge(edges: readonly MergedEdge[], rows: readonly ExemplarRow[]): Map<string, EdgeExemplar[]> {
  const owners = new Map(edges.flatMap((edge) => edge.storedIds.map((storedId) => [storedId, edge.edgeId] as const)))
  const byEdge = new Map<string, ExemplarRow[]>()
  for (const row of rows) {
    const owner = owners.get(row.edgeId)
    if (owner === undefined) continue
    const known = byEdge.get(owner)
    if (known === undefined) byEdge.set(owner, [row])
    else known.push(row)
  }
  return new Map([...byEdge].map(([id, all]) => [id, chooseExemplars(all)]))
}

function chooseExemplars(rows: readonly ExemplarRow[]): EdgeExemplar[] {
  const slowest = rows.toSorted((a, b) => b.durationNs - a.durationNs || (a.spanId < b.spanId ? -1 : 1))
  const failed = rows.filter((row) => row.error)
  const longest = rows.filter((row) => row.transitNs > 0).sort((a, b) => b.transitNs - a.transitNs)
  const chosen = [slowest, failed, longest].flatMap((sort) => sort.slice(0, EXEMPLARS_OF_A_SORT))
  const bySpan = new Map(chosen.map((row) => [row.traceId + row.spanId, row]))
  return [...bySpan.values()].map(({ traceId, spanId, durationNs, transitNs, error }) => ({
    ...{ traceId, spanId, durationMs: toMs(durationNs), error, transitMs: transitNs > 0 ? toMs(transitNs) : null },
  }))
}

function byCallsThenId(a: { calls: number; id: string }, b: { calls: number; id: string }): number {
  return b.calls - a.calls || (a.id < b.id ? -1 : 1)
}
