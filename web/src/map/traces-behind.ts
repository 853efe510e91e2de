import type { TopologyAnswer, TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import type { EdgeDiff, TopologyDiffAnswer } from '@skein/schemas/api/topology-diff'
import { sentBy } from '../services/service-link.ts'
import type { LinkParameters } from '../url/view-state.ts'
import type { TimeRange } from '../url/time-range.ts'
import { groupOfNodeId } from './collapse.ts'
import type { Topology } from './neighbourhood.ts'

/** The search for traces with the calls of an edge, in the time shown. Null where no span tells of them. */
export function tracesOfEdge(
  edge: Pick<TopologyEdge, 'evidence'>,
  [source, target]: readonly [TopologyNode | undefined, TopologyNode | undefined],
  within: TimeRange | null,
): LinkParameters | null {
  if (source === undefined || target === undefined || !isTraced(edge)) return null
  const { service: _itself, ...place } = sentBy(target.kind === 'service' ? target : source)
  return { ...place, caller: source.name, callee: target.name, ...within }
}

/** `tracesOfEdge` of any edge of a map; null for one that joins the edges of a closed group. */
export function edgeTracer({ nodes }: Pick<Topology, 'nodes'>, within: TimeRange | null): (edge: TopologyEdge) => LinkParameters | null {
  const byId = new Map(nodes.filter(({ id }) => groupOfNodeId(id) === null).map((node) => [node.id, node]))
  return (edge) => tracesOfEdge(edge, [byId.get(edge.source), byId.get(edge.target)], within)
}

/** `tracesOfEdge` for edges of a difference, in its later window; null for one that is not there any more. */
export function diffTracer({ window, edges }: Pick<TopologyDiffAnswer, 'window'> & Pick<TopologyAnswer, 'edges'>): (edge: EdgeDiff) => LinkParameters | null {
  const byId = new Map(edges.map((edge) => [edge.id, edge]))
  return ({ id, source, target }) => {
    const edge = byId.get(id)
    return edge === undefined ? null : tracesOfEdge(edge, [source, target], { from: window.start, to: window.end })
  }
}

/** `tracesOfNode` of any node of a map; null for a closed group. */
export function nodeTracer({ edges }: Pick<Topology, 'edges'>, within: TimeRange | null): (node: TopologyNode) => LinkParameters | null {
  return (node) => (groupOfNodeId(node.id) === null ? tracesOfNode(node, edges, within) : null)
}

/** `tracesOfEdge` for a part of the edge, such as an instance: which of its ends that is, and so in which cluster and namespace, is not asked. */
export function tracesOfPart(traced: LinkParameters | null, part: LinkParameters): LinkParameters | null {
  if (traced === null) return null
  const { cluster: _cluster, namespace: _namespace, ...edge } = traced
  return { ...edge, ...part }
}

/** The same in all of the page's window: for numbers that are not of the step that is shown. */
export function tracesOfWindow(traced: LinkParameters | null): LinkParameters | null {
  if (traced === null) return null
  const { from: _from, to: _to, ...always } = traced
  return always
}

/** The search for traces with what a node does; of a node that sends no spans, for those that call it. Null where there are none. */
export function tracesOfNode(node: TopologyNode, edges: readonly Pick<TopologyEdge, 'target' | 'evidence'>[], within: TimeRange | null): LinkParameters | null {
  if (node.kind === 'service' && node.instances > 0) return { ...sentBy(node), ...within }
  if (!edges.some((edge) => edge.target === node.id && isTraced(edge))) return null
  return { ...(node.environment === '' ? {} : { env: node.environment }), callee: node.name, ...within }
}

/** Whether more than lines of logs tells of it. */
function isTraced({ evidence }: Pick<TopologyEdge, 'evidence'>): boolean {
  const { log: _lines, ...spans } = evidence
  return Object.values(spans).some((count) => count > 0) || evidence.log === 0
}
