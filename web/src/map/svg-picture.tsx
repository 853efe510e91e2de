'use client'
import { useTranslations } from 'next-intl'
import { useCallback, useEffect, useRef } from 'react'
import { EdgeTags } from './edge-tags.tsx'
import { MapEdge } from './map-edge.tsx'
import { MapNode } from './map-node.tsx'
import type { PictureProps } from './picture.ts'
import type { Scene } from './scene.ts'
import { useTextMeter } from './use-text-meter.ts'

/** The map for up to a few hundred nodes: every card and edge is an element that can be focused and read. */
export function SvgPicture({ scene, viewport, selected, lit, onHover, onSelect, onGroup }: PictureProps) {
  const t = useTranslations('map')
  const kinds = useTranslations('map.kind')
  const health = useTranslations('health')
  const root = useRef<SVGGElement>(null)
  const { subscribe, view } = viewport
  const measure = useTextMeter()
  useEffect(() => {
    const move = () => {
      const { k, x, y } = view()
      root.current?.setAttribute('transform', `translate(${x} ${y}) scale(${k})`)
    }
    move()
    return subscribe(move)
  }, [subscribe, view])

  const drawn = useRef(false)
  useEffect(() => {
    drawn.current = true
  }, [])
  const hover = useLatest(onHover)
  const select = useLatest(onSelect)
  const onNodeHover = useCallback((id: string | null) => hover.current(id === null ? null : { kind: 'node', id }), [hover])
  const onEdgeHover = useCallback((id: string | null) => hover.current(id === null ? null : { kind: 'edge', id }), [hover])
  const onNodeSelect = useCallback((id: string) => select.current({ kind: 'node', id }), [select])
  const onEdgeSelect = useCallback((id: string) => select.current({ kind: 'edge', id }), [select])
  const faded = (id: string): boolean => lit !== null && !lit.has(id)
  const reachable = scene.nodes.some((item) => item.id === selected) ? selected : scene.nodes[0]?.id
  return (
    <svg className="h-full w-full select-none" role="group" aria-label={t('picture')}>
      <g ref={root}>
        <Boxes scene={scene} far={viewport.detail !== 'full'} onGroup={onGroup} />
        {scene.edges.map((item) => (
          <MapEdge key={item.id} item={item} selected={item.id === selected} faded={faded(item.id)} onHover={onEdgeHover} onSelect={onEdgeSelect} />
        ))}
        <LayerNames scene={scene} far={viewport.detail !== 'full'} />
        {scene.nodes.map((item) => (
          <MapNode
            key={item.id}
            item={item}
            about={`${kinds(item.node.kind)}, ${health(item.node.health)}`}
            detail={viewport.detail}
            selected={item.id === selected}
            faded={faded(item.id)}
            reachable={item.id === reachable}
            entering={drawn.current}
            measure={measure}
            onHover={onNodeHover}
            onSelect={onNodeSelect}
          />
        ))}
        <EdgeTags edges={scene.edges} far={viewport.detail !== 'full'} lit={lit} />
      </g>
    </svg>
  )
}

function useLatest<T>(value: T) {
  const latest = useRef(value)
  useEffect(() => {
    latest.current = value
  })
  return latest
}

interface BoxesProps {
  scene: Scene
  far: boolean
  onGroup: PictureProps['onGroup']
}

/** Boxes of groups with their names; a press on a name closes the group. The menu of groups does the same for the keyboard. */
function Boxes({ scene, far, onGroup }: BoxesProps) {
  const t = useTranslations('map')
  return (
    <g aria-hidden="true">
      {scene.groups.map((box) => (
        <g key={box.name}>
          <rect x={box.x} y={box.y} width={box.width} height={box.height} rx={8} fill="var(--surface)" fillOpacity={0.45} stroke="var(--border-strong)" />
          <text
            x={box.x + 12}
            y={box.y + (far ? 20 : 17)}
            fontSize={far ? 17 : 11}
            fontWeight={600}
            fill="var(--text-2)"
            className={onGroup === undefined ? '' : 'cursor-pointer hover:underline'}
            onClick={() => onGroup?.(box.name)}
          >
            {onGroup === undefined ? '' : '▾ '}
            {box.name}
            <tspan dx={6} fontWeight={400} fill="var(--text-3)">
              {t('groupNodes', { count: box.nodes })}
            </tspan>
          </text>
        </g>
      ))}
    </g>
  )
}

/** Names of the layers over their columns, with a rim so that an edge behind them does not cross them out. */
function LayerNames({ scene, far }: { scene: Scene; far: boolean }) {
  const t = useTranslations('map')
  return (
    <g aria-hidden="true" pointerEvents="none">
      {scene.layers
        .filter(({ x, y }) => !scene.groups.some((box) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height))
        .map(({ layer, x, y }) => (
          <text
            key={layer}
            x={x}
            y={y - 9}
            fontSize={far ? 17 : 11}
            fontWeight={500}
            fill="var(--text-3)"
            stroke="var(--canvas)"
            strokeWidth={5}
            paintOrder="stroke"
          >
            {t(`layer.${layer}`)}
          </text>
        ))}
    </g>
  )
}
