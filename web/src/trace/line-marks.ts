'use client'
import type { LogLine } from '@skein/schemas/api/logs'
import type { SeverityClass } from '@skein/schemas/severity'
import { createContext } from 'react'

/** A log line of a span. */
export interface LineMark {
  id: string
  /** After the start of the trace. */
  atNs: number
  severity: SeverityClass
}

/** More marks on one bar would be a hedge. */
const MOST_OF_SPAN = 20

/** Marks of the lines of a trace by the id of their span. */
export const LineMarksContext = createContext<ReadonlyMap<string, readonly LineMark[]>>(new Map())

export function marksBySpan(lines: readonly LogLine[], originUnixNano: bigint): ReadonlyMap<string, readonly LineMark[]> {
  const marks = new Map<string, LineMark[]>()
  for (const { id, spanId, timeUnixNano, severityClass } of lines) {
    if (spanId === null) continue
    const own = marks.get(spanId) ?? []
    if (own.length < MOST_OF_SPAN) own.push({ id, atNs: Number(BigInt(timeUnixNano) - originUnixNano), severity: severityClass })
    marks.set(spanId, own)
  }
  return marks
}
