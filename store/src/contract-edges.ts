import type { ServiceKey, TenantWindow } from './contract-terms.ts'

/** One instance at one side of an edge. */
export interface EdgeInstanceRow {
  side: 'source' | 'target'
  instance: string
  calls: number
  errors: number
  /** In ns, ±9 %; null when nothing was measured. */
  p95: number | null
  /** Of all instances of its side, also of those that are not told. */
  ofSide: { instances: number; calls: number; errors: number }
}

/** What stands at the ends of edges, and who uses them. */
export interface EdgeEndQuestions {
  /** Busiest first, at most so many a side. */
  edgeInstances(window: TenantWindow, edgeIds: readonly string[], perSide: number): Promise<EdgeInstanceRow[]>
  /** All operations of edges: how many there are, and their calls. */
  edgeOperationSums(window: TenantWindow, edgeIds: readonly string[]): Promise<{ operations: number; calls: number; errors: number }>
  /** Edge id → viewers (±2 %), of edges that have any. The map may be shared. */
  viewers(window: TenantWindow): Promise<ReadonlyMap<string, number>>
  /** Viewers of edges that are one, each group counted together; no edge is in two groups. */
  viewersOfGroups(window: TenantWindow, groups: readonly (readonly string[])[]): Promise<number[]>
  /** Services that pass calls on, and the software that does. The rows may be shared. */
  proxies(window: TenantWindow): Promise<readonly (ServiceKey & { proxy: string })[]>
}

/** Which stored spans a late look-up asks for. */
export interface StoredSpanLookUp {
  tenant: string
  /** 32 hex digits each. */
  traceIds: readonly string[]
  /** Of the start, Unix ms. */
  fromMs: number
  toMs: number
  /** Only spans that had arrived before this log time for certain. */
  beforeMs: number
  spansPerTrace: number
  /** Only spans that have links. */
  linkedOnly?: boolean
}
