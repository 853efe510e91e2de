'use client'
import type { LogLine } from '@skein/schemas/api/logs'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useTranslations } from 'next-intl'
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Resources } from './line-fields.ts'
import { gridColumns, gridMinPx, LineRow } from './line-row.tsx'
import { forgetGone } from './row-sizes.ts'

const ROW_PX = 24
const PAGE_ROWS = 20

export interface LineListProps {
  label: string
  /** Another one begins at the top again. */
  question?: string
  lines: readonly LogLine[]
  resources: Resources
  /** Fields shown beside the body. */
  columns: readonly string[]
  wrap: boolean
  /** Shows the day beside the time. */
  days: boolean
  /** Id of the line whose details are open, '' for none. */
  openId: string
  onOpen: (id: string) => void
  detail: (line: LogLine) => ReactNode
  /** Where new lines come in; at the top unless told. */
  newAt?: 'top' | 'end'
  /** Keeps the last line in sight as more come. */
  follow?: boolean
  /** Told when a reader leaves the edge that new lines come in at, and when back there. */
  onReading?: (reading: boolean) => void
}

/** Lines in rows, drawn where they are in sight: ↑ ↓ or j k move, Enter opens one, Esc closes it. */
export function LineList(props: LineListProps) {
  const { label, question = '', lines, columns, wrap, openId, onOpen, newAt = 'top', follow = false } = props
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: 16,
  })
  useEffect(() => forgetGone(virtualizer.itemSizeCache, lines), [virtualizer, lines])
  useFollow(follow, `${lines.at(-1)?.id} ${virtualizer.getTotalSize()}`, scroller)
  useEffect(() => scroller.current?.scrollTo({ top: 0 }), [question])
  const onScroll = useReading(newAt, props.onReading)
  const toggle = (line: LogLine) => onOpen(line.id === openId ? '' : line.id)
  const keys = useLineKeys({ lines, openId, onOpen, toggle, scroller, scrollTo: (index) => virtualizer.scrollToIndex(index) })
  const grid = gridColumns(columns, props.days)
  return (
    <div
      ref={scroller}
      className="min-h-0 flex-1 overflow-auto"
      onKeyDown={keys.onKeyDown}
      onWheel={({ deltaY, currentTarget }) => newAt === 'end' && deltaY < 0 && currentTarget.scrollTop > 0 && props.onReading?.(true)}
      onScroll={({ currentTarget }) => onScroll(currentTarget)}
    >
      <div role="treegrid" aria-label={label} aria-rowcount={lines.length + 1} style={{ minWidth: wrap ? 0 : gridMinPx(columns) }}>
        <Head columns={columns} grid={grid} />
        <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start, key }) => {
            const line = lines[index]
            return line === undefined ? null : (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                role="rowgroup"
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${start}px)` }}
              >
                <Listed {...props} line={line} index={index} grid={grid} focusable={index === keys.active} onToggle={() => keys.press(index, line)} />
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

interface ListedProps extends LineListProps {
  line: LogLine
  index: number
  grid: string
  focusable: boolean
  onToggle: () => void
}

function Listed({ line, index, grid, focusable, onToggle, resources, columns, wrap, days, openId, detail }: ListedProps) {
  const open = line.id === openId
  return (
    <>
      <LineRow
        line={line}
        index={index}
        resource={resources[line.resource] ?? {}}
        columns={columns}
        grid={grid}
        wrap={wrap}
        days={days}
        open={open}
        focusable={focusable}
        onToggle={onToggle}
      />
      {open && <Detail>{detail(line)}</Detail>}
    </>
  )
}

interface KeyOptions extends Pick<LineListProps, 'lines' | 'openId' | 'onOpen'> {
  toggle: (line: LogLine) => void
  scroller: RefObject<HTMLElement | null>
  scrollTo: (index: number) => void
}

/** Which row can be reached with Tab, and what keys do on it. */
function useLineKeys({ lines, openId, onOpen, toggle, scroller, scrollTo }: KeyOptions) {
  const [active, setActive] = useState(0)
  const focusRow = (index: number) => {
    const next = Math.max(0, Math.min(lines.length - 1, index))
    setActive(next)
    scrollTo(next)
    const element = () => scroller.current?.querySelector<HTMLElement>(`[data-line="${next}"]`)
    const drawn = element()
    // A row far out of sight is drawn only after the scroll.
    if (drawn) drawn.focus()
    else requestAnimationFrame(() => element()?.focus())
  }
  const press = (index: number, line: LogLine) => {
    setActive(index)
    toggle(line)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const place = placeOf(event)
    if (place === null) return
    const target = MOVES[event.key]?.(place, lines.length)
    const line = lines[place]
    if (target !== undefined) focusRow(target)
    else if ((event.key === 'Enter' || event.key === ' ') && line !== undefined) toggle(line)
    else if (event.key === 'Escape' && openId !== '') onOpen('')
    else return
    event.preventDefault()
  }
  return { active: Math.min(active, lines.length - 1), press, onKeyDown }
}

/** Details are as wide as what is in sight, however long the lines are. */
function Detail({ children }: { children: ReactNode }) {
  return (
    <div role="row">
      <div role="gridcell" className="sticky left-0 w-full max-w-[100cqw]">
        {children}
      </div>
    </div>
  )
}

/** The row that a key was pressed on; null for a key of the browser, or one pressed inside of details. */
function placeOf({ target, metaKey, ctrlKey, altKey }: KeyboardEvent): number | null {
  const place = target instanceof HTMLElement ? target.dataset['line'] : undefined
  return place === undefined || metaKey || ctrlKey || altKey ? null : Number(place)
}

const MOVES: Readonly<Record<string, (index: number, count: number) => number>> = {
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  j: (index) => index + 1,
  k: (index) => index - 1,
  PageDown: (index) => index + PAGE_ROWS,
  PageUp: (index) => index - PAGE_ROWS,
  Home: () => 0,
  End: (_, count) => count - 1,
}

/** A reader is where nothing new comes in: below the top of a list; at its end, whoever went up from there until back. */
function useReading(newAt: 'top' | 'end', onReading: LineListProps['onReading']): (scroller: HTMLElement) => void {
  const lastTop = useRef(0)
  return ({ scrollTop, scrollHeight, clientHeight }) => {
    const wentUp = scrollTop < lastTop.current
    lastTop.current = scrollTop
    if (onReading === undefined) return
    const atEnd = scrollHeight - clientHeight - scrollTop <= 2 * ROW_PX
    if (newAt === 'top') onReading(scrollTop > ROW_PX)
    else if (atEnd || wentUp) onReading(!atEnd)
  }
}

/** Keeps the end in sight whenever it changes. */
function useFollow(follow: boolean, end: string, scroller: RefObject<HTMLElement | null>): void {
  // Before the picture, so that no scroll is seen in between.
  useLayoutEffect(() => {
    const { current } = scroller
    if (follow && current !== null) current.scrollTop = current.scrollHeight
  }, [follow, end, scroller])
}

function Head({ columns, grid }: { columns: readonly string[]; grid: string }) {
  const t = useTranslations('logs.column')
  return (
    <div role="rowgroup" className="sticky top-0 z-[var(--z-sticky)]">
      <div
        role="row"
        className="grid h-6 items-center gap-2 border-b border-line bg-surface pr-3 text-11 font-medium text-t3"
        style={{ gridTemplateColumns: grid }}
      >
        <span role="presentation" />
        {['time', 'severity', 'service'].map((name) => (
          <span key={name} role="columnheader">
            {t(name as 'time')}
          </span>
        ))}
        {columns.map((name) => (
          <span key={name} role="columnheader" className="mono truncate" title={name}>
            {name}
          </span>
        ))}
        <span role="columnheader">{t('body')}</span>
      </div>
    </div>
  )
}
