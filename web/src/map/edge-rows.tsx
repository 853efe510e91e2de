'use client'
import type { TopologyEdge } from '@skein/schemas/api/topology'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useFormat } from '../format/use-format.ts'
import { HealthMark } from '../ui/health-mark.tsx'
import type { LinkParameters } from '../url/view-state.ts'
import { edgeP95Ms } from './edge-look.ts'
import { PanelRows, PanelSection } from './panel-parts.tsx'

export interface EdgeRowsProps {
  title: string
  edges: readonly TopologyEdge[]
  /** What a row is called. */
  name: (edge: TopologyEdge) => ReactNode
  /** The search for traces with its calls. */
  traced: (edge: TopologyEdge) => LinkParameters | null
  seconds: number
  onEdge: (id: string) => void
}

/** Edges with rate and p95, the busiest first; each row opens its edge. */
export function EdgeRows({ title, edges, name, traced, seconds, onEdge }: EdgeRowsProps) {
  const t = useTranslations('map.panel')
  const format = useFormat()
  const rows = edges
    .toSorted((a, b) => b.calls - a.calls)
    .map((edge) => {
      const p95 = edgeP95Ms(edge)
      return {
        key: edge.id,
        name: (
          <button type="button" onClick={() => onEdge(edge.id)} className="inline-flex max-w-full items-center gap-1.5 text-accent-text hover:underline">
            <HealthMark health={edge.health} size={9} />
            {name(edge)}
          </button>
        ),
        rate: format.text(format.rate(edge.calls, seconds)),
        last: p95 === null ? '–' : format.text(format.duration(p95)),
        traced: traced(edge),
      }
    })
  return (
    <PanelSection flush title={title} end={format.integer(edges.length)}>
      <PanelRows label={title} heads={[t('name'), t('rate'), 'p95']} rows={rows} />
    </PanelSection>
  )
}
