'use client'
import { useTranslations } from 'next-intl'
import { type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { createHitIndex, type HitTarget } from './hit.ts'
import { NODE_HEIGHT, NODE_WIDTH } from './layout/place.ts'
import type { Painting } from './painting.ts'
import { paint } from './paint.ts'
import { HEAVY_EDGES } from './paint-edges.ts'
import { type Palette, readPalette } from './palette.ts'
import type { PictureProps } from './picture.ts'
import { createStill } from './still.ts'
import { toPicture } from './viewport.ts'

const REACH_PX = 7

/** The map for thousands of nodes. Its words are in the table twin; the focus ring is an element, so that it is always seen. */
export function CanvasPicture({ scene, viewport, selected, lit, onHover, onSelect }: PictureProps) {
  const t = useTranslations('map')
  const canvas = useRef<HTMLCanvasElement>(null)
  const palette = usePalette(canvas)
  const { view, subscribe, size } = viewport
  const index = useMemo(
    () =>
      createHitIndex(
        scene.nodes.map(({ id, x, y }) => ({ id, x, y, column: 0 })),
        new Map(scene.edges.map(({ id, curve }) => [id, curve])),
      ),
    [scene],
  )
  usePainter(canvas, { scene, selected, lit, palette, view, subscribe, size })

  const targetOf = (event: PointerEvent): HitTarget | null => {
    const box = event.currentTarget.getBoundingClientRect()
    const now = view()
    return index.at(toPicture(now, { x: event.clientX - box.left, y: event.clientY - box.top }), REACH_PX / now.k)
  }
  return (
    <>
      <canvas
        ref={canvas}
        role="img"
        aria-label={t('pictureOf', { nodes: scene.nodes.length, edges: scene.edges.length })}
        className="block h-full w-full text-[var(--edge)]"
        onPointerMove={(event) => {
          if (event.buttons !== 0) return
          const target = targetOf(event)
          event.currentTarget.style.cursor = target === null ? 'grab' : 'pointer'
          onHover(target)
        }}
        onPointerLeave={() => onHover(null)}
        onClick={(event) => onSelect(targetOf(event as unknown as PointerEvent))}
      />
      <FocusRing scene={scene} viewport={viewport} selected={selected} />
    </>
  )
}

type Sources = Pick<Painting, 'scene' | 'selected' | 'lit'> & { palette: Palette | null } & Pick<PictureProps['viewport'], 'view' | 'subscribe' | 'size'>

/** A heavy picture is painted anew when a pan rests, or this often while it does not. */
const REST_MS = 120
const REFRESH_MS = 500

/** Repaints once a frame at most, on data, theme, size and every pan. */
function usePainter(canvas: RefObject<HTMLCanvasElement | null>, { scene, selected, lit, palette, view, subscribe, size }: Sources): void {
  useEffect(() => {
    const element = canvas.current
    // thousands of thin curves are dear for a GPU and steady on a CPU
    const context = element?.getContext('2d', { willReadFrequently: true })
    if (element === null || context === null || context === undefined || palette === null || size.width === 0) return undefined
    const ratio = window.devicePixelRatio
    element.width = Math.round(size.width * ratio)
    element.height = Math.round(size.height * ratio)
    const still = scene.edges.length > HEAVY_EDGES ? createStill(() => document.createElement('canvas')) : null
    let paintedAt = Number.NEGATIVE_INFINITY
    const paintFully = () => {
      paint({ context, scene, view: view(), size, ratio, palette, selected, lit })
      still?.take(element, view())
      paintedAt = performance.now()
    }
    let frame = 0
    let rest = 0
    const draw = (now: number) => {
      frame = 0
      if (still === null || now - paintedAt > REFRESH_MS || !still.show(context, view(), { ...size, ratio })) return paintFully()
      window.clearTimeout(rest)
      rest = window.setTimeout(paintFully, REST_MS)
    }
    paintFully()
    const unsubscribe = subscribe(() => {
      if (frame === 0) frame = requestAnimationFrame(draw)
    })
    return () => {
      unsubscribe()
      window.clearTimeout(rest)
      cancelAnimationFrame(frame)
    }
  }, [canvas, scene, selected, lit, palette, view, subscribe, size])
}

/** Colours of the theme, read again when it changes. */
function usePalette(element: RefObject<HTMLElement | null>): Palette | null {
  const [palette, setPalette] = useState<Palette | null>(null)
  useEffect(() => {
    const read = () => {
      if (element.current === null) return
      const style = getComputedStyle(element.current)
      const { color } = style
      // a mixed colour is computed where it is used, not where it is declared
      setPalette(readPalette((name) => (name === '--edge' ? color : style.getPropertyValue(name))))
    }
    read()
    const observer = new MutationObserver(read)
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    const system = matchMedia('(prefers-color-scheme: dark)')
    system.addEventListener('change', read)
    return () => {
      observer.disconnect()
      system.removeEventListener('change', read)
    }
  }, [element])
  return palette
}

function FocusRing({ scene, viewport, selected }: Pick<PictureProps, 'scene' | 'viewport' | 'selected'>) {
  const ring = useRef<HTMLDivElement>(null)
  const { view, subscribe } = viewport
  const item = scene.nodes.find((node) => node.id === selected)
  useEffect(() => {
    const move = () => {
      if (ring.current === null || item === undefined) return
      const { k, x, y } = view()
      ring.current.style.transform = `translate(${item.x * k + x - 3}px, ${item.y * k + y - 3}px)`
      ring.current.style.width = `${NODE_WIDTH * k + 6}px`
      ring.current.style.height = `${NODE_HEIGHT * k + 6}px`
    }
    move()
    return subscribe(move)
  }, [item, view, subscribe])
  if (item === undefined) return null
  return <div ref={ring} aria-hidden="true" className="pointer-events-none absolute top-0 left-0 rounded-2 border-2 border-focus" />
}
