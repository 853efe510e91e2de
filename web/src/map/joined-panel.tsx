'use client'
import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import type { TimeRange } from '../url/time-range.ts'
import { EdgeRows } from './edge-rows.tsx'
import { PanelFigures } from './panel-parts.tsx'
import { tracesOfEdge } from './traces-behind.ts'

export interface JoinedPanelProps {
  title: string
  /** The edge that stands for the others. */
  bundle: TopologyEdge
  edges: readonly TopologyEdge[]
  nodes: readonly TopologyNode[]
  /** The time that their numbers are of, when it is another than the page's. */
  within: TimeRange | null
  seconds: number
  onEdge: (id: string) => void
  onClose: () => void
}

/** All calls between two ends of which one is a closed group; each row opens its edge. */
export function JoinedPanel({ title, bundle, edges, nodes, within, seconds, onEdge, onClose }: JoinedPanelProps) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const heading = (
    <>
      <HealthMark health={bundle.health} size={14} />
      <h2 className="truncate text-14" title={title}>
        {title}
      </h2>
    </>
  )
  return (
    <SidePanel label={t('edge')} title={heading} onClose={onClose}>
      <PanelFigures
        figures={[
          { label: t('rate'), figure: format.rate(bundle.calls, seconds) },
          { label: t('errors'), figure: format.share(bundle.errors, bundle.calls) },
          { label: t('calls'), figure: format.count(bundle.calls) },
        ]}
      />
      <EdgeRows
        title={t('joined')}
        edges={edges}
        name={({ source, target }) => (
          <span className="truncate">
            {byId.get(source)?.name} → {byId.get(target)?.name}
          </span>
        )}
        traced={(edge) => tracesOfEdge(edge, [byId.get(edge.source), byId.get(edge.target)], within)}
        seconds={seconds}
        onEdge={onEdge}
      />
    </SidePanel>
  )
}
