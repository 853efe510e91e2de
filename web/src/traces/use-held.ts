'use client'
import type { TraceSummary } from '@skein/schemas/api/traces'
import { useEffect, useRef, useState } from 'react'
import { newCount } from './list-state.ts'

/** Rows that stand still while they are read: new ones wait and are counted, and come in when let in or when nobody reads. */
export function useHeld(rows: readonly TraceSummary[], reading: boolean): { rows: readonly TraceSummary[]; waiting: number; letIn: () => void } {
  const [held, setHeld] = useState(rows)
  const newest = useRef(rows)
  useEffect(() => {
    newest.current = rows
    if (!reading) setHeld(rows)
  }, [rows, reading])
  return { rows: reading ? held : rows, waiting: reading ? newCount(held, rows) : 0, letIn: () => setHeld(newest.current) }
}
