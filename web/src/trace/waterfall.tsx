'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef } from 'react'
import type { SpanRow } from './span-tree.ts'
import type { TimeWindow } from './time-scale.ts'
import type { TraceModel } from './trace-model.ts'
import { hasChildren, moveInTree, type Position, visibleRows } from './visible-rows.ts'
import { ROW_PX, rowId, WaterfallRow } from './waterfall-row.tsx'

export interface WaterfallProps {
  model: TraceModel
  /** Those of the model that are to be shown. */
  rows: readonly SpanRow[]
  window: TimeWindow
  collapsed: ReadonlySet<string>
  /** Index of the selected row, −1 for none. */
  selected: number
  /** Rows that were sought; null when nothing is. */
  found: ReadonlySet<number> | null
  /** Key of the row whose part of the path is pointed at, '' for none. */
  lit: string
  onLight: (key: string) => void
  onMove: (position: Position) => void
}

/** A tree grid of which only the rows on screen exist; arrows move and fold, the focus stays on the grid. */
export function Waterfall({ model, rows, window, collapsed, selected, found, lit, onLight, onMove }: WaterfallProps) {
  const t = useTranslations('trace')
  const scroller = useRef<HTMLDivElement>(null)
  const visible = useMemo(() => visibleRows(rows, collapsed), [rows, collapsed])
  const { virtualizer, place } = useRowsOnScreen(scroller, visible, selected)

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const next = moveInTree(rows, visible, { row: selected, collapsed }, event.key)
    if (next === null) return
    onMove(next)
    event.preventDefault()
  }
  const toggle = (index: number) => {
    onMove({ row: index, collapsed: toggled(collapsed, rows[index]?.key ?? '') })
  }
  return (
    <div
      ref={scroller}
      role="treegrid"
      aria-label={t('waterfall')}
      aria-rowcount={visible.length}
      aria-colcount={2}
      tabIndex={0}
      {...(place >= 0 ? { 'aria-activedescendant': rowId(selected) } : {})}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onLight('')}
      className="min-h-0 flex-1 overflow-auto outline-offset-[-2px]"
    >
      <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const index = visible[item.index] ?? 0
          const row = rows[index]
          if (row === undefined) return null
          return (
            <WaterfallRow
              key={row.key}
              row={row}
              index={index}
              place={item.index}
              top={item.start}
              color={model.colors.get(row.span?.service ?? '') ?? 'var(--unknown)'}
              window={window}
              foldable={hasChildren(row, index)}
              folded={collapsed.has(row.key)}
              selected={index === selected}
              path={model.path.rows.get(row.key) ?? null}
              lit={lit === row.key}
              faded={found !== null && !found.has(index)}
              onSelect={() => onMove({ row: index, collapsed })}
              onLight={() => onLight(row.key)}
              onToggle={() => toggle(index)}
            />
          )
        })}
      </div>
    </div>
  )
}

/** Virtual rows that follow the selected one; `place` is where that stands among the visible, −1 for nowhere. */
function useRowsOnScreen(scroller: RefObject<HTMLElement | null>, visible: readonly number[], selected: number) {
  const virtualizer = useVirtualizer({ count: visible.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 12 })
  const place = useMemo(() => visible.indexOf(selected), [visible, selected])
  useEffect(() => {
    if (place >= 0) virtualizer.scrollToIndex(place, { align: 'auto' })
  }, [place, virtualizer])
  return { virtualizer, place }
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys)
  if (!next.delete(key)) next.add(key)
  return next
}
