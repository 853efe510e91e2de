'use client'
import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import { edgeP95Ms } from './edge-look.ts'
import type { Topology } from './neighbourhood.ts'
import { PanelRows, PanelSection } from './panel-parts.tsx'

export interface NodeEdgesProps {
  node: TopologyNode
  topology: Topology
  seconds: number
  onEdge: (id: string) => void
}

/** Who calls the node and whom it calls, the busiest first; each row opens its edge. */
export function NodeEdges({ node, topology, seconds, onEdge }: NodeEdgesProps) {
  const t = useTranslations('map.panel')
  const sides = [
    { title: t('callers'), end: 'source', edges: topology.edges.filter((edge) => edge.target === node.id && edge.source !== node.id) },
    { title: t('callees'), end: 'target', edges: topology.edges.filter((edge) => edge.source === node.id) },
  ] as const
  return sides
    .filter(({ edges }) => edges.length > 0)
    .map(({ title, end, edges }) => <EdgeList key={title} title={title} end={end} edges={edges} topology={topology} seconds={seconds} onEdge={onEdge} />)
}

interface EdgeListProps extends Omit<NodeEdgesProps, 'node'> {
  title: string
  end: 'source' | 'target'
  edges: readonly TopologyEdge[]
}

function EdgeList({ title, end, edges, topology, seconds, onEdge }: EdgeListProps) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const nameOf = (id: string): string => topology.nodes.find((node) => node.id === id)?.name ?? ''
  const rows = [...edges]
    .sort((a, b) => b.calls - a.calls)
    .map((edge) => {
      const p95 = edgeP95Ms(edge)
      return {
        key: edge.id,
        name: (
          <button type="button" onClick={() => onEdge(edge.id)} className="inline-flex max-w-full items-center gap-1.5 text-accent-text hover:underline">
            <HealthMark health={edge.health} size={9} />
            <span className="truncate">{nameOf(edge[end])}</span>
            <span className="text-t3">{edge.kind}</span>
          </button>
        ),
        rate: format.text(format.rate(edge.calls, seconds)),
        last: p95 === null ? '–' : format.text(format.duration(p95)),
      }
    })
  return (
    <PanelSection flush title={title} end={format.integer(edges.length)}>
      <PanelRows label={title} heads={[t('name'), t('rate'), 'p95']} rows={rows} />
    </PanelSection>
  )
}
