import type { OperationNode } from '../trace/operation-tree.ts'

/** How an operation differs in the second trace. */
export const CHANGES = ['new', 'gone', 'slower', 'faster', 'more', 'fewer', 'same'] as const
export type Change = (typeof CHANGES)[number]

export type Side = Pick<OperationNode, 'count' | 'errors' | 'totalNs' | 'selfNs' | 'longest'>

/** One operation called the same way in either trace. */
export interface MergedNode {
  id: number
  service: string
  name: string
  kind: string
  depth: number
  a: Side | null
  b: Side | null
  /** b − a, ns; what is not there counts as 0. */
  totalDeltaNs: number
  selfDeltaNs: number
  change: Change
}

/** Less than this factor is no change of speed. */
const FACTOR = 1.2
/** Nor is less than this share of the longer trace. */
const SHARE = 0.01

interface Draft {
  node: OperationNode
  a: Side | null
  b: Side | null
  children: Draft[]
  byStep: Map<string, Draft>
}

/**
 * Puts the operation trees of two traces over each other, node by node from the roots: the same service, operation and kind below the same
 * such parent. In depth-first order, what only `b` has after what both have. `durationNs` is that of the longer trace.
 */
export function mergeTrees(a: readonly OperationNode[], b: readonly OperationNode[], durationNs: number): MergedNode[] {
  const top: Draft = { node: {} as OperationNode, a: null, b: null, children: [], byStep: new Map() }
  lay(top, a, 'a')
  lay(top, b, 'b')
  const merged: MergedNode[] = []
  const stack = top.children.toReversed().map((draft) => ({ draft, depth: 0 }))
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { draft, depth } = next
    merged.push(mergedNode(draft, { id: merged.length, depth, leastNs: durationNs * SHARE }))
    for (const child of draft.children.toReversed()) stack.push({ draft: child, depth: depth + 1 })
  }
  return merged
}

function lay(top: Draft, nodes: readonly OperationNode[], side: 'a' | 'b'): void {
  const drafts: Draft[] = []
  for (const node of nodes) {
    const parent = drafts[node.parent] ?? top
    const step = JSON.stringify([node.service, node.name, node.kind])
    let draft = parent.byStep.get(step)
    if (draft === undefined) {
      draft = { node, a: null, b: null, children: [], byStep: new Map() }
      parent.byStep.set(step, draft)
      parent.children.push(draft)
    }
    draft[side] = node
    drafts.push(draft)
  }
}

function mergedNode({ node, a, b }: Draft, { id, depth, leastNs }: { id: number; depth: number; leastNs: number }): MergedNode {
  const { service, name, kind } = node
  const totalDeltaNs = (b?.totalNs ?? 0) - (a?.totalNs ?? 0)
  const selfDeltaNs = (b?.selfNs ?? 0) - (a?.selfNs ?? 0)
  return { id, service, name, kind, depth, a, b, totalDeltaNs, selfDeltaNs, change: changeOf(a, b, leastNs) }
}

function changeOf(a: Side | null, b: Side | null, leastNs: number): Change {
  if (a === null) return 'new'
  if (b === null) return 'gone'
  if (Math.abs(b.totalNs - a.totalNs) >= leastNs) {
    if (b.totalNs > a.totalNs * FACTOR) return 'slower'
    if (a.totalNs > b.totalNs * FACTOR) return 'faster'
  }
  if (b.count === a.count) return 'same'
  return b.count > a.count ? 'more' : 'fewer'
}

/** How many operations changed which way. */
export function changeCounts(nodes: readonly MergedNode[]): Readonly<Record<Change, number>> {
  const counts = { new: 0, gone: 0, slower: 0, faster: 0, more: 0, fewer: 0, same: 0 }
  for (const { change } of nodes) counts[change]++
  return counts
}

/** The operation whose own time differs most, null when none does. */
export function mostChanged(nodes: readonly MergedNode[]): MergedNode | null {
  const most = nodes.reduce<MergedNode | null>((best, node) => (Math.abs(node.selfDeltaNs) > Math.abs(best?.selfDeltaNs ?? 0) ? node : best), null)
  return most
}
