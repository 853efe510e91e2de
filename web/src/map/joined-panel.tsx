'use client'
import type { TopologyEdge, TopologyNode } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import { useFormat } from '../format/use-format.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import { SidePanel } from '../ui/side-panel.tsx'
import { edgeP95Ms } from './edge-look.ts'
import { PanelFigures, PanelRows, PanelSection } from './panel-parts.tsx'

export interface JoinedPanelProps {
  title: string
  /** The edge that stands for the others. */
  bundle: TopologyEdge
  edges: readonly TopologyEdge[]
  nodes: readonly TopologyNode[]
  seconds: number
  onEdge: (id: string) => void
  onClose: () => void
}

/** All calls between two ends of which one is a closed group; each row opens its edge. */
export function JoinedPanel({ title, bundle, edges, nodes, seconds, onEdge, onClose }: JoinedPanelProps) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const names = new Map(nodes.map((node) => [node.id, node.name]))
  const rows = edges
    .toSorted((a, b) => b.calls - a.calls)
    .map((edge) => {
      const p95 = edgeP95Ms(edge)
      return {
        key: edge.id,
        name: (
          <button type="button" onClick={() => onEdge(edge.id)} className="inline-flex max-w-full items-center gap-1.5 text-accent-text hover:underline">
            <HealthMark health={edge.health} size={9} />
            <span className="truncate">
              {names.get(edge.source)} → {names.get(edge.target)}
            </span>
          </button>
        ),
        rate: format.text(format.rate(edge.calls, seconds)),
        last: p95 === null ? '–' : format.text(format.duration(p95)),
      }
    })
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
      <PanelSection flush title={t('joined')} end={format.integer(edges.length)}>
        <PanelRows label={t('joined')} heads={[t('name'), t('rate'), 'p95']} rows={rows} />
      </PanelSection>
    </SidePanel>
  )
}
