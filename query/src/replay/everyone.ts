import { edgeId, nodeId, type NodeKey } from '@skein/schemas/topology'
import type { ReplayEdge, ReplayNode } from '@skein/schemas/api/replay'
import type { Store } from '@skein/store/contract'
import { histogramPercentiles } from '../milliseconds.ts'
import { nameEdges, shownName } from '../topology/assemble.ts'
import { createPeerNames } from '../topology/resolve.ts'
import type { TraceCall } from './trace-calls.ts'

const MINUTE_MS = 60_000
const MINUTE_NS = 60_000_000_000n

/** A call with its ends as the map of its minute names them, and what everybody's calls took there. */
export interface NamedCall extends TraceCall {
  edge: string
  everyone: { p50Ms: number | null; calls: number }
}

export interface NamedCalls {
  calls: NamedCall[]
  nodes: ReplayNode[]
  edges: ReplayEdge[]
}

/** Names calls as the map does, and puts the numbers of the same edge in the same minute beside them. */
export async function nameCalls(store: Store, tenant: string, calls: readonly TraceCall[]): Promise<NamedCalls> {
  const known = await readMinutes(store, tenant, [...new Set(calls.map(minuteOf))])
  const nodes = new Map<string, ReplayNode>()
  const edges = new Map<string, ReplayEdge>()
  const named = calls.map((call): NamedCall => {
    const minute = known.get(minuteOf(call))
    const source = minute?.rename(call.source) ?? call.source
    const target = minute?.rename(call.target) ?? call.target
    const edge = edgeId(source, target, call.kind)
    for (const node of [source, target]) nodes.set(nodeId(node), { id: nodeId(node), ...node, name: shownName(node) })
    edges.set(edge, { id: edge, source: nodeId(source), target: nodeId(target), kind: call.kind })
    return { ...call, edge, everyone: minute?.edges.get(edge) ?? { p50Ms: null, calls: 0 } }
  })
  return { calls: named, nodes: [...nodes.values()], edges: [...edges.values()] }
}

export function minuteOf(call: Pick<TraceCall, 'startNs'>): number {
  return Number(call.startNs / MINUTE_NS) * MINUTE_MS
}

/** Minutes of a replay that are put beside everybody's, the first; each asks the store three questions. */
const MAX_MINUTES = 120
const AT_ONCE = 4

async function readMinutes(store: Store, tenant: string, minutes: readonly number[]) {
  const known = new Map<number, Awaited<ReturnType<typeof readMinute>>>()
  const asked = minutes.toSorted((a, b) => a - b).slice(0, MAX_MINUTES)
  for (let at = 0; at < asked.length; at += AT_ONCE)
    await Promise.all(asked.slice(at, at + AT_ONCE).map(async (minuteMs) => known.set(minuteMs, await readMinute(store, tenant, minuteMs))))
  return known
}

async function readMinute(store: Store, tenant: string, minuteMs: number) {
  const window = { tenant, startMs: minuteMs, endMs: minuteMs + MINUTE_MS }
  const [edges, services, addresses] = await Promise.all([store.topology.edges(window), store.services.services(window), store.services.addresses(window)])
  const rename: (node: NodeKey) => NodeKey = createPeerNames(services, addresses)
  const named = nameEdges({ edges, services, addresses })
  return {
    rename,
    edges: new Map(
      named.map((edge) => [edge.edgeId, { p50Ms: (histogramPercentiles(edge.client) ?? histogramPercentiles(edge.server))?.p50Ms ?? null, calls: edge.calls }]),
    ),
  }
}
