'use client'
import type { TracePointsAnswer } from '@skein/schemas/api/traces'
import { useTranslations } from 'next-intl'
import { type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { useFormat } from '../format/use-format.ts'
import { useWidth } from '../ui/use-width.ts'
import { paintScatter, type ScatterPainting } from './paint-scatter.ts'
import { type Box, boxOf, nearestDot, type ScatterScale, scatterScale, selectionOf } from './scatter-scale.ts'
import type { Selection } from './url.ts'

const HEIGHT_PX = 170
/** A drag shorter than this is a click. */
const DRAG_PX = 5

export interface ScatterProps {
  points: TracePointsAnswer
  selection: Selection | null
  onOpen: (traceId: string, startMs: number) => void
  onSelect: (selection: Selection | null) => void
}

/** Time against duration: what stands out is a click away, a box holds some against the rest. The list below is the same in words. */
export function Scatter({ points, selection, onOpen, onSelect }: ScatterProps) {
  const t = useTranslations('traces')
  const format = useFormat()
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const width = useWidth(box)
  const [hovered, setHovered] = useState(-1)
  const [drag, setDrag] = useState<Box | null>(null)
  const scale = useMemo(() => scatterScale(points, { width, height: HEIGHT_PX, left: 62, right: 14, top: 8, bottom: 22 }), [points, width])
  usePainter(canvas, { scale, hovered, formatMs: (ms) => format.text(format.duration(ms)), formatTime: (timeMs) => format.clock(timeMs) })
  const at = (event: PointerEvent) => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
  const moved = (event: PointerEvent) => {
    const point = at(event)
    if (drag === null) setHovered(nearestDot(scale, point))
    else setDrag({ ...drag, right: point.x, bottom: point.y })
  }
  const released = (event: PointerEvent) => {
    if (drag !== null && isDrag(drag)) onSelect(selectionOf(scale, drag))
    else openAt(nearestDot(scale, at(event)))
    setDrag(null)
  }
  const openAt = (dot: number) => {
    const place = scale.of[dot]
    if (place !== undefined) onOpen(points.traceIds[place] ?? '', Date.parse(points.window.start) + (points.startMs[place] ?? 0))
  }
  const shown = drag !== null && isDrag(drag) ? drag : boxOf(scale, selection)
  return (
    <div ref={box} className="relative pb-1">
      <canvas
        ref={canvas}
        role="img"
        aria-label={t('scatterLabel', { count: points.traceIds.length })}
        className={`block h-[170px] w-full touch-none ${hovered < 0 ? 'cursor-crosshair' : 'cursor-pointer'}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          const { x, y } = at(event)
          setDrag({ left: x, right: x, top: y, bottom: y })
        }}
        onPointerMove={moved}
        onPointerUp={released}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => setHovered(-1)}
      />
      {shown !== null && <SelectionBox box={shown} />}
      {hovered >= 0 && drag === null && <DotText points={points} scale={scale} dot={hovered} />}
    </div>
  )
}

const isDrag = (box: Box): boolean => Math.abs(box.right - box.left) > DRAG_PX && Math.abs(box.bottom - box.top) > DRAG_PX

function SelectionBox({ box }: { box: Box }) {
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute rounded-1 border border-accent bg-accent-bg opacity-40"
      style={{
        left: Math.min(box.left, box.right),
        top: Math.min(box.top, box.bottom),
        width: Math.abs(box.right - box.left),
        height: Math.abs(box.bottom - box.top),
      }}
    />
  )
}

function DotText({ points, scale, dot }: { points: TracePointsAnswer; scale: ScatterScale; dot: number }) {
  const t = useTranslations('traces')
  const format = useFormat()
  const place = scale.of[dot] ?? 0
  const [x, y] = [scale.x[dot] ?? 0, scale.y[dot] ?? 0]
  const right = x > scale.frame.width / 2
  return (
    <div
      aria-hidden="true"
      className={`pointer-events-none absolute z-[var(--z-pop)] rounded-2 border border-line-strong bg-raised px-2.5 py-1.5 whitespace-nowrap shadow-[var(--shadow-2)] ${right ? '-translate-x-full' : ''}`}
      style={{ left: x + (right ? -12 : 12), top: Math.min(y, HEIGHT_PX - 50) }}
    >
      <b className="font-semibold">{format.text(format.duration(points.durationMs[place] ?? 0))}</b>
      <p className="text-t2">
        {format.dateTime(Date.parse(points.window.start) + (points.startMs[place] ?? 0))} · {t('errorCount', { count: points.errors[place] ?? 0 })}{' '}
        <span className="mono text-t3">{points.traceIds[place]?.slice(0, 8)}</span>
      </p>
    </div>
  )
}

function usePainter(canvas: RefObject<HTMLCanvasElement | null>, painting: ScatterPainting): void {
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    const { width } = painting.scale.frame
    if (element === null || context === null || context === undefined || width === 0) return undefined
    const draw = () => {
      const ratio = globalThis.window.devicePixelRatio
      element.width = Math.round(width * ratio)
      element.height = Math.round(HEIGHT_PX * ratio)
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      const style = getComputedStyle(element)
      paintScatter(context, painting, (name) => style.getPropertyValue(name).trim())
    }
    draw()
    const theme = new MutationObserver(draw)
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    return () => theme.disconnect()
  })
}
