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
  const wholeNs = Math.max(1, nodes[focus]?.subtreeNs ?? totalOf(nodes))
  const above = ancestorsOf(nodes, focus)
  // where the next child of a node begins; of one that is not shown, nowhere
  const nextLeft = new Float64Array(nodes.length).fill(Number.NaN)
  let nextRoot = 0
  const blocks: FlameBlock[] = []
  nodes.forEach((node, place) => {
    const fills = above.has(place) || place === focus
    const beside = focus >= 0 && !fills && (node.parent < 0 || above.has(node.parent))
    const left = fills ? 0 : (nextLeft[node.parent] ?? nextRoot)
    const width = fills ? 1 : node.subtreeNs / wholeNs
    if (beside || Number.isNaN(left) || width < least) return
    nextLeft[place] = left
    if (node.parent < 0) nextRoot += width
    else nextLeft[node.parent] = left + width
    blocks.push({ place, left, width: Math.min(1, width), level: node.depth })
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
