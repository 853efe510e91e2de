import { configSchema, type HealthThresholds } from '@skein/schemas/config'
import { isEmptyHistogram } from '@skein/schemas/histogram'
import { nodeId } from '@skein/schemas/topology'
import { histogramPercentiles, quantilePercentiles } from '../milliseconds.ts'
import type { ServiceRow, TopologyRows } from './topology-rows.ts'
import { type WeekAgo, thresholdsOf } from './health.ts'
import { mergeEdges, type MergedEdge } from './merged-edge.ts'
import { createPeerNames, serviceNode } from './resolve.ts'

/** What the numbers of a window are seen beside. */
export interface Context {
  thresholds: HealthThresholds
  /** Ids → the same minutes a week before. */
  nodes: ReadonlyMap<string, WeekAgo>
  edges: ReadonlyMap<string, WeekAgo>
  /** Node id → the software that passes calls on. */
  proxies: ReadonlyMap<string, string>
  /** Stored edge id, or those of one edge joined by a space → viewers. */
  viewers: ReadonlyMap<string, number>
}

export const NO_CONTEXT: Context = {
  thresholds: thresholdsOf(configSchema.parse({}), ''),
  nodes: new Map(),
  edges: new Map(),
  proxies: new Map(),
  viewers: new Map(),
}

/** The week before is named by what the window knows now, so that an edge is compared with itself. */
export function contextOf(rows: TopologyRows, thresholds: HealthThresholds): Context {
  const before = mergeEdges(rows.weekAgo.edges, createPeerNames(rows.services, rows.addresses))
  const nodes = new Map(rows.weekAgo.services.map((row) => [nodeId(serviceNode(row)), serviceNumbers(row)]))
  return {
    thresholds,
    nodes,
    edges: new Map(before.map((edge) => [edge.edgeId, numbersOf(edge)])),
    proxies: new Map(rows.proxies.map((row) => [nodeId(serviceNode(row)), row.proxy])),
    viewers: rows.viewers,
  }
}

export function serviceNumbers(row: ServiceRow): WeekAgo {
  return { calls: row.calls, p95Ms: quantilePercentiles(row.duration).p95Ms }
}

export function numbersOf(edge: Pick<MergedEdge, 'calls' | 'client' | 'server'>): WeekAgo {
  return { calls: edge.calls, p95Ms: histogramPercentiles(latencyOf(edge, edge))?.p95Ms ?? null }
}

/** Of what is known of both sides that of the edge's latency: what its callers wait, else what its callees take. */
export function latencyOf<T>({ client }: Pick<MergedEdge, 'client'>, of: { client: T; server: T }): T {
  return isEmptyHistogram(client) ? of.server : of.client
}

/** Stored edges that are one edge, as `Context.viewers` knows them. */
export function groupName(storedIds: readonly string[]): string {
  return [...storedIds].sort((a, b) => (a < b ? -1 : 1)).join(' ')
}

export function viewersOf({ storedIds }: Pick<MergedEdge, 'storedIds'>, viewers: ReadonlyMap<string, number>): number | null {
  return viewers.get(storedIds.length === 1 ? (storedIds[0] ?? '') : groupName(storedIds)) ?? null
}
