import type { ReactNode } from 'react'
import type { LinkParameters } from '../url/view-state.ts'

/** Where what is behind a number is shown. */
export interface Evidence {
  path: string
  parameters?: LinkParameters
  /** Id of the part of that page. */
  hash?: string
}

/** One column of a data table. */
export interface TableColumn<Row> {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** What the column sorts by and exports; without it the column does neither. Null sorts last both ways. */
  value?: (row: Row) => string | number | null
  /** What the number of a row is made of: its cell becomes a link. Null where there is nothing to show. */
  evidence?: (row: Row) => Evidence | null
  /** Right-aligned, and sorted from large to small first. */
  numeric?: boolean
  /** Leaves below 1180 px. */
  secondary?: boolean
  /** A narrow column of marks: its header is for readers of the table only. */
  mark?: boolean
  className?: string
}

export interface TableSort {
  id: string
  desc: boolean
}

/** Orders two values; null last whatever the direction. */
export function compareValues(a: string | number | null, b: string | number | null, desc: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true })
  return desc ? -order : order
}
