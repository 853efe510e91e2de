import type { SpanRow } from './span-row.ts'

/** The rows to keep, with all above them, as a tree of their own. */
export function keptRows(rows: readonly SpanRow[], keep: (row: SpanRow, index: number) => boolean): readonly SpanRow[] {
  const kept = new Uint8Array(rows.length)
  rows.forEach((row, index) => {
    if (!keep(row, index)) return
    for (let at = index; at >= 0 && kept[at] === 0; at = rows[at]?.parent ?? -1) kept[at] = 1
  })
  const place = new Int32Array(rows.length + 1)
  for (let index = 0; index < rows.length; index++) place[index + 1] = (place[index] ?? 0) + (kept[index] ?? 0)
  return rows
    .filter((_, index) => kept[index] === 1)
    .map((row) => ({ ...row, parent: row.parent < 0 ? -1 : (place[row.parent] ?? -1), end: place[row.end] ?? 0 }))
}
