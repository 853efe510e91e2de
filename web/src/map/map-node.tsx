'use client'
import type { Health } from '@skein/schemas/api/window'
import { memo, type RefObject, useEffect, useMemo, useRef } from 'react'
import { HealthShape } from '../ui/health-mark.tsx'
import { NODE_HEIGHT, NODE_WIDTH } from './layout/place.ts'
import { GROUP_GLYPH, NODE_GLYPHS } from './node-glyphs.ts'
import { fitName, type MeasureText, type SceneNode, twoLines } from './scene.ts'
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
  /** Of names; guessed without one. */
  measure?: MeasureText | undefined
  onHover: (id: string | null) => void
  onSelect: (id: string) => void
}

const STROKES: Readonly<Record<Health, string>> = {
  ok: 'var(--border-strong)',
  unknown: 'var(--border-strong)',
  degraded: 'var(--degraded)',
  bad: 'var(--bad)',
}
/** Px at the picture's own scale: far out names are larger, and take both lines, so that they stay readable on screen. */
const FAR_SIZES_PX = [16, 14, 13, 12, 11] as const

export const MapNode = memo(function MapNode({ item, about, detail, selected, faded, reachable, entering, measure, onHover, onSelect }: MapNodeProps) {
  const card = useRef<SVGGElement>(null)
  useEntrance(card, entering)
  const { node } = item
  const full = detail === 'full'
  const name = useMemo(() => nameOf(node.name, detail, measure), [node.name, detail, measure])
  return (
    <g
      ref={card}
      id={`node-${node.id}`}
      role="button"
      tabIndex={reachable ? 0 : -1}
      aria-label={labelOf({ item, about, lines: name.lines, full })}
      aria-pressed={selected}
      transform={`translate(${item.x} ${item.y})`}
      opacity={faded || item.faded === true ? 0.3 : 1}
      className="group cursor-pointer outline-none"
      onPointerEnter={() => onHover(node.id)}
      onPointerLeave={() => onHover(null)}
      onClick={() => onSelect(node.id)}
    >
      <title>{node.name}</title>
      <Stack item={item} />
      <rect
        width={NODE_WIDTH}
        height={NODE_HEIGHT}
        rx={5}
        fill="var(--surface)"
        {...rimOf(item, selected)}
        className="group-hover:fill-hover group-focus-visible:stroke-focus group-focus-visible:stroke-[3px]"
      />
      {full && <Glyph item={item} />}
      {name.lines.map((line, index) => (
        <text key={line} x={full ? 26 : 8} y={lineY(index, name.lines.length, full)} fontSize={name.px} fontWeight={600} fill="var(--text-1)">
          {line}
        </text>
      ))}
      {full && <SecondLine item={item} y={name.lines.length === 1 ? 33.5 : 36.5} />}
      <g transform={`translate(${NODE_WIDTH - 18} ${full ? 6 : 15})`}>
        <HealthShape health={node.health} />
      </g>
    </g>
  )
})

/** Selected, unhealthy, or come and gone between two windows. */
function rimOf({ node, passing }: SceneNode, selected: boolean): { stroke: string; strokeWidth: number; strokeDasharray?: string } {
  const marked = selected || passing === true || node.health === 'bad' || node.health === 'degraded'
  const stroke = selected ? 'var(--accent)' : passing === true ? 'var(--marker)' : STROKES[node.health]
  return { stroke, strokeWidth: marked ? 1.5 : 1, ...(passing === true ? { strokeDasharray: '5 3' } : {}) }
}

function SecondLine({ item, y }: { item: SceneNode; y: number }) {
  return (
    <>
      {' '}
      <text x={9} y={y} fontSize={10.5} fill="var(--text-2)">
        {item.detail}
      </text>
    </>
  )
}

/** A second card behind one that stands for a group. */
function Stack({ item }: { item: SceneNode }) {
  if (item.group !== true) return null
  return <rect x={4} y={4} width={NODE_WIDTH} height={NODE_HEIGHT} rx={5} fill="var(--sunken)" stroke="var(--border-strong)" />
}

function Glyph({ item }: { item: SceneNode }) {
  const d = item.group === true ? GROUP_GLYPH : NODE_GLYPHS[item.node.kind]
  return <path transform="translate(9 7)" d={d} fill="none" stroke="var(--text-2)" strokeWidth={1.1} />
}

/** Baselines of one or two lines, beside the glyph or alone in the card. */
function lineY(index: number, lines: number, full: boolean): number {
  if (lines === 1) return full ? 17 : 27
  return full ? 13 + index * 11 : 18 + index * 17
}

/** Alone in its card a name has both lines; smaller letters come before a break inside a word, and that before a cut. */
function farName(name: string, measure: MeasureText | undefined): DrawnName {
  const drawn = FAR_SIZES_PX.map((px): DrawnName => ({ px, lines: twoLines(name, NODE_WIDTH - 32, px, measure) }))
  const whole = drawn.filter(({ lines }) => lines.join('') === name)
  return whole.find(({ lines }) => !breaksWord(lines)) ?? whole[0] ?? { px: 11, lines: twoLines(name, NODE_WIDTH - 32, 11, measure) }
}

const breaksWord = (lines: readonly string[]): boolean => lines.length > 1 && !/[-/._ ]$/.test(lines[0] ?? '')

interface DrawnName {
  px: number
  lines: string[]
}

function nameOf(name: string, detail: Detail, measure: MeasureText | undefined): DrawnName {
  if (detail === 'shape') return { px: 0, lines: [] }
  if (detail === 'name') return farName(name, measure)
  return fitName(name, NODE_WIDTH - 48, measure)
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
