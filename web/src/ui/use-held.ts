'use client'
import { useEffect, useRef, useState } from 'react'

export interface HeldRows<Row> {
  rows: readonly Row[]
  /** New ones that wait. */
  waiting: number
  letIn: () => void
}

/** Rows that stand still while they are read: new ones wait and are counted, and come in when let in or when nobody reads. */
export function useHeld<Row>(rows: readonly Row[], reading: boolean, idOf: (row: Row) => string): HeldRows<Row> {
  const [held, setHeld] = useState(rows)
  const newest = useRef(rows)
  useEffect(() => {
    newest.current = rows
    // nobody reads what is not there yet
    setHeld((before) => (reading && before.length > 0 ? before : rows))
  }, [rows, reading])
  const holds = reading && held.length > 0
  return { rows: holds ? held : rows, waiting: holds ? newCount(held, rows, idOf) : 0, letIn: () => setHeld(newest.current) }
}

/** How many of the new rows are not among the old. */
export function newCount<Row>(held: readonly Row[], rows: readonly Row[], idOf: (row: Row) => string): number {
  if (held === rows) return 0
  const known = new Set(held.map(idOf))
  return rows.filter((row) => !known.has(idOf(row))).length
}
