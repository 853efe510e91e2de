import { edgeId, type NodeKey } from '@skein/schemas/topology'
import type { PathTimes } from '@skein/store/contract-paths'
import type { MergedEdge } from '../topology/merged-edge.ts'
import { createNodeIds } from '../topology/node-ids.ts'
import type { Estimate } from './significance.ts'

/** Time on critical paths together, and the sum of its squares by trace. */
interface Spent {
  timeNs: number
  squares: number
}

/** Own time on the critical paths of a window: by id, that of nodes, and that of edges between two. */
export interface SelfTimes {
  nodes: ReadonlyMap<string, Spent>
  edges: ReadonlyMap<string, Spent>
  /** False where what takes least was left out. */
  whole: boolean
}

/** Null where no trace was seen whole. */
export function selfTimesOf({ rows, whole }: PathTimes, rename: (node: NodeKey) => NodeKey): SelfTimes | null {
  if (rows.length === 0) return null
  const idOf = createNodeIds()
  const nodes = new Map<string, Spent>()
  const edges = new Map<string, Spent>()
  for (const { contributor, traces, timeNs } of rows) {
    const { node, edge } = contributor
    if (edge === null) {
      add(nodes, idOf(rename(node)), traces, timeNs)
      continue
    }
    const [source, target] = edge.inwards ? [edge.other, node] : [node, edge.other]
    add(edges, edgeId(rename(source), rename(target), edge.kind), traces, timeNs)
  }
  return { nodes, edges, whole }
}

function add(to: Map<string, Spent>, id: string, traces: number, timeNs: number): void {
  const spent = to.get(id) ?? { timeNs: 0, squares: 0 }
  to.set(id, { timeNs: spent.timeNs + timeNs, squares: spent.squares + timeNs ** 2 / Math.max(1, traces) })
}

/**
 * For how long a call of an edge is what whole traces wait for, on average, ns: between both sides, and at its target itself. Work that ran
 * beside something longer is none of it. Null when it cannot be told.
 */
export function timePerCall(
  times: SelfTimes | null,
  edge: Pick<MergedEdge, 'edgeId' | 'targetId' | 'calls' | 'callsSeen'>,
  targetCalls: number,
): Estimate | null {
  if (times === null || edge.calls <= 0) return null
  const between = times.edges.get(edge.edgeId)
  const inside = times.nodes.get(edge.targetId)
  if (between === undefined && inside === undefined && !times.whole) return null
  // traces come when they will, so the variance of what they spent together is the sum of their squares
  const weight = edge.calls / Math.max(1, edge.callsSeen)
  const of = (spent: Spent | undefined, calls: number): Estimate =>
    spent === undefined ? { value: 0, variance: 0 } : { value: spent.timeNs / calls, variance: (spent.squares * weight) / calls ** 2 }
  const [a, b] = [of(between, edge.calls), of(inside, Math.max(edge.calls, targetCalls))]
  return { value: a.value + b.value, variance: a.variance + b.variance }
}
