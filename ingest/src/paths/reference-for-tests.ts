/**
 * The critical path as one would explain it, slowly: at the end of the trace somebody ran; ask for every instant, from the last to the
 * first, who that was. Times are small whole numbers, so an instant is a unit of time.
 */
export interface ReferenceSpan {
  id: string
  parent: string | null
  kind: number
  start: number
  end: number
}

const CONSUMER = 5

/** Span id → units of its own time on the path. */
export function referenceTimes(spans: readonly ReferenceSpan[]): Map<string, number> {
  const root = rootOf(spans)
  const times = new Map<string, number>()
  if (root === undefined) return times
  const walk = (span: ReferenceSpan, from: number, to: number): void => {
    let cursor = to
    while (cursor > from) {
      const child = lastBefore(spans, root, { span, from, to, cursor })
      if (child === undefined) break
      const childTo = Math.min(child.end, to)
      times.set(span.id, (times.get(span.id) ?? 0) + cursor - childTo)
      const childFrom = Math.max(child.start, from)
      walk(child, childFrom, childTo)
      cursor = childFrom
    }
    times.set(span.id, (times.get(span.id) ?? 0) + cursor - from)
  }
  walk(root, root.start, root.end)
  return new Map([...times].filter(([, time]) => time > 0))
}

function rootOf(spans: readonly ReferenceSpan[]): ReferenceSpan | undefined {
  const ids = new Set(spans.map(({ id }) => id))
  const rank = ({ parent }: ReferenceSpan): number => (parent === null ? 0 : ids.has(parent) ? 2 : 1)
  return spans.toSorted((a, b) => rank(a) - rank(b) || b.end - b.start - (a.end - a.start) || a.start - b.start || (a.id < b.id ? -1 : 1))[0]
}

/** Of the children that were waited for and had finished by the cursor, the one that finished last. */
function lastBefore(
  spans: readonly ReferenceSpan[],
  root: ReferenceSpan,
  at: { span: ReferenceSpan; from: number; to: number; cursor: number },
): ReferenceSpan | undefined {
  const { span, from, to, cursor } = at
  const seen = (child: ReferenceSpan): [number, number] => [Math.max(child.start, from), Math.min(child.end, to)]
  return spans
    .filter((child) => child.parent === span.id && child !== root && child !== span)
    .filter((child) => child.kind !== CONSUMER || child.end <= span.end)
    .filter((child) => {
      const [start, end] = seen(child)
      return end > start && end <= cursor
    })
    .toSorted((a, b) => {
      const [[startA, endA], [startB, endB]] = [seen(a), seen(b)]
      return endB - endA || startA - startB || a.start - b.start || (a.id < b.id ? -1 : 1)
    })[0]
}
