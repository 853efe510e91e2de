'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react'
import type { TimeWindow } from './time-scale.ts'
import type { TraceModel } from './trace-model.ts'
import { hasChildren, moveInTree, type Position, visibleRows } from './visible-rows.ts'
import { ROW_PX, rowId, WaterfallRow } from './waterfall-row.tsx'

export interface WaterfallProps {
  model: TraceModel
  window: TimeWindow
  collapsed: ReadonlySet<string>
  /** Index of the selected row, −1 for none. */
  selected: number
  /** Rows that were sought; null when nothing is. */
  found: ReadonlySet<number> | null
  onMove: (position: Position) => void
}

/** A tree grid of which only the rows on screen exist; arrows move and fold, the focus stays on the grid. */
export function Waterfall({ model, window, collapsed, selected, found, onMove }: WaterfallProps) {
  const t = useTranslations('trace')
  const scroller = useRef<HTMLDivElement>(null)
  const visible = useMemo(() => visibleRows(model.rows, collapsed), [model.rows, collapsed])
  const virtualizer = useVirtualizer({ count: visible.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 12 })
  const place = useMemo(() => visible.indexOf(selected), [visible, selected])
  useEffect(() => {
    if (place >= 0) virtualizer.scrollToIndex(place, { align: 'auto' })
  }, [place, virtualizer])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const next = moveInTree(model.rows, visible, { row: selected, collapsed }, event.key)
    if (next === null) return
    onMove(next)
    event.preventDefault()
  }
  const toggle = (index: number) => {
    onMove({ row: index, collapsed: toggled(collapsed, model.rows[index]?.key ?? '') })
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
      className="min-h-0 flex-1 overflow-auto outline-offset-[-2px]"
    >
      <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const index = visible[item.index] ?? 0
          const row = model.rows[index]
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
              faded={found !== null && !found.has(index)}
              onSelect={() => onMove({ row: index, collapsed })}
              onToggle={() => toggle(index)}
            />
          )
        })}
      </div>
    </div>
  )
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys)
  if (!next.delete(key)) next.add(key)
  return next
}
