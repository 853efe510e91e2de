'use client'
import { memo } from 'react'
import { dashOf } from './edge-dash.ts'
import type { EdgeLook } from './edge-look.ts'
import { headOf, pathOf } from './geometry.ts'
import type { SceneEdge } from './scene.ts'

export interface MapEdgeProps {
  item: SceneEdge
  selected: boolean
  faded: boolean
  onHover: (id: string | null) => void
  onSelect: (id: string) => void
}

const EDGE_STROKES: Readonly<Record<EdgeLook['stroke'], string>> = { plain: 'var(--edge)', degraded: 'var(--degraded)', bad: 'var(--bad)' }

export const MapEdge = memo(function MapEdge({ item, selected, faded, onHover, onSelect }: MapEdgeProps) {
  const { look, curve } = item
  const path = pathOf(curve)
  const { tip, angle } = headOf(curve)
  const stroke = EDGE_STROKES[look.stroke]
  const abnormal = look.stroke !== 'plain'
  const reach = 4 + look.widthPx * 0.7
  return (
    <g
      id={`edge-${item.id}`}
      role="button"
      tabIndex={abnormal || selected ? 0 : -1}
      aria-label={item.label}
      aria-pressed={selected}
      opacity={faded ? 0.15 : 1}
      className="group cursor-pointer outline-none"
      onPointerEnter={() => onHover(item.id)}
      onPointerLeave={() => onHover(null)}
      onClick={() => onSelect(item.id)}
    >
      <path d={path} fill="none" stroke="transparent" strokeWidth={Math.max(12, look.widthPx + 6)} />
      <path
        d={path}
        fill="none"
        stroke={abnormal ? stroke : 'var(--accent)'}
        strokeWidth={look.widthPx + 8}
        opacity={selected ? 0.22 : 0}
        className="group-hover:opacity-20 group-focus-visible:opacity-40"
      />
      <path
        d={path}
        fill="none"
        stroke={selected && !abnormal ? 'var(--accent)' : stroke}
        strokeWidth={look.widthPx}
        strokeDasharray={dashOf(look).join(' ') || undefined}
      />
      <path
        transform={`translate(${tip.x.toFixed(1)} ${tip.y.toFixed(1)}) rotate(${((angle * 180) / Math.PI).toFixed(1)})`}
        d={`M${-reach} ${-reach * 0.6}L0 0L${-reach} ${reach * 0.6}`}
        fill="none"
        stroke={abnormal ? stroke : selected ? 'var(--accent)' : 'var(--text-3)'}
        strokeWidth={1.4}
      />
    </g>
  )
})
