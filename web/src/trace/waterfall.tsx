'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef } from 'react'
import { CanvasRows } from './canvas-rows.tsx'
import { ROW_PX } from './row-size.ts'
import type { RowsProps, WaterfallProps } from './rows-props.ts'
import { hasChildren, moveInTree, visibleRows } from './visible-rows.ts'
import { rowId, WaterfallRow } from './waterfall-row.tsx'

/** Rows drawn beyond the screen, either way: a short trace is all there for a search of the browser. */
const OVERSCAN = 30

/** More visible rows than this are painted. */
const PAINTED_OVER = 2000

/** A tree grid of which only the rows on screen exist; arrows move and fold, the focus stays on the grid. */
export function Waterfall(props: WaterfallProps) {
  const { rows, collapsed, selected, onLight, onMove, onOpen } = props
  const t = useTranslations('trace')
  const scroller = useRef<HTMLDivElement>(null)
  const visible = useMemo(() => visibleRows(rows, collapsed), [rows, collapsed])
  const { virtualizer, place } = useRowsOnScreen(scroller, visible, selected)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Enter' && onOpen !== undefined) onOpen()
    else {
      const next = moveInTree(rows, visible, { row: selected, collapsed }, event.key)
      if (next === null) return
      onMove(next)
    }
    event.preventDefault()
  }
  const drawn: RowsProps = {
    ...props,
    scroller,
    visible,
    virtualizer,
    onSelect: (index) => onMove({ row: index, collapsed }),
    onToggle: (index) => onMove({ row: index, collapsed: toggled(collapsed, rows[index]?.key ?? '') }),
  }
  const painted = visible.length > PAINTED_OVER
  return (
    <div
      ref={scroller}
      role="treegrid"
      aria-label={t('waterfall')}
      aria-rowcount={visible.length}
      aria-colcount={2}
      tabIndex={0}
      {...(place >= 0 ? { 'aria-activedescendant': rowId(selected) } : {})}
      data-painted={painted}
      onKeyDown={onKeyDown}
      onPointerLeave={() => onLight('')}
      className="relative min-h-0 flex-1 overflow-auto outline-offset-[-2px]"
    >
      {painted ? <CanvasRows {...drawn} place={place} /> : <ElementRows {...drawn} />}
    </div>
  )
}

function ElementRows({ model, rows, visible, virtualizer, window, collapsed, selected, found, lit, onLight, onSelect, onToggle }: RowsProps) {
  return (
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
            faded={found !== null && !found.has(row.key)}
            onSelect={() => onSelect(index)}
            onLight={() => onLight(row.key)}
            onToggle={() => onToggle(index)}
          />
        )
      })}
    </div>
  )
}

/** Virtual rows that follow the selected one; `place` is where that stands among the visible, −1 for nowhere. */
function useRowsOnScreen(scroller: RefObject<HTMLDivElement | null>, visible: readonly number[], selected: number) {
  // painted rows are drawn by their own measure, so that scrolling renders nothing
  const painted = visible.length > PAINTED_OVER
  const virtualizer = useVirtualizer({
    count: visible.length,
    enabled: !painted,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
  })
  const place = useMemo(() => visible.indexOf(selected), [visible, selected])
  useEffect(() => {
    if (place < 0) return
    if (painted) scrollToPlace(scroller.current, place)
    else virtualizer.scrollToIndex(place, { align: 'auto' })
  }, [place, painted, scroller, virtualizer])
  return { virtualizer, place }
}

function scrollToPlace(scroller: HTMLElement | null, place: number): void {
  if (scroller === null) return
  const top = place * ROW_PX
  if (top < scroller.scrollTop) scroller.scrollTop = top
  else if (top + ROW_PX > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + ROW_PX - scroller.clientHeight
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys)
  if (!next.delete(key)) next.add(key)
  return next
}
