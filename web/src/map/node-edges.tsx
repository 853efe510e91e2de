'use client'
import type { TopologyNode } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import type { TimeRange } from '../url/time-range.ts'
import { EdgeRows } from './edge-rows.tsx'
import type { Topology } from './neighbourhood.ts'
import { tracesOfEdge } from './traces-behind.ts'

export interface NodeEdgesProps {
  node: TopologyNode
  topology: Topology
  /** The time that their numbers are of, when it is another than the page's. */
  within: TimeRange | null
  seconds: number
  onEdge: (id: string) => void
}

/** Who calls the node and whom it calls, the busiest first; each row opens its edge. */
export function NodeEdges({ node, topology, within, seconds, onEdge }: NodeEdgesProps) {
  const t = useTranslations('map.panel')
  const nodes = new Map(topology.nodes.map((each) => [each.id, each]))
  const sides = [
    { title: t('callers'), end: 'source', edges: topology.edges.filter((edge) => edge.target === node.id && edge.source !== node.id) },
    { title: t('callees'), end: 'target', edges: topology.edges.filter((edge) => edge.source === node.id) },
  ] as const
  return sides
    .filter(({ edges }) => edges.length > 0)
    .map(({ title, end, edges }) => (
      <EdgeRows
        key={title}
        title={title}
        edges={edges}
        name={(edge) => (
          <>
            <span className="truncate">{nodes.get(edge[end])?.name}</span>
            <span className="text-t3">{edge.kind}</span>
          </>
        )}
        traced={(edge) => tracesOfEdge(edge, [nodes.get(edge.source), nodes.get(edge.target)], within)}
        seconds={seconds}
        onEdge={onEdge}
      />
    ))
}
