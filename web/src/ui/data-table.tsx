'use client'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useTranslations } from 'next-intl'
import { useRef, useState } from 'react'
import type { KeyboardEvent, RefObject } from 'react'
import { Button } from './button.tsx'
import { download, toCsv } from './csv.ts'
import { Icon } from './icon.tsx'
import type { TableColumn, TableSort } from './table-column.ts'
import { useSortedRows } from './use-sorted-rows.ts'
import { ViewLink } from './view-link.tsx'

const VIRTUAL_OVER = 200
const ROW_PX = 28

export interface DataTableProps<Row extends object> {
  label: string
  rows: readonly Row[]
  /** Keep the list stable between renders (`useMemo`). */
  columns: readonly TableColumn<Row>[]
  rowId: (row: Row) => string
  initialSort?: TableSort
  /** Enter or a click on a row. The first cell should hold a link to the same place. */
  onOpen?: (row: Row) => void
  selectedId?: string | null
  className?: string
}

/** Sticky head, sortable columns, arrow keys between rows, virtual over 200 rows. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rowId, className = '' } = props
  const { rows, sort, toggleSort } = useSortedRows(props.rows, columns, props.initialSort ?? null)
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState(0)
  const { first, last, scrollTo } = useVisibleRows(rows.length, scroller)
  const focusRow = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index))
    setActive(next)
    scrollTo(next)
    const rowElement = () => scroller.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)
    const drawn = rowElement()
    // A row far out of sight of a long table is drawn only after the scroll.
    if (drawn) drawn.focus()
    else requestAnimationFrame(() => rowElement()?.focus())
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const index = rowIndexOf(event.target)
    if (index === null) return
    const target = targetRow(event.key, index, rows.length)
    const row = rows[index]
    if (target !== null) focusRow(target)
    else if (event.key === 'Enter' && row !== undefined) props.onOpen?.(row)
    else return
    event.preventDefault()
  }
  return (
    <div ref={scroller} className={`min-h-0 overflow-auto ${className}`} tabIndex={-1} onKeyDown={onKeyDown}>
      <table className="data-table" data-marked={columns[0]?.mark} aria-label={label} aria-rowcount={rows.length + 1}>
        <TableHead columns={columns} sort={sort} onSort={toggleSort} />
        <tbody>
          {first > 0 && <Spacer height={first * ROW_PX} />}
          {rows.slice(first, last + 1).map((row, offset) => (
            <TableRow
              key={rowId(row)}
              row={row}
              index={first + offset}
              columns={columns}
              focusable={first + offset === Math.min(active, rows.length - 1)}
              selected={props.selectedId === rowId(row)}
              onOpen={props.onOpen}
            />
          ))}
          {last < rows.length - 1 && <Spacer height={(rows.length - 1 - last) * ROW_PX} />}
        </tbody>
      </table>
    </div>
  )
}

/** Which rows are drawn: all of a short table, those in sight of a long one. */
function useVisibleRows(count: number, scroller: RefObject<HTMLDivElement | null>) {
  const virtual = count > VIRTUAL_OVER
  const virtualizer = useVirtualizer({ count: virtual ? count : 0, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 20 })
  const items = virtualizer.getVirtualItems()
  return {
    first: virtual ? (items[0]?.index ?? 0) : 0,
    last: virtual ? (items.at(-1)?.index ?? -1) : count - 1,
    scrollTo: (index: number) => {
      if (virtual) virtualizer.scrollToIndex(index)
    },
  }
}

function rowIndexOf(target: EventTarget): number | null {
  const index = target instanceof HTMLElement ? target.dataset['row'] : undefined
  return index === undefined ? null : Number(index)
}

function targetRow(key: string, index: number, count: number): number | null {
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + 20,
    PageUp: index - 20,
    Home: 0,
    End: count - 1,
  }
  return moves[key] ?? null
}

function Spacer({ height }: { height: number }) {
  return (
    <tr aria-hidden="true">
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  )
}

