import { histogramOf, NO_HISTOGRAM } from '@skein/schemas/histogram'
import { edgeId, type EdgeKind, type NodeKey, type NodeKind } from '@skein/schemas/topology'
import type { EdgeRow } from '@skein/store/contract'
import type { ServiceRow, TopologyRows } from '../topology/topology-rows.ts'

/** Rows of a window in which nothing was seen. */
export function noRows(): TopologyRows {
  return { edges: [], services: [], addresses: [], exemplars: [], notes: [], viewers: new Map(), proxies: [], weekAgo: { edges: [], services: [] } }
}

export function nodeKey(kind: NodeKind, name: string, place: Partial<NodeKey> = {}): NodeKey {
  return { environment: 'prod', cluster: '', namespace: '', ...place, kind, name }
}

export function serviceRow(service: string, overrides: Partial<ServiceRow> = {}): ServiceRow {
  return { environment: 'prod', cluster: '', namespace: '', service, calls: 100, errors: 0, duration: null, instances: 1, ...overrides }
}

/** A stored edge of so many calls, all of one evidence and one duration. */
export function edgeRow(source: NodeKey, target: NodeKey, overrides: Partial<EdgeRow> = {}, kind: EdgeKind = 'http'): EdgeRow {
  const calls = overrides.calls ?? 100
  return {
    edgeId: edgeId(source, target, kind),
    kind,
    source,
    target,
    calls,
    callsSeen: calls,
    errors: 0,
    evidence: { paired: calls, clientOnly: 0, serverOnly: 0, parentChild: 0, topic: 0, link: 0, log: 0 },
    client: histogramOf([[700, calls]]),
    server: histogramOf([[690, calls]]),
    network: NO_HISTOGRAM,
    queueWait: NO_HISTOGRAM,
    firstSeenMs: 60_000,
    lastSeenMs: 120_000,
    ...overrides,
  }
}
