import { selfTimes } from './self-time.ts'
import type { SpanRow } from './span-row.ts'

/** All spans that were called the same way: the same service, operation and kind below the same such parent. */
export interface OperationNode {
  /** Unique in the tree. */
  key: string
  service: string
  name: string
  kind: string
  depth: number
  /** Place of the parent in the list, −1 for a root. */
  parent: number
  count: number
  errors: number
  /** Durations added up: parallel spans count each. */
  totalNs: number
  /** Time in which no child ran, added up. */
  selfNs: number
  /** Self time of the node and all below it. */
  subtreeNs: number
  /** The longest span of it. */
  longest: { key: string; durationNs: number }
}

const STEP = '\u001f'

/** Folds a trace by how its operations call each other; parents before children, in the order of first appearance. */
export function operationTree(rows: readonly SpanRow[]): OperationNode[] {
  const self = selfTimes(rows)
  const nodes: OperationNode[] = []
  const placeOf = new Map<string, number>()
  const nodeOf = new Int32Array(rows.length)
  rows.forEach((row, index) => {
    const parent = row.parent < 0 ? -1 : (nodeOf[row.parent] ?? -1)
    const place = enter(nodes, placeOf, row, parent)
    nodeOf[index] = place
    const node = nodes[place]
    if (node === undefined) return
    node.count++
    node.errors += row.span?.status.code === 'error' ? 1 : 0
    node.totalNs += row.durationNs
    node.selfNs += row.span === null ? 0 : (self[index] ?? 0)
    if (row.durationNs > node.longest.durationNs) node.longest = { key: row.key, durationNs: row.durationNs }
  })
  for (const node of nodes) node.subtreeNs = node.selfNs
  for (const node of nodes.toReversed()) {
    const parent = nodes[node.parent]
    if (parent !== undefined) parent.subtreeNs += node.subtreeNs
  }
  return nodes
}

function enter(nodes: OperationNode[], placeOf: Map<string, number>, row: SpanRow, parent: number): number {
  const { service = '', name = '', kind = '' } = row.span ?? {}
  // the parent's place stands for its path, so that a chain of 50,000 spans makes no texts of megabytes
  const step = `${parent}${STEP}${service}${STEP}${name}${STEP}${kind}`
  const known = placeOf.get(step)
  if (known !== undefined) return known
  const place = nodes.length
  placeOf.set(step, place)
  const above = nodes[parent]
  nodes.push({
    key: `${parent}/${place}`,
    service,
    name,
    kind,
    depth: above === undefined ? 0 : above.depth + 1,
    parent,
    count: 0,
    errors: 0,
    totalNs: 0,
    selfNs: 0,
    subtreeNs: 0,
    longest: { key: row.key, durationNs: -1 },
  })
  return place
}
