export interface StoredParent {
  /** 16 hex digits. */
  spanId: string
  /** 8 hex digits: the first 4 bytes of the parent's id. */
  parentLow: string
  /** 8 hex digits: the last 4 bytes where they were kept, else zeros. */
  parentHigh: string
}

const NONE = '00000000'

/**
 * The parent ids of a trace's spans, '' for roots. Where both halves were kept they are the id. Where only the first half was, the parent
 * is the span of this trace that begins with it; a span is never its own parent, and without such a span it has none.
 */
export function resolveParents(spans: readonly StoredParent[]): string[] {
  const byPrefix = new Map<string, string[]>()
  for (const { spanId } of spans) {
    const prefix = spanId.slice(0, NONE.length)
    const same = byPrefix.get(prefix)
    if (same === undefined) byPrefix.set(prefix, [spanId])
    else same.push(spanId)
  }
  return spans.map(({ spanId, parentLow, parentHigh }) => {
    if (parentHigh !== NONE) return parentLow + parentHigh
    if (parentLow === NONE) return ''
    return byPrefix.get(parentLow)?.find((id) => id !== spanId) ?? ''
  })
}
