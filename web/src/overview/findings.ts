import type { TopologyAnswer, TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import type { EdgeDiff, EdgeEffect } from '@skein/schemas/api/topology-diff'
import type { Health } from '@skein/schemas/api/window'
import { isFailing } from '../services/red-columns.tsx'
import type { ServicePlace } from '../services/service-link.ts'

/** One thing that is wrong: an edge or a node with the facts to say so. */
export type Finding = NodeFinding | EdgeFinding

interface NodeFinding {
  kind: 'node'
  id: string
  health: Health
  failing: boolean
  node: TopologyNode
}

export interface EdgeFinding {
  kind: 'edge'
  id: string
  health: Health
  failing: boolean
  edge: TopologyEdge
  source: TopologyNode
  target: TopologyNode
  /** What got much worse inside the window. */
  worse: EdgeEffect | null
  /** What made it wrong, and is over in the later part of the window. */
  better: EdgeEffect | null
}

/**
 * What is not healthy, worst first: bad before degraded, what got worse inside the window before what is known of the whole, where it began
 * before those who pass it on, then by failed calls, then by calls. A node whose trouble an edge into it already tells is left out, because
 * the edge says more: who is touched and how it is known. What got much worse inside the window is wrong before the whole window is; what is over
 * by its end comes last.
 */
export function findings(topology: Pick<TopologyAnswer, 'nodes' | 'edges'>, recent: readonly EdgeDiff[] = []): Finding[] {
  const nodes = new Map(topology.nodes.map((node) => [node.id, node]))
  const worsened = worsenedIn(recent)
  const effects = new Map(recent.map((edge) => [edge.id, edge.effects]))
  const edges = topology.edges.flatMap((edge): Finding[] => {
    const source = nodes.get(edge.source)
    const target = nodes.get(edge.target)
    const worse = worsened.get(edge.id) ?? null
    if (source === undefined || target === undefined || (worse === null && !isWrong(edge))) return []
    const health = isWrong(edge) ? edge.health : 'degraded'
    const failing = isFailing(edge) || worse?.measure === 'errorRate'
    const better = worse === null ? healed(effects.get(edge.id) ?? [], failing) : null
    return [{ kind: 'edge', id: edge.id, health, failing, edge, source, target, worse, better }]
  })
  const told = new Set(edges.map((finding) => (finding.kind === 'edge' ? finding.target.id : '')))
  const alone = topology.nodes
    .filter((node) => isWrong(node) && !told.has(node.id))
    .map((node): Finding => ({ kind: 'node', id: node.id, health: node.health, failing: isFailing(node), node }))
  const failingCallers = new Set(edges.flatMap((finding) => (finding.kind === 'edge' && finding.failing ? [finding.source.id] : [])))
  const passedOn = (finding: Finding): number => Number(finding.kind === 'edge' && finding.failing && failingCallers.has(finding.target.id))
  const isOver = (finding: Finding): number => Number(finding.kind === 'edge' && finding.better !== null)
  const isRecent = (finding: Finding): number => Number(finding.kind === 'edge' && finding.worse !== null)
  return [...edges, ...alone].toSorted(
    (a, b) =>
      isOver(a) - isOver(b) ||
      severity(b.health) - severity(a.health) ||
      isRecent(b) - isRecent(a) ||
      passedOn(a) - passedOn(b) ||
      countsOf(b).errors - countsOf(a).errors ||
      countsOf(b).calls - countsOf(a).calls,
  )
}

/** Less is for the map's difference to say. */
const MUCH_LONGER = 2
const LONGER_MS = 20
const MORE_FAIL = 0.02

/** Edges that got much worse, by id. One that leads to somebody whose own calls got worse only passes it on. */
function worsenedIn(edges: readonly EdgeDiff[]): Map<string, EdgeEffect> {
  const worse = edges.flatMap((edge) => {
    const [effect] = edge.effects.filter(isMuchWorse)
    return effect === undefined ? [] : [{ edge, effect }]
  })
  const callers = new Set(worse.map(({ edge }) => edge.source.id))
  const last = worse.filter(({ edge }) => !callers.has(edge.target.id) || edge.source.id === edge.target.id)
  return new Map(last.map(({ edge, effect }) => [edge.id, effect]))
}

/** Own time on the path is no finding of its own: work of a node counts to every edge that leads to it, slower or not. */
function isMuchWorse({ measure, worse, change, now, base }: EdgeEffect): boolean {
  if (!worse || measure === 'rate' || measure === 'selfTime') return false
  return measure === 'errorRate' ? change >= MORE_FAIL : change >= MUCH_LONGER && now - base >= LONGER_MS
}

/** Of an edge whose calls failed what says that they fail no more; of a slow one, that it is slow no more. */
function healed(effects: readonly EdgeEffect[], failing: boolean): EdgeEffect | null {
  const isOver = ({ measure, now, base, change }: EdgeEffect): boolean =>
    measure === 'errorRate' ? failing && now < MORE_FAIL / 2 && -change >= MORE_FAIL : !failing && change <= 1 / MUCH_LONGER && base - now >= LONGER_MS
  return effects.find((effect) => effect.measure !== 'rate' && effect.measure !== 'selfTime' && !effect.worse && isOver(effect)) ?? null
}

export function countsOf(finding: Finding): { calls: number; errors: number } {
  return finding.kind === 'edge' ? finding.edge : finding.node
}

function isWrong({ health }: { health: Health }): boolean {
  return severity(health) > 0
}

function severity(health: Health): number {
  return health === 'bad' ? 2 : health === 'degraded' ? 1 : 0
}

export interface EntryFigures {
  entries: number
  calls: number
  errors: number
  /** Percentiles do not add, so the slowest entry stands for all. */
  slowest: (ServicePlace & { p95Ms: number }) | null
}

/**
 * Entries are services that no other service, queue or store calls; what clients call first. A caller known from its access log alone is a proxy that
 * sends no spans: what comes in is counted at the service behind it.
 */
export function entryFigures({ nodes, edges }: Pick<TopologyAnswer, 'nodes' | 'edges'>): EntryFigures {
  const kinds = new Map(nodes.map((node) => [node.id, node.kind]))
  const calls = edges.filter((edge) => edge.source !== edge.target && kinds.get(edge.source) !== 'client' && edge.evidence.log < edge.calls)
  const called = new Set(calls.map((edge) => edge.target))
  const entries = nodes.filter((node) => node.kind === 'service' && node.calls > 0 && !called.has(node.id))
  const slowest = entries.reduce<TopologyNode | null>((worst, node) => ((node.p95Ms ?? -1) > (worst?.p95Ms ?? -1) ? node : worst), null)
  return {
    entries: entries.length,
    calls: entries.reduce((sum, node) => sum + node.calls, 0),
    errors: entries.reduce((sum, node) => sum + node.errors, 0),
    slowest: slowest === null || slowest.p95Ms === null ? null : { ...placeOf(slowest), p95Ms: slowest.p95Ms },
  }
}

function placeOf({ name, environment, cluster, namespace }: ServicePlace): ServicePlace {
  return { name, environment, cluster, namespace }
}
