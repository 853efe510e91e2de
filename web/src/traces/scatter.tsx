'use client'
import type { TraceSummary } from '@skein/schemas/api/traces'
import type { WindowAnswer } from '@skein/schemas/api/window'
import { useTranslations } from 'next-intl'
import { type PointerEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { useFormat } from '../format/use-format.ts'
import { type Dot, nearestDot, type ScatterScale, scatterScale } from './scatter-scale.ts'

const HEIGHT_PX = 150

export interface ScatterProps {
  traces: readonly TraceSummary[]
  window: WindowAnswer
  onOpen: (traceId: string) => void
}

/** Time against duration: what stands out is a click away. The list below is the same in words. */
export function Scatter({ traces, window, onOpen }: ScatterProps) {
  const t = useTranslations('traces')
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const width = useWidth(box)
  const format = useFormat()
  const [hovered, setHovered] = useState<Dot | null>(null)
  const scale = useMemo(
    () =>
      scatterScale({
        traces,
        window: { startMs: Date.parse(window.start), endMs: Date.parse(window.end) },
        frame: { width, height: HEIGHT_PX, left: 62, right: 14, top: 8, bottom: 22 },
      }),
    [traces, window, width],
  )
  usePainter(canvas, { scale, hovered, width, formatMs: (ms) => format.text(format.duration(ms)), formatTime: (timeMs) => format.clock(timeMs) })
  const dotOf = (event: PointerEvent): Dot | null => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    return nearestDot(scale.dots, { x: event.clientX - left, y: event.clientY - top })
  }
  const shown = hovered === null ? undefined : traces.find((trace) => trace.traceId === hovered.traceId)
  return (
    <div ref={box} className="relative pb-1">
      <canvas
        ref={canvas}
        role="img"
        aria-label={t('scatterLabel', { count: traces.length })}
        className={`block h-[150px] w-full ${hovered === null ? '' : 'cursor-pointer'}`}
        onPointerMove={(event) => setHovered(dotOf(event))}
        onPointerLeave={() => setHovered(null)}
        onClick={(event) => {
          const dot = dotOf(event as unknown as PointerEvent)
          if (dot !== null) onOpen(dot.traceId)
        }}
      />
      {hovered !== null && shown !== undefined && (
        <div
          aria-hidden="true"
          className={`pointer-events-none absolute z-[var(--z-pop)] rounded-2 border border-line-strong bg-raised px-2.5 py-1.5 whitespace-nowrap shadow-[var(--shadow-2)] ${hovered.x > width / 2 ? '-translate-x-full' : ''}`}
          style={{ left: hovered.x + (hovered.x > width / 2 ? -12 : 12), top: Math.min(hovered.y, HEIGHT_PX - 50) }}
        >
          <b className="font-semibold">{shown.entry === null ? t('noRoot') : `${shown.entry.service} ${shown.entry.operation}`}</b>
          <p className="text-t2">
            {format.text(format.duration(hovered.durationMs))} · {format.dateTime(hovered.startMs)} · {t('spanCount', { count: shown.spanCount })}
          </p>
        </div>
      )}
    </div>
  )
}

function useWidth(box: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (box.current === null) return undefined
    const observer = new ResizeObserver(([entry]) => setWidth(entry?.contentRect.width ?? 0))
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box])
  return width
}

interface Painting {
  scale: ScatterScale
  hovered: Dot | null
  width: number
  formatMs: (ms: number) => string
  formatTime: (timeMs: number) => string
}

function usePainter(canvas: RefObject<HTMLCanvasElement | null>, painting: Painting): void {
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined || painting.width === 0) return undefined
    const draw = () => {
      const ratio = globalThis.window.devicePixelRatio
      element.width = Math.round(painting.width * ratio)
      element.height = Math.round(HEIGHT_PX * ratio)
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      const style = getComputedStyle(element)
      paint(context, painting, (name) => style.getPropertyValue(name).trim())
    }
    draw()
    const theme = new MutationObserver(draw)
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    return () => theme.disconnect()
  })
}

function paint(context: CanvasRenderingContext2D, { scale, hovered, width, formatMs, formatTime }: Painting, token: (name: string) => string): void {
  context.font = `10.5px ${token('--font-sans')}`
  context.lineWidth = 1
  context.textAlign = 'right'
  for (const { ms, y } of scale.durations) {
    context.strokeStyle = token('--grid')
    context.beginPath()
    context.moveTo(62, Math.round(y) + 0.5)
    context.lineTo(width - 14, Math.round(y) + 0.5)
    context.stroke()
    context.fillStyle = token('--text-3')
    context.fillText(formatMs(ms), 56, y + 3.5)
  }
  context.textAlign = 'center'
  for (const { timeMs, x } of scale.times) if (x < width - 24) context.fillText(formatTime(timeMs), x, HEIGHT_PX - 6)
  for (const dot of scale.dots) paintDot(context, dot, token(dot.error ? '--bad' : '--cat-1'))
  if (hovered === null) return
  context.strokeStyle = token('--text-1')
  context.lineWidth = 1.5
  context.beginPath()
  context.arc(hovered.x, hovered.y, 7, 0, Math.PI * 2)
  context.stroke()
}

/** A disc, or the diamond that means bad everywhere. */
function paintDot(context: CanvasRenderingContext2D, { x, y, error }: Dot, color: string): void {
  context.fillStyle = color
  context.globalAlpha = error ? 1 : 0.55
  context.beginPath()
  if (error) {
    context.moveTo(x, y - 5)
    context.lineTo(x + 5, y)
    context.lineTo(x, y + 5)
    context.lineTo(x - 5, y)
  } else context.arc(x, y, 3, 0, Math.PI * 2)
  context.fill()
  context.globalAlpha = 1
}
