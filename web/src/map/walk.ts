import type { EdgeEnds } from './geometry.ts'
import type { PlacedNode } from './layout/layout.ts'

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'

export const isArrow = (key: string): key is Arrow => key === 'ArrowLeft' || key === 'ArrowRight' || key === 'ArrowUp' || key === 'ArrowDown'

export interface Walk {
  nodes: readonly PlacedNode[]
  edges: readonly EdgeEnds[]
  from: string | null
}

/**
 * The node an arrow key leads to. Right and left follow edges: to the nearest node on that side that this one calls or is called by.
 * Up and down go through the column. Null when there is nothing there.
 */
export function walk({ nodes, edges, from }: Walk, arrow: Arrow): string | null {
  const here = nodes.find((node) => node.id === from)
  if (here === undefined) return leftmost(nodes)?.id ?? null
  if (arrow === 'ArrowUp' || arrow === 'ArrowDown') {
    const column = nodes.filter((node) => node.column === here.column && (arrow === 'ArrowUp' ? node.y < here.y : node.y > here.y))
    return nearest(column, here)?.id ?? null
  }
  const linked = new Set(edges.flatMap((edge) => (edge.source === here.id ? [edge.target] : edge.target === here.id ? [edge.source] : [])))
  const side = nodes.filter((node) => linked.has(node.id) && (arrow === 'ArrowLeft' ? node.column < here.column : node.column > here.column))
  return nearest(side, here)?.id ?? null
}

function nearest(nodes: readonly PlacedNode[], here: PlacedNode): PlacedNode | undefined {
  const distance = (node: PlacedNode): number => Math.abs(node.y - here.y) + Math.abs(node.x - here.x) / 4
  return [...nodes].sort((a, b) => distance(a) - distance(b) || (a.id < b.id ? -1 : 1))[0]
}

function leftmost(nodes: readonly PlacedNode[]): PlacedNode | undefined {
  return [...nodes].sort((a, b) => a.column - b.column || a.y - b.y)[0]
}
