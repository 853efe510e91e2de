'use client'
import { createSortedRowModel, rowSortingFeature, tableFeatures, useTable } from '@tanstack/react-table'
import type { ColumnDef } from '@tanstack/react-table'
import { useMemo, useState } from 'react'
import { compareValues } from './table-column.ts'
import type { TableColumn, TableSort } from './table-column.ts'

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() })
type Features = typeof features

export interface SortedRows<Row> {
  rows: readonly Row[]
  sort: TableSort | null
  /** Sorts by this column; a second time turns the order around. */
  toggleSort: (column: TableColumn<Row>) => void
}

export function useSortedRows<Row extends object>(data: readonly Row[], columns: readonly TableColumn<Row>[], initial: TableSort | null): SortedRows<Row> {
  const [sort, setSort] = useState<TableSort | null>(initial)
  const definitions = useMemo(() => columns.map((column) => definitionOf(column, sort?.desc ?? false)), [columns, sort?.desc])
  const sorting = useMemo(() => (sort === null ? [] : [sort]), [sort])
  const table = useTable<Features, Row>({ features, columns: definitions, data, state: { sorting } })
  const toggleSort = (column: TableColumn<Row>) =>
    setSort(sort?.id === column.id ? { id: column.id, desc: !sort.desc } : { id: column.id, desc: column.numeric ?? false })
  return { rows: table.getRowModel().rows.map((row) => row.original), sort, toggleSort }
}

/** The table turns a comparison around when descending; ours already knows the direction because null stays last. */
function definitionOf<Row extends object>(column: TableColumn<Row>, desc: boolean): ColumnDef<Features, Row> {
  const { value } = column
  return {
    id: column.id,
    accessorFn: (row: Row) => value?.(row) ?? null,
    sortFn: (a, b) => (desc ? -1 : 1) * compareValues(value?.(a.original) ?? null, value?.(b.original) ?? null, desc),
  }
}
