import type { SpanRow } from './span-row.ts'

/** The first root that was received, else the first span. */
export function entryOf(rows: readonly SpanRow[]): SpanRow | null {
  return rows.find((row) => row.span !== null && row.depth === 0) ?? rows.find((row) => row.span !== null) ?? null
}
