import { addHistograms } from '@skein/schemas/histogram'
import { EVIDENCE, edgeId, type NodeKey } from '@skein/schemas/topology'
import type { EdgeRow } from '@skein/store/contract'
import { createNodeIds } from './node-ids.ts'

/** One or more stored edges that are the same edge once their ends are named. */
export interface MergedEdge extends EdgeRow {
  /** Node ids of its ends. */
  sourceId: string
  targetId: string
  /** Ids of the stored edges it is made of. */
  storedIds: string[]
}

/** Adds up edges whose ends became the same: counts and histograms are sums, so the order of the rows does not matter. */
export function mergeEdges(rows: Iterable<EdgeRow & { storedIds?: readonly string[] }>, rename: (node: NodeKey) => NodeKey): MergedEdge[] {
  const idOf = createNodeIds()
  const merged = new Map<string, MergedEdge>()
  const single = new Set<string>()
  for (const row of rows) {
    const source = rename(row.source)
    const target = rename(row.target)
    const same = source === row.source && target === row.target
    const id = same ? row.edgeId : edgeId(source, target, row.kind)
    const storedIds = row.storedIds ?? [row.edgeId]
    const known = merged.get(id)
    if (known === undefined) {
      merged.set(id, { ...row, edgeId: id, source, target, sourceId: idOf(source), targetId: idOf(target), storedIds: [...storedIds] })
      single.add(id)
      continue
    }
    // Most edges stay alone, so only the first sum copies what it adds to.
    const sum = single.delete(id) ? { ...known, evidence: { ...known.evidence } } : known
    merged.set(id, sum)
    addEdge(sum, row, storedIds)
  }
  return [...merged.values()]
}

function addEdge(to: MergedEdge, from: EdgeRow, storedIds: readonly string[]): void {
  to.calls += from.calls
  to.callsSeen += from.callsSeen
  to.errors += from.errors
  for (const evidence of EVIDENCE) to.evidence[evidence] += from.evidence[evidence]
  to.client = addHistograms(to.client, from.client)
  to.server = addHistograms(to.server, from.server)
  to.network = addHistograms(to.network, from.network)
  to.queueWait = addHistograms(to.queueWait, from.queueWait)
  to.firstSeenMs = Math.min(to.firstSeenMs, from.firstSeenMs)
  to.lastSeenMs = Math.max(to.lastSeenMs, from.lastSeenMs)
  to.storedIds.push(...storedIds)
}
