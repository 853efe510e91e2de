'use client'
import { useTranslations } from 'next-intl'
import { type PointerEvent, useEffect, useRef, useState } from 'react'
import type { TimeWindow } from './time-scale.ts'
import type { TraceModel } from './trace-model.ts'

const HEIGHT_PX = 44
/** A drag shorter than this is a click. */
const LEAST = 0.004

export interface MinimapProps {
  model: TraceModel
  window: TimeWindow
  /** Shares of the trace, 0 … 1. */
  onZoom: (from: number, to: number) => void
}

/** The whole trace in 44 px; a drag chooses the part of time the waterfall shows, a double click all of it. */
export function Minimap({ model, window, onZoom }: MinimapProps) {
  const t = useTranslations('trace')
  const canvas = useRef<HTMLCanvasElement>(null)
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null)
  useMinimapPainter(canvas, model)
  const shareOf = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect()
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
  }
  const length = Math.max(1, model.durationNs)
  const shown = drag ?? { from: window.fromNs / length, to: window.toNs / length }
  const [left, right] = [Math.min(shown.from, shown.to), Math.max(shown.from, shown.to)]
  return (
    <div className="hidden h-11 flex-none border-b border-line pr-3 pl-[calc(var(--name-w)+12px)] phone:block">
      <div
        className="relative h-full cursor-crosshair touch-none"
        title={t('minimapHint')}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrag({ from: shareOf(event), to: shareOf(event) })
        }}
        onPointerMove={(event) => {
          if (drag !== null) setDrag({ ...drag, to: shareOf(event) })
        }}
        onPointerUp={() => {
          if (drag !== null && right - left > LEAST) onZoom(left, right)
          setDrag(null)
        }}
        onPointerCancel={() => setDrag(null)}
        onDoubleClick={() => onZoom(0, 1)}
      >
        <canvas ref={canvas} role="img" aria-label={t('minimap')} className="block h-full w-full" />
        <div
          className="pointer-events-none absolute inset-y-0 rounded-1 border border-accent"
          style={{ left: `${left * 100}%`, width: `${(right - left) * 100}%` }}
        />
        <div className="pointer-events-none absolute inset-y-0 left-0 bg-canvas opacity-60" style={{ width: `${left * 100}%` }} />
        <div className="pointer-events-none absolute inset-y-0 right-0 bg-canvas opacity-60" style={{ width: `${(1 - right) * 100}%` }} />
      </div>
    </div>
  )
}

/** One thin line a row, or a sample of rows when there are more rows than pixels. */
function useMinimapPainter(canvas: React.RefObject<HTMLCanvasElement | null>, model: TraceModel): void {
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (element === null || context === null || context === undefined) return undefined
    const paint = () => {
      const width = element.clientWidth
      const ratio = globalThis.window.devicePixelRatio
      element.width = width * ratio
      element.height = HEIGHT_PX * ratio
      context.scale(ratio, ratio)
      const style = getComputedStyle(element)
      const colors = new Map([...model.colors].map(([service, color]) => [service, style.getPropertyValue(color.slice(4, -1)).trim()]))
      const pitch = Math.min(3, (HEIGHT_PX - 6) / Math.max(1, model.rows.length))
      const step = Math.max(1, Math.floor(model.rows.length / 4000))
      for (let index = 0; index < model.rows.length; index += step) {
        const row = model.rows[index]
        if (row?.span === null || row === undefined) continue
        context.fillStyle = colors.get(row.span.service) ?? ''
        const scale = width / Math.max(1, model.durationNs)
        context.fillRect(row.startNs * scale, 3 + index * pitch, Math.max(1.5, row.durationNs * scale), Math.max(1, pitch * 0.7))
      }
    }
    paint()
    const observer = new ResizeObserver(paint)
    observer.observe(element)
    const theme = new MutationObserver(paint)
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    return () => {
      observer.disconnect()
      theme.disconnect()
    }
  }, [canvas, model])
}
