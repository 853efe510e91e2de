'use client'
import type { ReplayEdge, ReplayNode } from '@skein/schemas/api/replay'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { type Curve, edgeCurves, headOf, middleOf, pathOf } from '../map/geometry.ts'
import { layoutGraph } from '../map/layout/layout.ts'
import { NODE_HEIGHT, NODE_WIDTH } from '../map/layout/place.ts'
import { NODE_GLYPHS } from '../map/node-glyphs.ts'
import { shorten } from '../map/scene.ts'

type Look = 'done' | 'slow' | 'error' | 'waits' | 'elsewhere'

/** What an edge says at the present frame. */
export interface DrawnEdge {
  look: Look
  /** Beside the middle: the order in which it lit up. */
  mark: string
  /** Latency of this run beside everybody's, '' for none. */
  text: string
}

interface ReplayPictureProps {
  nodes: readonly ReplayNode[]
  edges: readonly ReplayEdge[]
  drawn: ReadonlyMap<string, DrawnEdge>
}

const STROKES: Readonly<Record<Look, string>> = {
  done: 'var(--accent)',
  slow: 'var(--bad)',
  error: 'var(--bad)',
  waits: 'var(--border-strong)',
  elsewhere: 'var(--border)',
}
const PAD = 34

/** The nodes and edges of a replay. It says nothing that the table beside it does not. */
export function ReplayPicture({ nodes, edges, drawn }: ReplayPictureProps) {
  const t = useTranslations('replay')
  const { layout, curves } = useMemo(() => place(nodes, edges), [nodes, edges])
  const names = new Map(nodes.map((node) => [node.id, node]))
  const order: readonly Look[] = ['elsewhere', 'waits', 'done', 'slow', 'error']
  const sorted = edges.toSorted((a, b) => order.indexOf(drawn.get(a.id)?.look ?? 'elsewhere') - order.indexOf(drawn.get(b.id)?.look ?? 'elsewhere'))
  return (
    <svg
      role="img"
      aria-label={t('picture')}
      className="h-full max-h-full w-full bg-canvas"
      viewBox={`${-PAD} ${-PAD} ${layout.width + PAD * 2} ${layout.height + PAD * 2}`}
      preserveAspectRatio="xMidYMid meet"
    >
      {sorted.map((edge) => {
        const curve = curves.get(edge.id)
        return curve === undefined ? null : <Edge key={edge.id} curve={curve} edge={drawn.get(edge.id) ?? NOTHING} />
      })}
      {layout.nodes.map((placed) => {
        const node = names.get(placed.id)
        const incoming = edges.filter((edge) => edge.target === placed.id).map((edge) => drawn.get(edge.id) ?? NOTHING)
        return node === undefined ? null : <Card key={placed.id} node={node} x={placed.x} y={placed.y} incoming={incoming} waits={t('waits')} />
      })}
      {sorted.map((edge) => {
        const curve = curves.get(edge.id)
        return curve === undefined ? null : <Mark key={edge.id} curve={curve} edge={drawn.get(edge.id) ?? NOTHING} />
      })}
    </svg>
  )
}

const NOTHING: DrawnEdge = { look: 'elsewhere', mark: '', text: '' }

function place(nodes: readonly ReplayNode[], edges: readonly ReplayEdge[]) {
  const layout = layoutGraph({
    nodes: nodes.map(({ id, name, kind }) => ({ id, name, kind, group: '' })),
    edges: edges.map(({ id, source, target }) => ({ id, source, target, weight: 1 })),
  })
  return { layout, curves: edgeCurves(layout, edges) }
}

function Edge({ curve, edge: { look } }: { curve: Curve; edge: DrawnEdge }) {
  const { tip, angle } = headOf(curve)
  const lit = look !== 'waits' && look !== 'elsewhere'
  return (
    <g data-look={look}>
      <path d={pathOf(curve)} fill="none" stroke={STROKES[look]} strokeWidth={lit ? 2.2 : 1.2} {...(lit ? {} : { strokeDasharray: '4 4' })} />
      <path
        transform={`translate(${tip.x.toFixed(1)} ${tip.y.toFixed(1)}) rotate(${((angle * 180) / Math.PI).toFixed(1)})`}
        d="M-6 -3.5L0 0L-6 3.5"
        fill="none"
        stroke={STROKES[look]}
        strokeWidth={1.4}
      />
    </g>
  )
}

/** The number of an edge that lit up. */
function Mark({ curve, edge: { look, mark } }: { curve: Curve; edge: DrawnEdge }) {
  if (mark === '') return null
  const { at } = middleOf(curve)
  const width = Math.max(16, 7 * mark.length + 9)
  return (
    <g transform={`translate(${at.x.toFixed(1)} ${at.y.toFixed(1)})`}>
      <rect x={-width / 2} y={-8} width={width} height={16} rx={8} fill={STROKES[look]} stroke="var(--canvas)" strokeWidth={2} />
      <text textAnchor="middle" y={3.6} fontSize={10} fontWeight={600} fill="var(--text-inv)">
        {mark}
      </text>
    </g>
  )
}

interface CardState {
  look: 'bad' | 'lit' | 'pending' | 'away'
  text: string
}

/** What the edges into a node say about it; a node that nothing leads to is where it began. */
function cardState(incoming: readonly DrawnEdge[], waits: string): CardState {
  const bad = incoming.find(({ look }) => look === 'slow' || look === 'error')
  if (bad !== undefined) return { look: 'bad', text: bad.text }
  const done = incoming.find(({ look }) => look === 'done')
  if (done !== undefined) return { look: 'lit', text: done.text }
  if (incoming.some(({ look }) => look === 'waits')) return { look: 'pending', text: waits }
  return { look: incoming.length > 0 ? 'away' : 'lit', text: '' }
}

function Card({ node, x, y, incoming, waits }: { node: ReplayNode; x: number; y: number; incoming: readonly DrawnEdge[]; waits: string }) {
  const { look, text } = cardState(incoming, waits)
  const bad = look === 'bad'
  const dashed = look === 'pending' || look === 'away'
  return (
    <g transform={`translate(${x} ${y})`}>
      <title>{node.name}</title>
      <rect
        width={NODE_WIDTH}
        height={NODE_HEIGHT}
        rx={5}
        fill="var(--surface)"
        stroke={bad ? 'var(--bad)' : 'var(--border-strong)'}
        strokeWidth={bad ? 1.5 : 1}
        {...(dashed ? { strokeDasharray: '3 3' } : {})}
      />
      <path transform="translate(9 7)" d={NODE_GLYPHS[node.kind]} fill="none" stroke="var(--text-2)" strokeWidth={1.1} />
      <text x={26} y={17} fontSize={12} fontWeight={600} fill={dashed ? 'var(--text-2)' : 'var(--text-1)'}>
        {shorten(node.name, NODE_WIDTH - 36, 12)}
      </text>
      <text x={9} y={33.5} fontSize={10.5} fill={bad ? 'var(--bad-text)' : 'var(--text-2)'}>
        {text}
      </text>
    </g>
  )
}
