import type { TraceAnswer } from '@skein/schemas/api/traces'
import { keptRows } from './kept-rows.ts'
import type { SpanRow } from './span-row.ts'

/** A stretch of the critical path. Times are ns after the start of the trace. */
export interface PathSection {
  key: string
  startNs: number
  endNs: number
}

/** What of the path one row holds. */
export interface RowPath {
  /** Ns the trace waited for the span itself; 0 where the path only passes through to a child. */
  ownNs: number
  sections: readonly PathSection[]
}

export interface TracePath {
  /** In the order of time, without a gap. */
  sections: readonly PathSection[]
  durationNs: number
  /** Every row on the path by its key: those with a section, and all above them. */
  rows: ReadonlyMap<string, RowPath>
  /** Share of the path by service, 0 … 1. */
  shares: ReadonlyMap<string, number>
  /** Key of the root it explains, '' when there is no path. */
  root: string
}

export function buildTracePath(rows: readonly SpanRow[], originUnixNano: bigint, answer: TraceAnswer['criticalPath']): TracePath {
  const keys = new Set(rows.map((row) => row.key))
  const sections = answer
    .filter(({ spanId }) => keys.has(spanId))
    .map(({ spanId, startUnixNano, endUnixNano }) => ({
      key: spanId,
      startNs: Number(BigInt(startUnixNano) - originUnixNano),
      endNs: Number(BigInt(endUnixNano) - originUnixNano),
    }))
  return buildPath(rows, sections)
}

/** The path of sections whose keys are all among the rows. */
export function buildPath(rows: readonly SpanRow[], sections: readonly PathSection[]): TracePath {
  const indexOf = new Map(rows.map((row, index) => [row.key, index]))
  const onPath = new Map<string, { ownNs: number; sections: PathSection[] }>()
  const byService = new Map<string, number>()
  let durationNs = 0
  let root = ''
  for (const section of sections) {
    const length = section.endNs - section.startNs
    const index = indexOf.get(section.key) ?? -1
    root = enter(rows, onPath, index) ?? root
    const row = onPath.get(section.key)
    if (row !== undefined) {
      row.ownNs += length
      row.sections.push(section)
    }
    const service = rows[index]?.span?.service ?? ''
    byService.set(service, (byService.get(service) ?? 0) + length)
    durationNs += length
  }
  const shares = new Map([...byService].map(([service, ns]) => [service, ns / durationNs]))
  return { sections, durationNs, rows: onPath, shares, root }
}

/** Puts a row and all above it on the path, up to what is there already; answers the root when it came that far. */
function enter(rows: readonly SpanRow[], onPath: Map<string, { ownNs: number; sections: PathSection[] }>, index: number): string | null {
  for (let at = index; at >= 0; at = rows[at]?.parent ?? -1) {
    const row = rows[at]
    if (row === undefined || onPath.has(row.key)) return null
    onPath.set(row.key, { ownNs: 0, sections: [] })
    const above = rows[row.parent]
    // a missing parent is no span, so the path begins below it
    if (above === undefined || above.span === null) {
      if (above !== undefined) onPath.set(above.key, { ownNs: 0, sections: [] })
      return row.key
    }
  }
  return null
}

/** The rows on the path as a tree of their own; all rows when there is no path. */
export function pathOnly(rows: readonly SpanRow[], path: TracePath): readonly SpanRow[] {
  return path.rows.size === 0 ? rows : keptRows(rows, (row) => path.rows.has(row.key))
}

/** Keys of the rows off the path whose parents are on it: folded, only the path stands open. */
export function offPath(rows: readonly SpanRow[], path: TracePath): Set<string> {
  return new Set(rows.filter((row, index) => row.end > index + 1 && !path.rows.has(row.key)).map((row) => row.key))
}

/** Index of the next row on the path after (1) or before (−1) a row, around the ends; −1 when none is on it. A row of −1 stands before the first. */
export function nextOnPath(rows: readonly SpanRow[], path: TracePath, from: number, step: 1 | -1): number {
  const start = from < 0 && step < 0 ? rows.length : from
  for (let n = 1; n <= rows.length; n++) {
    const index = (start + n * step + rows.length * 2) % rows.length
    const row = rows[index]
    if (row !== undefined && row.span !== null && path.rows.has(row.key)) return index
  }
  return -1
}

/** What the path bar draws: a section, or a run of sections too short to be seen one by one. */
export interface PathBlock {
  /** The row that takes most of it. */
  key: string
  startNs: number
  endNs: number
  sections: number
}

/** Sections shorter than `leastNs` are drawn together until they are that long, so that a bar never has more blocks than pixels. */
export function blocksOf(sections: readonly PathSection[], leastNs: number): PathBlock[] {
  const blocks: PathBlock[] = []
  let longestNs = 0
  for (const { key, startNs, endNs } of sections) {
    const last = blocks.at(-1)
    const length = endNs - startNs
    if (last === undefined || length >= leastNs || last.endNs - last.startNs >= leastNs) {
      blocks.push({ key, startNs, endNs, sections: 1 })
      longestNs = length
      continue
    }
    last.endNs = endNs
    last.sections++
    if (length > longestNs) {
      last.key = key
      longestNs = length
    }
  }
  return blocks
}

export interface PathMark {
  startNs: number
  endNs: number
  /** Ns of it that are on the path. */
  ownNs: number
}

/** Sections of one row as marks under its bar: nearer together than `leastNs` they are one mark. */
export function marksOf(sections: readonly PathSection[], leastNs: number): PathMark[] {
  const marks: PathMark[] = []
  for (const { startNs, endNs } of sections) {
    const last = marks.at(-1)
    if (last === undefined || startNs - last.endNs >= leastNs) {
      marks.push({ startNs, endNs, ownNs: endNs - startNs })
      continue
    }
    last.endNs = endNs
    last.ownNs += endNs - startNs
  }
  return marks
}

/** What takes most of the path: an operation over all spans of its name, or the way from one service to another over all calls. `index` is its first row. */
export function mostOfPath(rows: readonly SpanRow[], path: TracePath): { index: number; ownNs: number; count: number } {
  const found = new Map<string, { index: number; ownNs: number; count: number }>()
  rows.forEach((row, index) => {
    const ownNs = path.rows.get(row.key)?.ownNs ?? 0
    if (row.span === null || ownNs === 0) return
    const what = row.wait?.kind === 'network' ? `${row.span.service} → ${calleeOf(rows, index)}` : nameOf(row.span)
    const known = found.get(what) ?? { index, ownNs: 0, count: 0 }
    found.set(what, { index: known.index, ownNs: known.ownNs + ownNs, count: known.count + 1 })
  })
  return [...found.values()].reduce((most, each) => (each.ownNs > most.ownNs ? each : most), { index: -1, ownNs: 0, count: 0 })
}

export const nameOf = (span: SpanRow['span'] | undefined): string => (span === null || span === undefined ? '' : `${span.service} ${span.name}`)

/** Service that a client's call went to: the one whose server span is its child; '' where none is known. */
export function calleeOf(rows: readonly SpanRow[], index: number): string {
  const end = rows[index]?.end ?? 0
  for (let at = index + 1; at < end; at++) {
    const row = rows[at]
    if (row?.parent === index && row.span?.kind === 'server') return row.span.service
  }
  return ''
}
