'use client'
import type { Health } from '@skein/schemas/api/window'
import { memo, type RefObject, useEffect, useRef } from 'react'
import { HealthShape } from '../ui/health-mark.tsx'
import { NODE_HEIGHT, NODE_WIDTH } from './layout/place.ts'
import { NODE_GLYPHS } from './node-glyphs.ts'
import { type SceneNode, shorten, twoLines } from './scene.ts'
import type { Detail } from './use-viewport.ts'

export interface MapNodeProps {
  item: SceneNode
  /** Name of kind and health for readers, already in their language. */
  label: string
  detail: Detail
  selected: boolean
  faded: boolean
  /** The one card that Tab reaches. */
  reachable: boolean
  /** Came while the map was on screen. */
  entering: boolean
  onHover: (id: string | null) => void
  onSelect: (id: string) => void
}

const STROKES: Readonly<Record<Health, string>> = {
  ok: 'var(--border-strong)',
  unknown: 'var(--border-strong)',
  degraded: 'var(--degraded)',
  bad: 'var(--bad)',
}
/** Px at the picture's own scale; below full detail names grow, and take both lines, so that they stay readable on screen. */
const NAME_PX = { full: 12, name: 16 } as const

export const MapNode = memo(function MapNode({ item, label, detail, selected, faded, reachable, entering, onHover, onSelect }: MapNodeProps) {
  const card = useRef<SVGGElement>(null)
  useEntrance(card, entering)
  const { node } = item
  const marked = selected || node.health === 'bad' || node.health === 'degraded'
  const full = detail === 'full'
  return (
    <g
      ref={card}
      id={`node-${node.id}`}
      role="button"
      tabIndex={reachable ? 0 : -1}
      aria-label={label}
      aria-pressed={selected}
      transform={`translate(${item.x} ${item.y})`}
      opacity={faded ? 0.3 : 1}
      className="group cursor-pointer outline-none"
      onPointerEnter={() => onHover(node.id)}
      onPointerLeave={() => onHover(null)}
      onClick={() => onSelect(node.id)}
    >
      {/* the label says it whole; what is drawn may be cut */}
      <g aria-hidden="true">
        <title>{node.name}</title>
        <rect
          width={NODE_WIDTH}
          height={NODE_HEIGHT}
          rx={5}
          fill="var(--surface)"
          stroke={selected ? 'var(--accent)' : STROKES[node.health]}
          strokeWidth={marked ? 1.5 : 1}
          className="group-hover:fill-hover group-focus-visible:stroke-focus group-focus-visible:stroke-[3px]"
        />
        {full && <path transform="translate(9 7)" d={NODE_GLYPHS[node.kind]} fill="none" stroke="var(--text-2)" strokeWidth={1.1} />}
        {full && (
          <text x={26} y={17} fontSize={NAME_PX.full} fontWeight={600} fill="var(--text-1)">
            {shorten(node.name, NODE_WIDTH - 50, NAME_PX.full)}
          </text>
        )}
        {detail === 'name' && <Name name={node.name} />}
        {full && (
          <text x={9} y={33.5} fontSize={10.5} fill="var(--text-2)">
            {item.detail}
          </text>
        )}
        <g transform={`translate(${NODE_WIDTH - 18} ${full ? 6 : 15})`}>
          <HealthShape health={node.health} />
        </g>
      </g>
    </g>
  )
})

function Name({ name }: { name: string }) {
  const lines = twoLines(name, NODE_WIDTH - 32, NAME_PX.name)
  return lines.map((line, index) => (
    <text key={line} x={8} y={lines.length === 1 ? 27 : 18 + index * 17} fontSize={NAME_PX.name} fontWeight={600} fill="var(--text-1)">
      {line}
    </text>
  ))
}

const ENTRANCE_MS = 220

/** Eases a newcomer in, where motion is welcome. */
function useEntrance(card: RefObject<SVGGElement | null>, entering: boolean): void {
  const asked = useRef(entering)
  useEffect(() => {
    if (!asked.current || matchMedia('(prefers-reduced-motion: reduce)').matches) return
    asked.current = false
    card.current?.animate([{ opacity: 0 }, { opacity: 1 }], { duration: ENTRANCE_MS, easing: 'ease-out' })
  }, [card])
}
