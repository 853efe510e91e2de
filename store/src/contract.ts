import type { Histogram } from '@skein/schemas/histogram'
import type { EdgeKind, Evidence, NodeKey, NoteCode } from '@skein/schemas/topology'
import type { OutcomeKind, OutcomeReason, SIGNALS } from '@skein/schemas/outcomes'
import type { EdgeEndQuestions } from './contract-edges.ts'
import type { EventStore } from './contract-events.ts'
import type { LogFiles } from './contract-log-files.ts'
import type { LogMetricQuestions } from './contract-log-metrics.ts'
import type { LogPatternQuestions, StoredPattern } from './contract-log-patterns.ts'
import type { LogRuleQuestions } from './contract-log-rules.ts'
import type { LogQuestions } from './contract-logs.ts'
import type { PathQuestions } from './contract-paths.ts'
import type { ScenarioQuestions } from './contract-scenarios.ts'
import type { Quantiles, RedRow, ServiceKey, TenantWindow } from './contract-terms.ts'
import type { TraceQuestions } from './contract-traces.ts'
import type { TableName } from './tables.ts'

/**
 * The memory. Two drivers (embedded chDB, ClickHouse over HTTP) run one conformance suite.
 *
 * Laws: an insert that resolved is durable and visible. The same range inserted any number of times, by any process, after any
 * crash, is there once per table. A question reads one tenant only, by construction; it never writes; it fails with
 * `QueryLimitError` rather than hurt others. `StoreUnavailableError` = try again; `RejectedBlockError` = the same block fails again.
 */
export interface Store {
  readonly ingest: IngestStore
  readonly topology: TopologyQuestions
  readonly services: ServiceQuestions
  readonly traces: TraceQuestions
  readonly events: EventStore
  readonly scenarios: ScenarioQuestions
  readonly paths: PathQuestions
  readonly logs: LogQuestions
  readonly logPatterns: LogPatternQuestions
  readonly logRules: LogRuleQuestions
  readonly logMetrics: LogMetricQuestions
  readonly intake: IntakeQuestions
  /** Resolves when the store answers now; rejects with why not. */
  probe(): Promise<void>
  /** Rejects with `StoreDamagedError` when whoever holds the store must end at once and open it anew. */
  readonly failed: Promise<never>
  close(): Promise<void>
}

export interface IngestStore {
  /** Inserts one table's share of a range, exactly once. `redo` = this range may have been inserted before a crash: ask its markers first. */
  insert(range: RangeName, block: TableBlock, redo: boolean): Promise<void>
  /** Batch ids (18 bytes as 36 hex digits: request id + part) of ranges received since a time, for one partition; with `beforeOffset` only of ranges that end below it (`last < beforeOffset`), so that a range about to be redone does not meet itself. */
  batchIdsSince(topic: string, partition: number, sinceMs: number, beforeOffset?: number): Promise<string[]>
  /** Where files were read to, as far as ranges of a partition of `skein.logs` know that were received since a time and end below an offset. */
  logFilesBefore(partition: number, beforeOffset: number, sinceMs: number): Promise<LogFiles[]>
  /** Templates of log lines of a partition of `skein.logs`, as ranges that end below an offset left them; of each service in the order they were made. */
  patternsBefore(partition: number, beforeOffset: number): Promise<StoredPattern[]>
}

/** Names what was planned: `topic:partition:first-last[,partition:first-last…]`. The token of a table is this and the table's name. */
export type RangeName = string

export interface TableBlock {
  table: TableName
  /** Native blocks, each with all columns of the table in its order. */
  blocks: readonly Uint8Array[]
  rows: number
  /** Days (Unix day numbers, UTC) of the partition column in these rows. */
  days: readonly number[]
}

export interface EdgeRow {
  /** 16 hex digits. */
  edgeId: string
  kind: EdgeKind
  source: NodeKey
  target: NodeKey
  calls: number
  callsSeen: number
  errors: number
  evidence: Record<Evidence, number>
  /** Whole, so that edges can be added up. */
  client: Histogram
  server: Histogram
  network: Histogram
  queueWait: Histogram
  firstSeenMs: number
  lastSeenMs: number
}

