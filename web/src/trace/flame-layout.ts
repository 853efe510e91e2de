import type { OperationNode } from './operation-tree.ts'

export interface FlameBlock {
  /** Place of the node in the tree. */
  place: number
  /** Share of the width, 0 … 1. */
  left: number
  width: number
  level: number
}

/**
 * An icicle: a node is as wide as the self time of all below it, so that widths add up. `focus` fills the width, what is above it too;
 * blocks narrower than `least` of the width are left out with all below them.
 */
export function flameBlocks(nodes: readonly OperationNode[], focus: number, least: number): FlameBlock[] {
  const wholeNs = Math.max(1, focus < 0 ? totalOf(nodes) : (nodes[focus]?.subtreeNs ?? 1))
  const left = new Float64Array(nodes.length).fill(-1)
  const nextLeft = new Float64Array(nodes.length)
  const above = ancestorsOf(nodes, focus)
  let rootLeft = 0
  const blocks: FlameBlock[] = []
  nodes.forEach((node, place) => {
    const isAbove = above.has(place)
    const width = isAbove || place === focus ? 1 : node.subtreeNs / wholeNs
    const parentLeft = node.parent < 0 ? (focus < 0 ? rootLeft : 0) : (left[node.parent] ?? -1) < 0 ? -1 : (nextLeft[node.parent] ?? 0)
    // beside the focus and what is above it nothing is shown
    const shown = focus < 0 || isAbove || place === focus || (parentLeft >= 0 && node.parent >= 0 && !above.has(node.parent))
    if (!shown || parentLeft < 0 || width < least) return
    left[place] = parentLeft
    nextLeft[place] = parentLeft
    if (node.parent < 0) rootLeft += width
    else nextLeft[node.parent] = parentLeft + width
    blocks.push({ place, left: parentLeft, width: Math.min(1, width), level: node.depth })
  })
  return blocks
}

function totalOf(nodes: readonly OperationNode[]): number {
  return nodes.reduce((sum, node) => sum + (node.parent < 0 ? node.subtreeNs : 0), 0)
}

function ancestorsOf(nodes: readonly OperationNode[], focus: number): Set<number> {
  const above = new Set<number>()
  for (let at = nodes[focus]?.parent ?? -1; at >= 0; at = nodes[at]?.parent ?? -1) above.add(at)
  return above
}
