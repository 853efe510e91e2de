'use client'
import { useTranslations } from 'next-intl'
import { type PointerEvent, type RefObject, useContext, useEffect, useRef } from 'react'
import { useFormat } from '../format/use-format.ts'
import { LineMarksContext } from './line-marks.ts'
import { paintRows, type RowsPainting } from './paint-rows.ts'
import { readRowsPalette } from './rows-palette.ts'
import { MAX_INDENT, ROW_PX } from './row-size.ts'
import { barLabel, rowLabel } from './row-text.ts'
import { hasChildren } from './visible-rows.ts'
import { rowId } from './waterfall-row.tsx'
import type { RowsProps } from './rows-props.ts'

/** Rows by the ten thousand: painted, once a frame at most. The selected row is an element with all its words, and its outline the focus ring. */
export function CanvasRows(props: RowsProps & { place: number }) {
  const { model, rows, visible, window, collapsed, selected, place, found, lit, scroller, onSelect, onToggle, onLight } = props
  const t = useTranslations('trace')
  const format = useFormat()
  const marks = useContext(LineMarksContext)
  const canvas = useRef<HTMLCanvasElement>(null)
  usePaintedRows(canvas, scroller, (size) => ({
    ...size,
    model,
    rows,
    visible,
    window,
    collapsed,
    selected,
    found,
    lit,
    marks,
    label: (row) => barLabel(row, t, format),
    words: { missing: t('missing'), cycle: t('cycle') },
  }))
  const at = (event: PointerEvent | React.MouseEvent): { index: number; onCaret: boolean } | null => {
    const box = scroller.current?.getBoundingClientRect()
    if (box === undefined || scroller.current === null) return null
    const index = visible[Math.floor((event.clientY - box.top + scroller.current.scrollTop) / ROW_PX)]
    const row = index === undefined ? undefined : rows[index]
    if (index === undefined || row === undefined) return null
    const indentPx = Number.parseFloat(getComputedStyle(scroller.current).getPropertyValue('--indent'))
    const caret = event.clientX - box.left - 6 - Math.min(row.depth, MAX_INDENT) * indentPx - (row.depth > MAX_INDENT ? 16 : 0)
    return { index, onCaret: hasChildren(row, index) && caret >= 0 && caret < 18 }
  }
  return (
    <div
      className="relative cursor-pointer"
      style={{ height: visible.length * ROW_PX }}
      onClick={(event) => {
        const hit = at(event)
        if (hit === null) return
        if (hit.onCaret) onToggle(hit.index)
        else onSelect(hit.index)
      }}
      onPointerMove={(event) => {
        const hit = at(event)
        onLight(hit === null ? '' : (rows[hit.index]?.key ?? ''))
      }}
    >
      <canvas ref={canvas} aria-hidden="true" className="sticky top-0 block w-full" />
      <ActiveRow {...props} index={place < 0 ? (visible[0] ?? 0) : selected} place={Math.max(0, place)} ring={place >= 0} label={{ t, format }} />
    </div>
  )
}

type ActiveRowProps = RowsProps & { index: number; place: number; ring: boolean; label: Parameters<typeof rowLabel>[2] }

/** The row that readers of the grid are at, in words. */
function ActiveRow({ model, rows, collapsed, index, place, ring, label }: ActiveRowProps) {
  const row = rows[index]
  if (row === undefined) return null
  return (
    <div role="rowgroup">
      <div
        id={rowId(index)}
        role="row"
        aria-level={row.depth + 1}
        aria-rowindex={place + 1}
        aria-selected={ring}
        {...(hasChildren(row, index) ? { 'aria-expanded': !collapsed.has(row.key) } : {})}
        className={`pointer-events-none absolute inset-x-0 top-0 ${ring ? 'outline-2 outline-offset-[-2px] outline-focus' : ''}`}
        style={{ height: ROW_PX, transform: `translateY(${place * ROW_PX}px)` }}
      >
        <div role="gridcell" className="sr-only">
          {rowLabel(row, model.path.rows.get(row.key) ?? null, label)}
        </div>
      </div>
    </div>
  )
}

type Measures = Pick<RowsPainting, 'size' | 'scrollTop' | 'nameWidth' | 'indent'>

/** Paints on scroll, size, theme and whatever the page changes; never twice in a frame. */
function usePaintedRows(
  canvas: RefObject<HTMLCanvasElement | null>,
  scroller: RowsProps['scroller'],
  paintingOf: (measures: Measures) => Omit<RowsPainting, 'context' | 'palette' | 'ratio'>,
): void {
  const latest = useRef(paintingOf)
  const request = useRef<(() => void) | null>(null)
  useEffect(() => {
    latest.current = paintingOf
    request.current?.()
  })
  useEffect(() => {
    const element = canvas.current
    const port = scroller.current
    const context = element?.getContext('2d', { alpha: false })
    if (element === null || port === null || context === null || context === undefined) return undefined
    let frame = 0
    let palette = readRowsPalette(getComputedStyle(element))
    const paint = () => {
      frame = 0
      const ratio = globalThis.window.devicePixelRatio
      const size = { width: port.clientWidth, height: port.clientHeight }
      if (element.width !== Math.round(size.width * ratio) || element.height !== Math.round(size.height * ratio)) {
        element.width = Math.round(size.width * ratio)
        element.height = Math.round(size.height * ratio)
        element.style.height = `${size.height}px`
      }
      const style = getComputedStyle(port)
      const px = (name: string): number => Number.parseFloat(style.getPropertyValue(name))
      paintRows({ ...latest.current({ size, scrollTop: port.scrollTop, nameWidth: px('--name-w'), indent: px('--indent') }), context, palette, ratio })
    }
    const ask = () => {
      if (frame === 0) frame = requestAnimationFrame(paint)
    }
    const repaint = () => {
      palette = readRowsPalette(getComputedStyle(element))
      ask()
    }
    paint()
    request.current = ask
    port.addEventListener('scroll', ask, { passive: true })
    const resized = new ResizeObserver(ask)
    resized.observe(port)
    const theme = new MutationObserver(repaint)
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    return () => {
      request.current = null
      cancelAnimationFrame(frame)
      port.removeEventListener('scroll', ask)
      resized.disconnect()
      theme.disconnect()
    }
  }, [canvas, scroller])
}