export interface ExemplarRow {
  edgeId: string
  traceId: string
  spanId: string
  durationNs: number
  /** On the network or in the queue; 0 where it was not measured. */
  transitNs: number
  error: boolean
}

export interface EdgeMinute {
  minuteMs: number
  calls: number
  errors: number
  client: Quantiles | null
  server: Quantiles | null
  network: Quantiles | null
  queueWait: Quantiles | null
}

/** A step of a window; a value a group, in the order of the groups. */
export interface EdgeFrame {
  timeMs: number
  calls: Float64Array
  errors: Float64Array
  /** Of the callers when they measured, else of the callees; NaN when nobody did. */
  p95Ns: Float64Array
}

export interface NoteRow {
  code: NoteCode
  subject: string
  count: number
}

export interface TopologyQuestions extends EdgeEndQuestions {
  /** Reads what edges and exemplars of a window, and of longer ones around it, are put together from: who asks for these then waits less. */
  readAhead(window: TenantWindow): Promise<void>
  /** Edges with more than 0 calls. The rows may be shared with other questions. */
  edges(window: TenantWindow): Promise<readonly EdgeRow[]>
  /** Slowest and newest-error exemplars, of named edges also those longest on their way, at most `perEdge` of each an edge. */
  exemplars(window: TenantWindow, perEdge: number, edgeIds?: readonly string[]): Promise<readonly ExemplarRow[]>
  notes(window: TenantWindow): Promise<readonly NoteRow[]>
  edgeSeries(window: TenantWindow, edgeIds: readonly string[]): Promise<EdgeMinute[]>
  /** Steps that have calls of any of the groups (ids that are one edge, each in one group), whole ones also at the ends of the window, in order. The arrays may be shared. */
  edgeFrames(window: TenantWindow, stepSeconds: number, groups: readonly (readonly string[])[]): Promise<readonly EdgeFrame[]>
  /** Busiest first, at most `limit`. */
  edgeOperations(window: TenantWindow, edgeIds: readonly string[], limit: number): Promise<({ operation: string } & RedRow)[]>
}

export interface ServiceQuestions {
  /** Reads what services and addresses of a window, and of longer ones around it, are put together from. */
  readAhead(window: TenantWindow): Promise<void>
  /** All services with their numbers and how many instances reported. */
  services(window: TenantWindow, name?: string): Promise<readonly (ServiceKey & RedRow & { instances: number })[]>
  operations(window: TenantWindow, service: Partial<ServiceKey>, limit: number): Promise<({ operation: string; kind: number } & RedRow)[]>
  instances(window: TenantWindow, service: Partial<ServiceKey>): Promise<({ instance: string; version: string; lastSeenMs: number } & RedRow)[]>
  series(window: TenantWindow, service: Partial<ServiceKey>, stepSeconds: number): Promise<({ timeMs: number } & RedRow)[]>
  /** Addresses by which instances are known: address → service, for naming peers at read time. */
  addresses(window: TenantWindow): Promise<readonly { address: string; service: ServiceKey }[]>
}

export interface IntakeQuestions {
  /** Acknowledged records by minute of reception and signal, from `ranges`. */
  accepted(
    window: TenantWindow,
  ): Promise<{ minuteMs: number; signal: 'traces' | 'logs'; records: number; visible: number; repeats: number; dead: number; bytes: number }[]>
  outcomes(window: TenantWindow): Promise<
    {
      minuteMs: number
      signal: (typeof SIGNALS)[number]
      keyId: string
      kind: OutcomeKind
      reason: OutcomeReason
      requests: number
      records: number
      bytes: number
    }[]
  >
  /** Newest range of a tenant, null before the first. */
  newest(tenant: string): Promise<{ receivedMs: number; newestSpanMs: number } | null>
}
