'use client'
import { memo } from 'react'
import { dashOf } from './edge-dash.ts'
import { STROKE_TOKENS } from './edge-look.ts'
import { headOf, middleOf, pathOf } from './geometry.ts'
import type { SceneEdge } from './scene.ts'

export interface MapEdgeProps {
  item: SceneEdge
  selected: boolean
  faded: boolean
  onHover: (id: string | null) => void
  onSelect: (id: string) => void
}

export const MapEdge = memo(function MapEdge({ item, selected, faded, onHover, onSelect }: MapEdgeProps) {
  const { look, curve } = item
  const path = pathOf(curve)
  const { tip, angle } = headOf(curve)
  const stroke = `var(${STROKE_TOKENS[look.stroke]})`
  const abnormal = look.stroke !== 'plain'
  const reach = 4 + look.widthPx * 0.7
  return (
    <g
      id={`edge-${item.id}`}
      role="button"
      tabIndex={abnormal || selected ? 0 : -1}
      aria-label={item.label}
      aria-pressed={selected}
      opacity={opacityOf(item, faded)}
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
      {item.edge.crossCluster && <CrossMark item={item} stroke={stroke} />}
    </g>
  )
})

const opacityOf = (item: SceneEdge, faded: boolean): number => (faded ? 0.15 : item.faded === true ? 0.3 : 1)

/** Two strokes across an edge that leaves its cluster. */
function CrossMark({ item, stroke }: { item: SceneEdge; stroke: string }) {
  const { at, angle } = middleOf(item.curve)
  const half = 4 + item.look.widthPx / 2
  return (
    <g transform={`translate(${at.x.toFixed(1)} ${at.y.toFixed(1)}) rotate(${((angle * 180) / Math.PI).toFixed(1)})`} pointerEvents="none">
      <path d={`M-2 ${-half}V${half}M2 ${-half}V${half}`} stroke="var(--canvas)" strokeWidth={4.5} />
      <path d={`M-2 ${-half}V${half}M2 ${-half}V${half}`} stroke={stroke} strokeWidth={1.4} />
    </g>
  )
}
