'use client'
import { useTranslations } from 'next-intl'
import { type CSSProperties, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { CanvasPicture } from './canvas-picture.tsx'
import { EdgeCallout } from './edge-callout.tsx'
import type { HitTarget } from './hit.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './layout/place.ts'
import { Legend, type LegendProps } from './legend.tsx'
import { touching } from './neighbourhood.ts'
import { MAX_SVG_NODES } from './picture.ts'
import type { Scene } from './scene.ts'
import { SvgPicture } from './svg-picture.tsx'
import { useViewport, type ViewportControl } from './use-viewport.ts'
import { MIN_SCALE, READABLE_SCALE } from './viewport.ts'
import { isArrow, walk } from './walk.ts'

export interface MapStageProps {
  scene: Scene
  selected: string | null
  onSelect: (target: HitTarget | null) => void
  /** Draws the picture anew, without regard to what is on screen. */
  onRedraw: () => void
  /** Closes a group. */
  onGroup?: ((name: string) => void) | undefined
  /** What the legend explains; health by the rate unless told. */
  legend?: Pick<LegendProps, 'overlay' | 'seconds' | 'lived'>
}

const EDGE_COLOR = { '--edge': 'color-mix(in srgb, var(--text-3) 62%, var(--canvas))' } as CSSProperties

/** The picture with its controls. Arrows walk along edges, Enter selects what has the focus, Esc lets go (the panel hears it). */
export function MapStage({ scene, selected, onSelect, onRedraw, onGroup, legend = { overlay: 'rate', seconds: 0, lived: null } }: MapStageProps) {
  const t = useTranslations('map')
  const large = scene.nodes.length > MAX_SVG_NODES
  const viewport = useViewport(scene, large ? MIN_SCALE : READABLE_SCALE)
  const [hovered, setHovered] = useState<HitTarget | null>(null)
  const edges = useMemo(() => scene.edges.map(({ edge }) => edge), [scene])
  const pointed = hovered?.id ?? null
  const lit = useMemo(() => (pointed === null ? null : touching(edges, pointed)), [edges, pointed])
  useShowSelected(scene, selected, viewport)
  const placed = useMemo(() => columnsOf(scene), [scene])

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const element = event.target instanceof Element ? event.target.closest('[id^="node-"], [id^="edge-"]') : null
    const id = element?.id.slice(5) ?? null
    if ((event.key === 'Enter' || event.key === ' ') && id !== null) onSelect({ kind: element?.id.startsWith('edge-') === true ? 'edge' : 'node', id })
    else if (isArrow(event.key)) {
      const next = walk({ nodes: placed, edges: scene.edges, from: id ?? selected }, event.key)
      if (next === null) return
      onSelect({ kind: 'node', id: next })
      requestAnimationFrame(() => document.getElementById(`node-${next}`)?.focus({ preventScroll: true }))
    } else return
    event.preventDefault()
  }
  const Picture = large ? CanvasPicture : SvgPicture
  return (
    <div className="relative min-w-0 flex-1 overflow-hidden bg-canvas" style={EDGE_COLOR}>
      <div
        ref={viewport.stage}
        onKeyDown={onKeyDown}
        {...(large ? { tabIndex: 0, role: 'application', 'aria-label': t('walk') } : {})}
        className="absolute inset-0 cursor-grab active:cursor-grabbing"
        onClick={(event) => {
          if (event.target instanceof SVGSVGElement) onSelect(null)
        }}
      >
        <Picture scene={scene} viewport={viewport} selected={selected} lit={lit} onHover={setHovered} onSelect={onSelect} onGroup={onGroup} />
      </div>
      <Controls viewport={viewport} onRedraw={onRedraw} />
      <Legend edges={edges} {...legend} />
      {hovered?.kind === 'edge' && hovered.id !== selected && <EdgeCallout scene={scene} id={hovered.id} viewport={viewport} />}
    </div>
  )
}

/** Brings a selection, a node or both ends of an edge, that lies off screen into it, once; later data does not move the picture. */
function useShowSelected(scene: Scene, selected: string | null, { show, size }: ViewportControl): void {
  const shown = useRef<string | null>(null)
  useEffect(() => {
    if (shown.current === selected || size.width === 0) return
    const edge = scene.edges.find(({ id }) => id === selected)?.edge
    const cards = scene.nodes.filter(({ id }) => id === selected || id === edge?.source || id === edge?.target)
    if (cards.length === 0) return
    shown.current = selected
    const [xs, ys] = [cards.map(({ x }) => x), cards.map(({ y }) => y)]
    const half = { x: NODE_WIDTH / 2, y: NODE_HEIGHT / 2 }
    show({ left: Math.min(...xs) + half.x, top: Math.min(...ys) + half.y, right: Math.max(...xs) + half.x, bottom: Math.max(...ys) + half.y })
  }, [selected, scene, show, size])
}

/** Cards of equal x stand in one column. */
function columnsOf(scene: Scene) {
  const columns = [...new Set(scene.nodes.map((node) => node.x))].sort((a, b) => a - b)
  return scene.nodes.map(({ id, x, y }) => ({ id, x, y, column: columns.indexOf(x) }))
}

function Controls({ viewport, onRedraw }: { viewport: ViewportControl; onRedraw: () => void }) {
  const t = useTranslations('map')
  const fit = () => {
    onRedraw()
    viewport.fit()
  }
  return (
    <div className="absolute top-3 right-3 flex flex-col gap-1">
      <Button small square aria-label={t('zoomIn')} title={t('zoomIn')} onClick={() => viewport.zoomBy(1.4)}>
        <Icon name="plus" size={13} />
      </Button>
      <Button small square aria-label={t('zoomOut')} title={t('zoomOut')} onClick={() => viewport.zoomBy(1 / 1.4)}>
        <Icon name="minus" size={13} />
      </Button>
      <Button small square aria-label={t('fit')} title={t('fit')} onClick={fit}>
        <Icon name="fit" size={13} />
      </Button>
    </div>
  )
}
