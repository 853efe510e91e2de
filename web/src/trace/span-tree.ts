import type { TraceSpan } from '@skein/schemas/api/traces'
import { type SpanTimes, timesOf } from './span-times.ts'
import type { SpanRow } from './span-row.ts'
import { placeWaits } from './waits.ts'

export interface SpanTree {
  rows: readonly SpanRow[]
  /** Unix ns of the first start, as the answer's times are. */
  originUnixNano: bigint
  durationNs: number
  /** Spans that came twice with one id; the first is shown. */
  duplicates: number
}

interface Entry {
  key: string
  span: TraceSpan | null
  missingId: string
  times: SpanTimes
  children: number[]
}

/**
 * The tree of a trace as it was received: several roots, missing parents, cycles, repeated ids and skewed clocks are all shown, none is fatal.
 * O(n log n); no recursion, since a call chain may be longer than the stack is deep.
 */
export function buildSpanTree(spans: readonly TraceSpan[]): SpanTree {
  const unique = uniqueSpans(spans)
  const { originUnixNano, times } = timesOf(unique)
  const entries: Entry[] = unique.map((span, index) => ({
    key: span.spanId === '' ? `#${index}` : span.spanId,
    span,
    missingId: '',
    times: times[index] ?? { startNs: 0, durationNs: 0 },
    children: [],
  }))
  const roots = linkParents(entries)
  const byStart = (a: number, b: number): number => compareEntries(entries[a], entries[b])
  for (const entry of entries) entry.children.sort(byStart)
  roots.sort(byStart)
  const rows = flatten(entries, roots, byStart)
  placeWaits(rows)
  const durationNs = rows.reduce((longest, row) => Math.max(longest, row.startNs + row.durationNs), 0)
  return { rows, originUnixNano, durationNs, duplicates: spans.length - unique.length }
}

function uniqueSpans(spans: readonly TraceSpan[]): TraceSpan[] {
  const seen = new Set<string>()
  return spans.filter((span) => {
    if (span.spanId === '') return true
    if (seen.has(span.spanId)) return false
    seen.add(span.spanId)
    return true
  })
}

/** Fills `children` and answers the roots; appends one entry for each parent that is missing. */
function linkParents(entries: Entry[]): number[] {
  const indexOf = new Map(entries.map((entry, index) => [entry.key, index]))
  const missing = new Map<string, number>()
  const roots: number[] = []
  const received = entries.length
  for (let index = 0; index < received; index++) {
    const parentId = entries[index]?.span?.parentSpanId ?? ''
    if (parentId === '') {
      roots.push(index)
      continue
    }
    const parent = indexOf.get(parentId) ?? missing.get(parentId)
    if (parent !== undefined) {
      entries[parent]?.children.push(index)
      continue
    }
    missing.set(parentId, entries.length)
    roots.push(entries.length)
    entries.push({ key: `missing:${parentId}`, span: null, missingId: parentId, times: { startNs: 0, durationNs: 0 }, children: [index] })
  }
  for (const index of missing.values()) coverChildren(entries, index)
  return roots
}

/** A parent that was never received lasted at least from its first child to the end of its last. */
function coverChildren(entries: readonly Entry[], index: number): void {
  const entry = entries[index]
  if (entry === undefined) return
  let start = Infinity
  let end = -Infinity
  for (const child of entry.children) {
    const times = entries[child]?.times
    start = Math.min(start, times?.startNs ?? 0)
    end = Math.max(end, (times?.startNs ?? 0) + (times?.durationNs ?? 0))
  }
  entry.times = { startNs: start, durationNs: end - start }
}

function compareEntries(a: Entry | undefined, b: Entry | undefined): number {
  if (a === undefined || b === undefined) return 0
  return a.times.startNs - b.times.startNs || b.times.durationNs - a.times.durationNs || (a.key < b.key ? -1 : 1)
}

function flatten(entries: readonly Entry[], roots: readonly number[], byStart: (a: number, b: number) => number): SpanRow[] {
  const rows: SpanRow[] = []
  const placed = new Uint8Array(entries.length)
  for (const root of roots) descend({ entries, rows, placed, root, cut: false })
  // what no root reaches hangs on a cycle; its earliest span becomes a root
  const loose = entries.map((_, index) => index).filter((index) => placed[index] === 0)
  for (const root of loose.sort(byStart)) if (placed[root] === 0) descend({ entries, rows, placed, root, cut: true })
  return rows
}

interface Descent {
  entries: readonly Entry[]
  rows: SpanRow[]
  placed: Uint8Array
  root: number
  cut: boolean
}

function descend({ entries, rows, placed, root, cut }: Descent): void {
  const stack: { entry: number; parent: number; depth: number }[] = [{ entry: root, parent: -1, depth: 0 }]
  const first = rows.length
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const entry = entries[next.entry]
    if (entry === undefined || placed[next.entry] === 1) continue
    placed[next.entry] = 1
    const row = rows.length
    const { key, span, missingId, times } = entry
    rows.push({ key, span, missingId, depth: next.depth, parent: next.parent, end: row + 1, ...times, cut: cut && row === first, wait: null, late: false })
    for (let i = entry.children.length - 1; i >= 0; i--) {
      const child = entry.children[i]
      if (child !== undefined) stack.push({ entry: child, parent: row, depth: next.depth + 1 })
    }
  }
  closeSubtrees(rows, first)
}

/** Children come after their parents, so one pass from the end gives every subtree its end. */
function closeSubtrees(rows: readonly SpanRow[], first: number): void {
  for (const row of rows.slice(first).toReversed()) {
    const parent = rows[row.parent]
    if (parent !== undefined) parent.end = Math.max(parent.end, row.end)
  }
}
