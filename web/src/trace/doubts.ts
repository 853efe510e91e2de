import type { SpanRow } from './span-row.ts'
import { SKEW_NS } from './waits.ts'

/** What is odd about a trace: how many rows, and the first of each to look at. */
export interface Doubt {
  kind: 'missing' | 'cycle' | 'skew' | 'instant'
  count: number
  key: string
}

export function doubtsOf(rows: readonly SpanRow[]): Doubt[] {
  const found = new Map<Doubt['kind'], Doubt>()
  for (const row of rows) {
    const kind = doubtOf(row, rows[row.parent])
    if (kind === null) continue
    const doubt = found.get(kind) ?? { kind, count: 0, key: row.key }
    doubt.count++
    found.set(kind, doubt)
  }
  return [...found.values()]
}

function doubtOf(row: SpanRow, parent: SpanRow | undefined): Doubt['kind'] | null {
  if (row.span === null) return 'missing'
  if (row.cut) return 'cycle'
  if (earlyNs(row, parent) > 0 || row.wait?.skewed === true) return 'skew'
  return row.durationNs === 0 && row.span.kind !== 'internal' ? 'instant' : null
}

/** Ns that a row begins before its parent, 0 when it does not or by no more than clocks may. */
export function earlyNs(row: SpanRow, parent: SpanRow | undefined): number {
  const early = parent === undefined || parent.span === null ? 0 : parent.startNs - row.startNs
  return early > SKEW_NS ? early : 0
}
