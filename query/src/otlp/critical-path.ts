import type { PathSection } from '@skein/schemas/api/traces'
import { criticalPath, criticalRoot, LOST_PARENT, NO_PARENT } from '@skein/schemas/critical-path'
import type { SpanRow } from '@skein/store/contract-traces'

/** The critical path of the given spans as the API answers it; empty when the root has no length. */
export function criticalPathOf(rows: readonly SpanRow[]): PathSection[] {
  const indexOf = new Map(rows.map((row, index) => [row.spanId, index]))
  const starts = rows.map((row) => BigInt(row.startNs))
  const parent = rows.map((row) => (row.parentSpanId === '' ? NO_PARENT : (indexOf.get(row.parentSpanId) ?? LOST_PARENT)))
  const kind = rows.map((row) => row.kind)
  const since = (originNs: bigint) => {
    const start = starts.map((startNs) => Number(startNs - originNs))
    return { start, end: start.map((startNs, index) => startNs + Number(rows[index]?.durationNs ?? 0)), parent, kind }
  }
  const root = criticalRoot(since(starts[0] ?? 0n))
  // nothing outside the root counts, so that from its start on every ns of up to 104 days is exact, whatever other clocks say
  const originNs = starts[root] ?? 0n
  return criticalPath(since(originNs), root).map(({ span, start, end }) => ({
    spanId: rows[span]?.spanId ?? '',
    startUnixNano: (originNs + BigInt(start)).toString(),
    endUnixNano: (originNs + BigInt(end)).toString(),
  }))
}
