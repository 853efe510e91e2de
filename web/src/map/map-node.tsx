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
  /** Kind and health in the reader's language, which the picture says by shape. */
  about: string
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

export const MapNode = memo(function MapNode({ item, about, detail, selected, faded, reachable, entering, onHover, onSelect }: MapNodeProps) {
  const card = useRef<SVGGElement>(null)
  useEntrance(card, entering)
  const { node } = item
  const marked = selected || node.health === 'bad' || node.health === 'degraded'
  const full = detail === 'full'
  const lines = linesOf(node.name, detail)
  return (
    <g
      ref={card}
      id={`node-${node.id}`}
      role="button"
      tabIndex={reachable ? 0 : -1}
      aria-label={labelOf({ item, about, lines, full })}
      aria-pressed={selected}
      transform={`translate(${item.x} ${item.y})`}
      opacity={faded ? 0.3 : 1}
      className="group cursor-pointer outline-none"
      onPointerEnter={() => onHover(node.id)}
      onPointerLeave={() => onHover(null)}
      onClick={() => onSelect(node.id)}
    >
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
      {lines.map((line, index) => (
        <text
          key={line}
          x={full ? 26 : 8}
          y={full ? 17 : lines.length === 1 ? 27 : 18 + index * 17}
          fontSize={full ? NAME_PX.full : NAME_PX.name}
          fontWeight={600}
          fill="var(--text-1)"
        >
          {line}
        </text>
      ))}
      {full && ' '}
      {full && (
        <text x={9} y={33.5} fontSize={10.5} fill="var(--text-2)">
          {item.detail}
        </text>
      )}
      <g transform={`translate(${NODE_WIDTH - 18} ${full ? 6 : 15})`}>
        <HealthShape health={node.health} />
      </g>
    </g>
  )
})

function linesOf(name: string, detail: Detail): string[] {
  if (detail === 'shape') return []
  return detail === 'full' ? [shorten(name, NODE_WIDTH - 50, NAME_PX.full)] : twoLines(name, NODE_WIDTH - 32, NAME_PX.name)
}

/** Begins with what is seen, so that who sees and who hears call a card the same; then the whole name where it was cut. */
function labelOf({ item, about, lines, full }: { item: SceneNode; about: string; lines: readonly string[]; full: boolean }): string {
  const seen = lines.join('')
  const whole = seen === item.node.name ? [] : [item.node.name]
  return [full ? `${seen} ${item.detail}` : seen, ...whole, ...(full ? [] : [item.detail]), about].filter((part) => part !== '').join(', ')
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
