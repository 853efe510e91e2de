import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import type { Health } from '@skein/schemas/api/window'
import { EVIDENCE, type Evidence } from '@skein/schemas/topology'
import type { Topology } from './neighbourhood.ts'

/** A topology in which closed groups are one node each, and what they stand for. */
export interface Collapsed extends Topology {
  /** Members of each closed group by the id of the node that stands for it. */
  closed: ReadonlyMap<string, readonly TopologyNode[]>
  /** The edges that a joined edge stands for, by its id; single edges keep theirs and are absent. */
  joined: ReadonlyMap<string, readonly TopologyEdge[]>
}

export const groupNodeId = (name: string): string => `group:${name}`

/** The group a node stands for; null for a node of the topology itself. */
export const groupOfNodeId = (id: string): string | null => (id.startsWith('group:') ? id.slice('group:'.length) : null)

/** Closes groups (`nameOf` says what a person calls one): their members become one node, calls between the same two ends one edge. Calls inside a closed group are not drawn. */
export function collapse(
  topology: Topology,
  groups: ReadonlyMap<string, string>,
  closedNames: readonly string[],
  nameOf: (group: string) => string,
): Collapsed {
  const names = new Set(closedNames)
  const standIn = (id: string): string => {
    const group = groups.get(id) ?? ''
    return group !== '' && names.has(group) ? groupNodeId(group) : id
  }
  const members = Map.groupBy(topology.nodes, (node) => standIn(node.id))
  const closed = new Map([...members].filter(([id]) => groupOfNodeId(id) !== null))
  if (closed.size === 0) return { ...topology, closed, joined: new Map() }
  const bundles = Map.groupBy(topology.edges, (edge) => `${standIn(edge.source)}>${standIn(edge.target)}`)
  const joined = new Map<string, readonly TopologyEdge[]>()
  const edges: TopologyEdge[] = []
  const incoming = new Map<string, { calls: number; errors: number }>()
  for (const [pair, bundle] of bundles) {
    const [first] = bundle
    if (first === undefined) continue
    const source = standIn(first.source)
    const target = standIn(first.target)
    if (source === first.source && target === first.target) {
      edges.push(...bundle)
      continue
    }
    if (source === target) continue
    const one = joinEdges(bundle, { id: `joined:${pair}`, source, target })
    joined.set(one.id, bundle)
    edges.push(one)
    const into = incoming.get(target) ?? { calls: 0, errors: 0 }
    incoming.set(target, { calls: into.calls + one.calls, errors: into.errors + one.errors })
  }
  const nodes = [...members].flatMap(([id, inside]) =>
    closed.has(id) ? joinNodes({ id, name: nameOf(groupOfNodeId(id) ?? '') }, inside, incoming.get(id)) : inside,
  )
  return { nodes, edges, closed, joined }
}

/** Calls of a closed group are those that come into it from outside. Percentiles do not add, so the slowest member's stand for it. */
function joinNodes(own: { id: string; name: string }, members: readonly TopologyNode[], into = { calls: 0, errors: 0 }): TopologyNode[] {
  const [first] = members
  if (first === undefined) return []
  return [
    {
      ...first,
      ...into,
      ...own,
      kind: 'service',
      cluster: '',
      namespace: '',
      p50Ms: largest(members.map((node) => node.p50Ms)),
      p95Ms: largest(members.map((node) => node.p95Ms)),
      p99Ms: largest(members.map((node) => node.p99Ms)),
      instances: members.reduce((sum, node) => sum + node.instances, 0),
      health: worst(members.map((node) => node.health)),
      healthReason: null,
      weekAgoP95Ms: null,
      proxy: null,
    },
  ]
}

function joinEdges(edges: readonly TopologyEdge[], ends: { id: string; source: string; target: string }): TopologyEdge {
  const [first] = edges
  if (first === undefined) throw new Error('an edge stands for at least one')
  const sum = (count: (edge: TopologyEdge) => number): number => edges.reduce((total, edge) => total + count(edge), 0)
  const evidence = Object.fromEntries(EVIDENCE.map((each) => [each, sum((edge) => edge.evidence[each])])) as Record<Evidence, number>
  const slowest = (side: 'client' | 'server' | 'network' | 'queueWait'): TopologyEdge['client'] =>
    edges.reduce<TopologyEdge['client']>((most, edge) => ((edge[side]?.p95Ms ?? -1) > (most?.p95Ms ?? -1) ? edge[side] : most), null)
  return {
    ...first,
    ...ends,
    kind: edges.every((edge) => edge.kind === first.kind) ? first.kind : 'call',
    calls: sum((edge) => edge.calls),
    callsSeen: sum((edge) => edge.callsSeen),
    errors: sum((edge) => edge.errors),
    client: slowest('client'),
    server: slowest('server'),
    network: slowest('network'),
    queueWait: slowest('queueWait'),
    evidence,
    sessions: largest(edges.map((edge) => edge.sessions)),
    crossCluster: edges.some((edge) => edge.crossCluster),
    health: worst(edges.map((edge) => edge.health)),
    healthReason: null,
    weekAgoP95Ms: null,
    exemplars: [],
    firstSeen: edges.map((edge) => edge.firstSeen).toSorted()[0] ?? first.firstSeen,
    lastSeen:
      edges
        .map((edge) => edge.lastSeen)
        .toSorted()
        .at(-1) ?? first.lastSeen,
  }
}

const SEVERITY: Readonly<Record<Health, number>> = { bad: 3, degraded: 2, ok: 1, unknown: 0 }

function worst(all: readonly Health[]): Health {
  return all.reduce<Health>((most, health) => (SEVERITY[health] > SEVERITY[most] ? health : most), 'unknown')
}

function largest(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((most, value) => (value !== null && value > (most ?? -1) ? value : most), null)
}
