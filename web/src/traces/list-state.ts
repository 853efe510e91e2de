import type { TraceSummary } from '@skein/schemas/api/traces'

/** A third pick takes the place of the older of two. */
export function withPick(picked: readonly string[], id: string): string[] {
  if (picked.includes(id)) return picked.filter((each) => each !== id)
  return [...picked.slice(-1), id]
}

/** How many of the new rows are not among the old. */
export function newCount(held: readonly TraceSummary[], rows: readonly TraceSummary[]): number {
  if (held === rows) return 0
  const known = new Set(held.map(({ traceId }) => traceId))
  return rows.filter(({ traceId }) => !known.has(traceId)).length
}
