import { EVIDENCE, edgeId, type Evidence, type NodeKey } from '@skein/schemas/topology'
import type { EdgeRow } from '@skein/store/contract'

/** One or more stored edges that are the same edge once their ends are named. */
export interface MergedEdge extends EdgeRow {
  /** Ids of the stored edges it is made of. */
  storedIds: string[]
}

/** Adds up edges whose ends became the same: counts and histograms are sums, so the order of the rows does not matter. */
export function mergeEdges(rows: Iterable<EdgeRow & { storedIds?: readonly string[] }>, rename: (node: NodeKey) => NodeKey): MergedEdge[] {
  const merged = new Map<string, MergedEdge>()
  for (const row of rows) {
    const source = rename(row.source)
    const target = rename(row.target)
    const same = source === row.source && target === row.target
    const id = same ? row.edgeId : edgeId(source, target, row.kind)
    const storedIds = row.storedIds ?? [row.edgeId]
    const known = merged.get(id)
    if (known === undefined) merged.set(id, { ...copyOf(row), edgeId: id, source, target, storedIds: [...storedIds] })
    else addEdge(known, row, storedIds)
  }
  return [...merged.values()]
}

function copyOf(row: EdgeRow): EdgeRow {
  return {
    ...row,
    evidence: { ...row.evidence },
    client: new Map(row.client),
    server: new Map(row.server),
    network: new Map(row.network),
    queueWait: new Map(row.queueWait),
  }
}

function addEdge(to: MergedEdge, from: EdgeRow, storedIds: readonly string[]): void {
  to.calls += from.calls
  to.callsSeen += from.callsSeen
  to.errors += from.errors
  for (const evidence of EVIDENCE) to.evidence[evidence] += from.evidence[evidence]
  addHistogram(to.client, from.client)
  addHistogram(to.server, from.server)
  addHistogram(to.network, from.network)
  addHistogram(to.queueWait, from.queueWait)
  to.firstSeenMs = Math.min(to.firstSeenMs, from.firstSeenMs)
  to.lastSeenMs = Math.max(to.lastSeenMs, from.lastSeenMs)
  to.storedIds.push(...storedIds)
}

export function addHistogram(to: Map<number, number>, from: ReadonlyMap<number, number>): void {
  for (const [bucket, count] of from) to.set(bucket, (to.get(bucket) ?? 0) + count)
}

export function noEvidence(): Record<Evidence, number> {
  return { paired: 0, clientOnly: 0, serverOnly: 0, parentChild: 0, topic: 0, link: 0, log: 0 }
}
