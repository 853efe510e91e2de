import type { SpanRow } from './span-row.ts'

/** Ns of each row in which none of its children runs: what the span did itself, or waited for without saying so. */
export function selfTimes(rows: readonly SpanRow[]): Float64Array {
  const self = new Float64Array(rows.length)
  // rows are sorted by start among siblings, so one pass with the end covered so far is a union
  const coveredTo = new Float64Array(rows.length)
  rows.forEach((row, index) => {
    self[index] = row.durationNs
    coveredTo[index] = row.startNs
    const parent = rows[row.parent]
    if (parent === undefined) return
    const from = Math.max(row.startNs, coveredTo[row.parent] ?? 0)
    const to = Math.min(row.startNs + row.durationNs, parent.startNs + parent.durationNs)
    if (to <= from) return
    self[row.parent] = (self[row.parent] ?? 0) - (to - from)
    coveredTo[row.parent] = to
  })
  return self
}
