import type { SpanRow } from '@skein/store/contract-traces'
import { criticalPathOf } from './critical-path.ts'

/** Time on the critical path by span id, ns. */
export function selfTimes(spans: readonly SpanRow[]): Map<string, number> {
  const selfNs = new Map<string, number>()
  for (const { spanId, startUnixNano, endUnixNano } of criticalPathOf(spans))
    selfNs.set(spanId, (selfNs.get(spanId) ?? 0) + Number(BigInt(endUnixNano) - BigInt(startUnixNano)))
  return selfNs
}

/** The span whose own time is the most of the critical path; null when nothing is. */
export function longestOnPath(spans: readonly SpanRow[]): { span: SpanRow; selfNs: number } | null {
  const selfNs = selfTimes(spans)
  let longest: { span: SpanRow; selfNs: number } | null = null
  for (const span of spans) {
    const own = selfNs.get(span.spanId) ?? 0
    if (own > (longest?.selfNs ?? 0)) longest = { span, selfNs: own }
  }
  return longest
}
