'use client'
import type { TopologyNode } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { EdgeRows } from './edge-rows.tsx'
import type { Topology } from './neighbourhood.ts'

export interface NodeEdgesProps {
  node: TopologyNode
  topology: Topology
  seconds: number
  onEdge: (id: string) => void
}

/** Who calls the node and whom it calls, the busiest first; each row opens its edge. */
export function NodeEdges({ node, topology, seconds, onEdge }: NodeEdgesProps) {
  const t = useTranslations('map.panel')
  const names = new Map(topology.nodes.map(({ id, name }) => [id, name]))
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
            <span className="truncate">{names.get(edge[end])}</span>
            <span className="text-t3">{edge.kind}</span>
          </>
        )}
        seconds={seconds}
        onEdge={onEdge}
      />
    ))
}
