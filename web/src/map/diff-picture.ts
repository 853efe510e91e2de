import type { TopologyEdge } from '@skein/schemas/api/topology'
import type { EdgeDiff, EdgeEffect, TopologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import type { Format } from '../format/format.ts'
import type { EdgePicture } from './edge-look.ts'
import type { Topology } from './neighbourhood.ts'

/** How the difference of an edge is drawn: worse and better by colour, new and vanished also by their dash. */
export type DiffTone = 'worse' | 'better' | 'changed' | 'new' | 'vanished'

export function toneOf({ change, effects }: Pick<EdgeDiff, 'change' | 'effects'>): DiffTone {
  if (change !== 'changed') return change
  const judged = effects.filter(({ measure }) => measure !== 'rate')
  if (judged.length === 0) return 'changed'
  return judged.some(({ worse }) => worse) ? 'worse' : 'better'
}

/** Both windows in one picture: what is there now, and what vanished. */
export function unionOf(topology: Topology, diff: Pick<TopologyDiffAnswer, 'nodes' | 'edges'>): Topology {
  const nodes = new Map(topology.nodes.map((node) => [node.id, node]))
  const edges = new Map(topology.edges.map((edge) => [edge.id, edge]))
  for (const { node } of diff.nodes) if (!nodes.has(node.id)) nodes.set(node.id, { ...node, health: 'unknown' })
  for (const edge of diff.edges) {
    for (const end of [edge.source, edge.target]) if (!nodes.has(end.id)) nodes.set(end.id, { ...end, health: 'unknown' })
    if (!edges.has(edge.id)) edges.set(edge.id, vanishedEdge(edge))
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] }
}

/** An edge that is no more, with the numbers it had. */
function vanishedEdge({ id, source, target, kind, base }: EdgeDiff): TopologyEdge {
  const percentiles = base?.p50Ms == null || base.p95Ms === null ? null : { p50Ms: base.p50Ms, p95Ms: base.p95Ms, p99Ms: base.p95Ms }
  return {
    id,
    source: source.id,
    target: target.id,
    kind,
    calls: base?.calls ?? 0,
    callsSeen: base?.calls ?? 0,
    errors: base?.errors ?? 0,
    client: percentiles,
    server: null,
    network: null,
    queueWait: null,
    evidence: { paired: 0, clientOnly: 0, serverOnly: 0, parentChild: 0, topic: 0, link: 0, log: 0 },
    sessions: null,
    crossCluster: source.cluster !== target.cluster && source.cluster !== '' && target.cluster !== '',
    health: 'unknown',
    healthReason: null,
    weekAgoP95Ms: null,
    exemplars: [],
    firstSeen: '',
    lastSeen: '',
  }
}

/** The effect that says most: worse before better, a rate last. */
export function mainEffect(effects: readonly EdgeEffect[]): EdgeEffect | null {
  const weight = (effect: EdgeEffect): number => (effect.worse ? 2 : 0) + (effect.measure === 'rate' ? 0 : 1)
  return effects.reduce<EdgeEffect | null>((most, effect) => (most === null || weight(effect) > weight(most) ? effect : most), null)
}

/** `+773 ms`, `+1.1 pp`, `226×`: the size of an effect with its sign. */
export function effectText({ measure, now, base, change }: EdgeEffect, format: Format): string {
  const sign = now >= base ? '+' : '−'
  if (measure === 'errorRate') return `${sign}${points(Math.abs(change) * 100)} pp`
  if (measure === 'rate')
    return base > 0 && now >= base * 2 ? `${factor(now / base)}×` : `${sign}${format.text(format.share(Math.abs(now - base), Math.max(base, 1e-9)))}`
  return `${sign}${format.text(format.duration(Math.abs(now - base)))}`
}

const factor = (value: number): string => (value >= 10 ? String(Math.round(value)) : value.toFixed(1))
const points = (value: number): string => (value >= 10 ? String(Math.round(value)) : value >= 1 ? value.toFixed(1) : value.toFixed(2))

/** What stayed the same fades; what changed has the colour of the change and its size beside it. `words` names what came and what went. */
export function diffPicture(
  diff: Pick<TopologyDiffAnswer, 'nodes' | 'edges'>,
  format: Format,
  words: Readonly<Record<'new' | 'vanished', string>>,
): EdgePicture {
  const byId = new Map(diff.edges.map((edge) => [edge.id, edge]))
  return {
    look: (edge, look) => {
      const found = byId.get(edge.id)
      if (found === undefined) return { ...look, stroke: 'plain' }
      const tone = toneOf(found)
      return { widthPx: Math.max(2.5, look.widthPx), stroke: tone, dash: tone === 'vanished' ? 'vanished' : look.dash === 'silent' ? 'none' : look.dash }
    },
    tag: (edge) => {
      const found = byId.get(edge.id)
      if (found === undefined) return null
      if (found.change !== 'changed') return words[found.change]
      const effect = mainEffect(found.effects)
      return effect === null ? null : effectText(effect, format)
    },
    faded: (edge) => !byId.has(edge.id),
    passing: new Set(diff.nodes.map(({ node }) => node.id)),
  }
}
