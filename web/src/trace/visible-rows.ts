import type { SpanRow } from './span-row.ts'

/** Indexes of the rows that are on screen when the subtrees of `collapsed` keys are folded. */
export function visibleRows(rows: readonly SpanRow[], collapsed: ReadonlySet<string>): number[] {
  const visible: number[] = []
  let index = 0
  while (index < rows.length) {
    const row = rows[index]
    if (row === undefined) break
    visible.push(index)
    index = collapsed.has(row.key) ? row.end : index + 1
  }
  return visible
}

export const hasChildren = (row: SpanRow, index: number): boolean => row.end > index + 1

/** All keys whose children can be folded, below `depth`. */
export function foldable(rows: readonly SpanRow[], depth: number): Set<string> {
  return new Set(rows.filter((row, index) => row.depth >= depth && hasChildren(row, index)).map((row) => row.key))
}

/** Unfolds whatever hides a row. */
export function reveal(rows: readonly SpanRow[], collapsed: ReadonlySet<string>, index: number): ReadonlySet<string> {
  const hiding: string[] = []
  for (let parent = rows[index]?.parent ?? -1; parent >= 0; parent = rows[parent]?.parent ?? -1) {
    const key = rows[parent]?.key
    if (key !== undefined && collapsed.has(key)) hiding.push(key)
  }
  if (hiding.length === 0) return collapsed
  const open = new Set(collapsed)
  for (const key of hiding) open.delete(key)
  return open
}

export interface Position {
  /** Index of the row, −1 for none. */
  row: number
  collapsed: ReadonlySet<string>
}

/** A tree grid's arrows: up and down among visible rows, left folds or goes to the parent, right unfolds or goes to the first child. */
export function moveInTree(rows: readonly SpanRow[], visible: readonly number[], at: Position, key: string): Position | null {
  const place = visible.indexOf(at.row)
  const to = (target: number | undefined): Position => ({ row: target ?? at.row, collapsed: at.collapsed })
  switch (key) {
    case 'ArrowDown':
      return to(visible[place + 1])
    case 'ArrowUp':
      return to(visible[place < 0 ? 0 : place - 1])
    case 'Home':
      return to(visible[0])
    case 'End':
      return to(visible.at(-1))
    case 'PageDown':
      return to(visible[Math.min(visible.length - 1, place + 20)])
    case 'PageUp':
      return to(visible[Math.max(0, place - 20)])
    case 'ArrowLeft':
    case 'ArrowRight':
      return moveSideways(rows, at, key)
    default:
      return null
  }
}

function moveSideways(rows: readonly SpanRow[], at: Position, key: 'ArrowLeft' | 'ArrowRight'): Position {
  const row = rows[at.row]
  if (row === undefined) return at
  const parent = hasChildren(row, at.row)
  const folded = at.collapsed.has(row.key)
  if (key === 'ArrowLeft') {
    if (parent && !folded) return { row: at.row, collapsed: new Set(at.collapsed).add(row.key) }
    return { row: row.parent >= 0 ? row.parent : at.row, collapsed: at.collapsed }
  }
  if (!parent) return at
  if (!folded) return { row: at.row + 1, collapsed: at.collapsed }
  const open = new Set(at.collapsed)
  open.delete(row.key)
  return { row: at.row, collapsed: open }
}
