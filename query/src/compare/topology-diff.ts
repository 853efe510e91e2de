import type { CompareNote } from '@skein/schemas/api/compare-note'
import type { TopologyNode } from '@skein/schemas/api/topology'
import type { EdgeDiff, TopologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import type { PathTimes } from '@skein/store/contract-paths'
import { topologyNodes } from '../topology/assemble.ts'
import type { ServiceRow, TopologyRows } from '../topology/topology-rows.ts'
import { mergeEdges, type MergedEdge } from '../topology/merged-edge.ts'
import { createPeerNames } from '../topology/resolve.ts'
import { edgeInScope, inScope, type Scope } from '../topology/scope.ts'
import { selfTimesOf, type SelfTimes, timePerCall } from './self-time.ts'
import { type EdgeIn, effectsOf, isKnown, isMissed, scoreOf, statsOf } from './edge-change.ts'

/** What one window says. */
export interface DiffSide extends Pick<TopologyRows, 'edges' | 'services' | 'addresses'> {
  minutes: number
  times: PathTimes
}

/** An edge that changed, before its causes are looked for. */
export interface ChangedEdge extends Omit<EdgeDiff, 'causes'> {
  /** When it began or ended to be there, Unix ms; null of one that was there all the time. */
  onsetMs: number | null
  /** Ids of the stored edges it is made of. */
  storedIds: readonly string[]
}

export interface GraphDiff {
  nodes: TopologyDiffAnswer['nodes']
  edges: ChangedEdge[]
  compared: number
  notes: CompareNote[]
  /** Nodes that have an edge with this one in either window. */
  nextTo: (nodeId: string) => readonly TopologyNode[]
}

/** A change of this size is as much as an edge's appearing. */
const NEW_MAGNITUDE = 1
const MAX_EDGES = 500

/** The differences of two windows, ranked. Peers are named by what both know, so that a name found later is no change. */
export function diffTopology(now: DiffSide, base: DiffSide, scope: Scope): GraphDiff {
  const sides = sidesOf(now, base, scope)
  if (now.edges.length === 0 || base.edges.length === 0) {
    return { nodes: [], edges: [], compared: 0, notes: emptyNotes(now, base), nextTo: () => [] }
  }
  const ids = [...new Set([...sides.now.edges.keys(), ...sides.base.edges.keys()])]
  const compared = ids.map((id) => compareEdge(sides, id))
  const changed = compared.filter((each) => each !== 'same' && each !== 'few').sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
  return {
    nodes: changedNodes(sides),
    edges: changed.slice(0, MAX_EDGES),
    compared: ids.length,
    notes: [...diffNotes(compared.filter((each) => each === 'few').length, changed.length - MAX_EDGES), ...timesNotes(now, base)],
    nextTo: neighboursIn(sides),
  }
}

interface Side {
  edges: Map<string, MergedEdge>
  nodes: Map<string, TopologyNode>
  minutes: number
  times: SelfTimes | null
}

interface Sides {
  now: Side
  base: Side
}

function sidesOf(now: DiffSide, base: DiffSide, scope: Scope): Sides {
  const rename = createPeerNames([...now.services, ...base.services], [...now.addresses, ...base.addresses])
  const sideOf = ({ edges, services, minutes, times }: DiffSide): Side => {
    const named = mergeEdges(edges, rename).filter((edge) => edge.calls > 0 && edgeInScope(edge, scope))
    return { edges: new Map(named.map((edge) => [edge.edgeId, edge])), nodes: nodesOf(named, services, scope), minutes, times: selfTimesOf(times, rename) }
  }
  return { now: sideOf(now), base: sideOf(base) }
}

/** Those in the scope, and those at the other end of their edges. */
function nodesOf(edges: readonly MergedEdge[], services: readonly ServiceRow[], scope: Scope): Map<string, TopologyNode> {
  const ends = new Set(edges.flatMap(({ sourceId, targetId }) => [sourceId, targetId]))
  const nodes = topologyNodes(edges, services).filter((node) => ends.has(node.id) || inScope(node, scope))
  return new Map(nodes.map((node) => [node.id, node]))
}

function compareEdge(sides: Sides, id: string): ChangedEdge | 'same' | 'few' {
  const [now, base] = [sides.now, sides.base].map((side) => inWindow(side, id)) as [EdgeIn | null, EdgeIn | null]
  if (now !== null && base !== null) return compareBoth(sides, now, base)
  const only = now ?? base
  if (only === null) return 'same'
  if (!isMissed(only, now === null ? sides.now.minutes : sides.base.minutes)) return 'few'
  const score = NEW_MAGNITUDE * Math.log2(1 + only.edge.calls / only.minutes)
  return {
    ...framedEdge(sides, only.edge),
    change: now === null ? 'vanished' : 'new',
    now: now && statsOf(now),
    base: base && statsOf(base),
    effects: [],
    score,
    onsetMs: now === null ? only.edge.lastSeenMs : only.edge.firstSeenMs,
  }
}

function inWindow({ edges, nodes, minutes, times }: Side, id: string): EdgeIn | null {
  const edge = edges.get(id)
  return edge === undefined ? null : { edge, minutes, self: timePerCall(times, edge, nodes.get(edge.targetId)?.calls ?? 0) }
}

function compareBoth(sides: Sides, now: EdgeIn, base: EdgeIn): ChangedEdge | 'same' | 'few' {
  if (!isKnown(now, base)) return 'few'
  const effects = effectsOf(now, base)
  if (effects.length === 0) return 'same'
  const score = scoreOf(effects, Math.max(now.edge.calls / now.minutes, base.edge.calls / base.minutes))
  return { ...framedEdge(sides, now.edge), change: 'changed', now: statsOf(now), base: statsOf(base), effects, score, onsetMs: null }
}

function framedEdge(sides: Sides, edge: MergedEdge): Pick<ChangedEdge, 'id' | 'source' | 'target' | 'kind' | 'storedIds'> {
  const { edgeId: id, kind, storedIds } = edge
  return { id, source: nodeIn(sides, edge.sourceId), target: nodeIn(sides, edge.targetId), kind, storedIds }
}

function nodeIn({ now, base }: Sides, id: string): TopologyNode {
  const node = now.nodes.get(id) ?? base.nodes.get(id)
  if (node === undefined) throw new Error('an edge without its nodes')
  return node
}

/** A node with few calls may have been there unseen. */
function changedNodes({ now, base }: Sides): TopologyDiffAnswer['nodes'] {
  const onlyIn = (side: Side, other: Side, change: 'new' | 'vanished'): TopologyDiffAnswer['nodes'] => {
    const missed = missedNodes(side, other)
    return [...side.nodes.values()].filter(({ id }) => !other.nodes.has(id) && missed.has(id)).map((node) => ({ node, change }))
  }
  return [...onlyIn(now, base, 'new'), ...onlyIn(base, now, 'vanished')].sort((a, b) => b.node.calls - a.node.calls || (a.node.id < b.node.id ? -1 : 1))
}

/** Ids of the nodes with an edge that the other window would have had too. */
function missedNodes(side: Side, other: Side): Set<string> {
  const busy = [...side.edges.values()].filter((edge) => isMissed({ edge, minutes: side.minutes }, other.minutes))
  return new Set(busy.flatMap(({ sourceId, targetId }) => [sourceId, targetId]))
}

function neighboursIn(sides: Sides): GraphDiff['nextTo'] {
  const neighbours = new Map<string, Map<string, TopologyNode>>()
  const link = (from: string, to: string): void => {
    const known = neighbours.get(from) ?? new Map<string, TopologyNode>()
    neighbours.set(from, known.set(to, nodeIn(sides, to)))
  }
  for (const { sourceId, targetId } of [...sides.now.edges.values(), ...sides.base.edges.values()]) {
    link(sourceId, targetId)
    link(targetId, sourceId)
  }
  return (nodeId) => [...(neighbours.get(nodeId)?.values() ?? [])]
}

function emptyNotes(now: DiffSide, base: DiffSide): CompareNote[] {
  const notes: CompareNote[] = []
  if (now.edges.length === 0) notes.push({ code: 'no_data', message: 'No calls in this window', count: 0 })
  if (base.edges.length === 0) notes.push({ code: 'no_base', message: 'No calls in the window to compare with', count: 0 })
  return notes
}

function timesNotes(now: DiffSide, base: DiffSide): CompareNote[] {
  const cut = [now, base].filter(({ times }) => !times.whole).map(({ times }) => times.rows.length)
  if (cut.length === 0) return []
  const count = Math.min(...cut)
  return [{ code: 'sampled', message: `Time on the path is of the ${count} places where most is spent`, count }]
}

function diffNotes(few: number, cut: number): CompareNote[] {
  const notes: CompareNote[] = []
  if (few > 0) notes.push({ code: 'few_calls', message: `Edges with too few calls to tell a change from chance: ${few}`, count: few })
  if (cut > 0)
    notes.push({ code: 'limit', message: `Changed edges beyond the ${MAX_EDGES} shown (narrow by environment, cluster or namespace): ${cut}`, count: cut })
  return notes
}