function columnClass<Row>({ numeric = false, secondary = false, className = '' }: TableColumn<Row>): string {
  return `${numeric ? 'num' : ''} ${secondary ? 'hidden wide:table-cell' : ''} ${className}`
}

interface TableHeadProps<Row> {
  columns: readonly TableColumn<Row>[]
  sort: TableSort | null
  onSort: (column: TableColumn<Row>) => void
}

function TableHead<Row>({ columns, sort, onSort }: TableHeadProps<Row>) {
  return (
    <thead>
      <tr>
        {columns.map((column) => {
          const sorted = sort?.id === column.id ? sort : null
          return (
            <th key={column.id} scope="col" className={columnClass(column)} aria-sort={ariaSort(sorted)}>
              {column.value === undefined ? <HeaderText column={column} /> : <SortButton column={column} sorted={sorted} onSort={onSort} />}
            </th>
          )
        })}
      </tr>
    </thead>
  )
}

function ariaSort(sorted: TableSort | null): 'ascending' | 'descending' | undefined {
  if (sorted === null) return undefined
  return sorted.desc ? 'descending' : 'ascending'
}

function HeaderText<Row>({ column }: { column: TableColumn<Row> }) {
  return <span className={column.mark === true ? 'sr-only' : ''}>{column.header}</span>
}

function SortButton<Row>({ column, sorted, onSort }: { column: TableColumn<Row>; sorted: TableSort | null; onSort: (column: TableColumn<Row>) => void }) {
  const t = useTranslations('table')
  const idle = column.mark === true ? '·' : ''
  return (
    <button
      type="button"
      title={t('sortBy', { column: column.header })}
      onClick={() => onSort(column)}
      className={`font-medium hover:text-t1 ${sorted === null ? '' : 'text-t1'}`}
    >
      <HeaderText column={column} />
      <span aria-hidden="true">{sorted === null ? idle : sorted.desc ? ' ↓' : ' ↑'}</span>
    </button>
  )
}

interface TableRowProps<Row> {
  row: Row
  index: number
  columns: readonly TableColumn<Row>[]
  focusable: boolean
  selected: boolean
  onOpen: ((row: Row) => void) | undefined
}

function TableRow<Row>({ row, index, columns, focusable, selected, onOpen }: TableRowProps<Row>) {
  return (
    <tr
      data-row={index}
      aria-rowindex={index + 2}
      tabIndex={focusable ? 0 : -1}
      aria-selected={selected || undefined}
      onClick={(event) => {
        if (event.target instanceof Element && event.target.closest('a, button') === null) onOpen?.(row)
      }}
      className={onOpen === undefined ? '' : 'cursor-pointer'}
    >
      {columns.map((column) => (
        <td key={column.id} className={columnClass(column)}>
          <Cell row={row} column={column} />
        </td>
      ))}
    </tr>
  )
}

function Cell<Row>({ row, column }: { row: Row; column: TableColumn<Row> }) {
  const evidence = column.evidence?.(row) ?? null
  // a dash is no number that something could be behind
  if (evidence === null || column.value?.(row) === null) return column.cell(row)
  return (
    <ViewLink {...evidence} className="inline-flex min-h-6 min-w-6 items-center justify-end text-inherit">
      {column.cell(row)}
    </ViewLink>
  )
}

/** Everything the table holds, in its present columns, as a file. */
export function CsvButton<Row>({ name, rows, columns }: { name: string; rows: readonly Row[]; columns: readonly TableColumn<Row>[] }) {
  const t = useTranslations('action')
  const exported = columns.filter((column) => column.value !== undefined)
  const save = () =>
    download(
      `${name}.csv`,
      toCsv(
        exported.map((column) => column.header),
        rows.map((row) => exported.map((column) => column.value?.(row) ?? null)),
      ),
    )
  return (
    <Button small onClick={save} aria-label={t('exportCsv')} title={t('exportCsv')}>
      <Icon name="download" size={12} />
      <span aria-hidden="true">CSV</span>
    </Button>
  )
}
