import { SpanKindNumber } from './otlp-wire.ts'

/** A parent that is none: the span says it is a root. */
export const NO_PARENT = -1
/** A parent that is named but not among the spans. */
export const LOST_PARENT = -2

/**
 * Spans of one trace by column. Times are ns after any origin, exact as long as they are safe integers: the start of the root is the best origin,
 * since nothing outside the root counts. An end before its start counts as the start.
 */
export interface SpanColumns {
  start: ArrayLike<number>
  end: ArrayLike<number>
  /** Index of the parent, `NO_PARENT`, or anything else that is no index for a parent that is lost. */
  parent: ArrayLike<number>
  /** OTLP numbers of span kinds. */
  kind: ArrayLike<number>
}

/** One stretch of time in which the trace waited for this span itself. */
export interface PathSection {
  span: number
  start: number
  end: number
}

/**
 * The sections of the critical path, in the order of time: disjoint, without a gap, together exactly the root's duration.
 *
 * From the root's end backwards: among the children of a span the one that finishes last before the cursor is followed, the cursor goes to its
 * start, and what no child covers is the span's own.
 * - A child is clipped to its parent; of several that end together the longest is followed, then the first given.
 * - A consumer that ends after its parent was not waited for and is off the path with all below it; so is a child that starts after its parent
 *   ended, or ended before it started. Neither are spans of no length ever on the path.
 * - Clocks are taken as they are: skew is clipped, not corrected.
 * - Only what hangs below the one root is looked at; of a cycle, the link that leads back to the root is cut.
 *
 * O(n log n) in the spans, at most 2n − 1 sections, no recursion: a call chain may be longer than the stack is deep.
 */
export function criticalPath(spans: SpanColumns, root: number = criticalRoot(spans)): PathSection[] {
  const sections: PathSection[] = []
  if (root < 0) return sections
  const { offsets, children } = childrenOf(spans, root)
  // in typed arrays the comparisons of one span with 50,000 children take a third of the time
  const start = Float64Array.from(spans.start)
  const timed = { start, end: start.map((_, span) => endOf(spans, span)), kind: spans.kind }
  const frameOf = (span: number, from: number, to: number): Frame => {
    const [first, last] = [offsets[span] ?? 0, offsets[span + 1] ?? 0]
    // a lone child needs no order, and the longest chains are of such
    if (last - first > 1) children.subarray(first, last).sort(lastFinishedFirst(timed, from, to))
    return { span, from, to, cursor: to, next: first, last }
  }
  const stack = [frameOf(root, timed.start[root] ?? 0, timed.end[root] ?? 0)]
  for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
    const child = nextOnPath(timed, children, frame)
    const from = child < 0 ? frame.from : Math.min(timed.end[child] ?? 0, frame.to)
    if (from < frame.cursor) sections.push({ span: frame.span, start: from, end: frame.cursor })
    if (child < 0) {
      stack.pop()
      continue
    }
    frame.cursor = Math.max(timed.start[child] ?? 0, frame.from)
    stack.push(frameOf(child, frame.cursor, from))
  }
  return sections.reverse()
}

/**
 * The span whose time the path explains, −1 for an empty trace: a span without parent before one whose parent is lost, that before any other
 * (all hang on a cycle); then the longest, the earliest, the first given.
 */
export function criticalRoot(spans: SpanColumns): number {
  const rankOf = (span: number): number => {
    const parent = spans.parent[span] ?? LOST_PARENT
    return parent === NO_PARENT ? 0 : isIndex(parent, spans) ? 2 : 1
  }
  let best = -1
  for (let span = 0; span < spans.start.length; span++) {
    const order =
      best < 0 ? -1 : rankOf(span) - rankOf(best) || lengthOf(spans, best) - lengthOf(spans, span) || (spans.start[span] ?? 0) - (spans.start[best] ?? 0)
    if (order < 0) best = span
  }
  return best
}

interface Frame {
  span: number
  /** What of the span lies inside its parent. */
  from: number
  to: number
  /** Everything from here to `to` is told already. */
  cursor: number
  /** Where its children stand: the next to be asked, and after the last. */
  next: number
  last: number
}

/** Spans whose ends are never before their starts. */
interface TimedSpans {
  start: Float64Array
  end: Float64Array
  kind: ArrayLike<number>
}

/** The child that finished last before the cursor, −1 when there is none. Children that still ran at the cursor ran beside one that is told. */
function nextOnPath(spans: TimedSpans, children: Int32Array, frame: Frame): number {
  while (frame.next < frame.last) {
    const child = children[frame.next++] ?? 0
    const end = Math.min(spans.end[child] ?? 0, frame.to)
    if (end <= frame.cursor && end > Math.max(spans.start[child] ?? 0, frame.from) && isAwaited(spans, child, frame.span)) return child
  }
  return -1
}

function isAwaited({ kind, end }: TimedSpans, child: number, parent: number): boolean {
  return kind[child] !== SpanKindNumber.consumer || (end[child] ?? 0) <= (end[parent] ?? 0)
}

function lastFinishedFirst({ start, end }: TimedSpans, from: number, to: number): (a: number, b: number) => number {
  return (a, b) => Math.min(end[b] ?? 0, to) - Math.min(end[a] ?? 0, to) || Math.max(start[a] ?? 0, from) - Math.max(start[b] ?? 0, from) || a - b
}

/** Children of span `s` are `children[offsets[s] … offsets[s + 1]]`; the root is nobody's child. */
function childrenOf(spans: SpanColumns, root: number): { offsets: Int32Array; children: Int32Array } {
  const count = spans.start.length
  const parentOf = (span: number): number => {
    const parent = spans.parent[span] ?? LOST_PARENT
    return span !== root && isIndex(parent, spans) ? parent : NO_PARENT
  }
  const offsets = new Int32Array(count + 1)
  for (let span = 0; span < count; span++) {
    const parent = parentOf(span)
    if (parent >= 0) offsets[parent + 1] = (offsets[parent + 1] ?? 0) + 1
  }
  for (let span = 0; span < count; span++) offsets[span + 1] = (offsets[span + 1] ?? 0) + (offsets[span] ?? 0)
  const children = new Int32Array(offsets[count] ?? 0)
  const filled = offsets.slice()
  for (let span = 0; span < count; span++) {
    const parent = parentOf(span)
    if (parent < 0) continue
    const place = filled[parent] ?? 0
    children[place] = span
    filled[parent] = place + 1
  }
  return { offsets, children }
}

const isIndex = (parent: number, spans: SpanColumns): boolean => Number.isInteger(parent) && parent >= 0 && parent < spans.start.length

const endOf = (spans: SpanColumns, span: number): number => Math.max(spans.start[span] ?? 0, spans.end[span] ?? 0)

const lengthOf = (spans: SpanColumns, span: number): number => endOf(spans, span) - (spans.start[span] ?? 0)
