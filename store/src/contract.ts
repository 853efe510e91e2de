import type { RunOutcome } from '@skein/schemas/api/scenarios'
import type { StepMatch } from '@skein/schemas/scenario'
import type { Histogram } from '@skein/schemas/histogram'
import type { EdgeKind, Evidence, NodeKey, NoteCode } from '@skein/schemas/topology'
import type { OutcomeKind, OutcomeReason, SIGNALS } from '@skein/schemas/outcomes'
import type { TraceAttributes, TraceDifferences, TraceSelection } from './contract-comparison.ts'
import type { EdgeEndQuestions, StoredSpanLookUp } from './contract-edges.ts'
import type { EventStore } from './contract-events.ts'
import type { Quantiles, RedRow, ServiceKey, StoredValue, TenantWindow } from './contract-terms.ts'
import type { PathContributor, PathEntry, PathExemplar, PathSight, PathStep } from './path-text.ts'
import type { TableName } from './tables.ts'

export type { EdgeInstanceRow, StoredSpanLookUp } from './contract-edges.ts'
export type { Quantiles, RedRow, ServiceKey, StoredValue, TenantWindow } from './contract-terms.ts'

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
  readonly intake: IntakeQuestions
  /** Resolves when the store answers now; rejects with why not. */
  probe(): Promise<void>
  close(): Promise<void>
}

export interface IngestStore {
  /** Inserts one table's share of a range, exactly once. `redo` = this range may have been inserted before a crash: ask its markers first. */
  insert(range: RangeName, block: TableBlock, redo: boolean): Promise<void>
  /** Batch ids (18 bytes as 36 hex digits: request id + part) of ranges received since a time, for one partition; with `beforeOffset` only of ranges that end below it (`last < beforeOffset`), so that a range about to be redone does not meet itself. */
  batchIdsSince(topic: string, partition: number, sinceMs: number, beforeOffset?: number): Promise<string[]>
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
  /** Edges with more than 0 calls. The rows may be shared with other questions. */
  edges(window: TenantWindow): Promise<readonly EdgeRow[]>
  /** Slowest and newest-error exemplars, at most `perEdge` of each an edge. */
  exemplars(window: TenantWindow, perEdge: number, edgeIds?: readonly string[]): Promise<readonly ExemplarRow[]>
  notes(window: TenantWindow): Promise<readonly NoteRow[]>
  edgeSeries(window: TenantWindow, edgeIds: readonly string[]): Promise<EdgeMinute[]>
  /** Steps that have calls of any of the groups (ids that are one edge, each in one group), whole ones also at the ends of the window, in order. The arrays may be shared. */
  edgeFrames(window: TenantWindow, stepSeconds: number, groups: readonly (readonly string[])[]): Promise<readonly EdgeFrame[]>
  /** Busiest first, at most `limit`. */
  edgeOperations(window: TenantWindow, edgeIds: readonly string[], limit: number): Promise<({ operation: string } & RedRow)[]>
}

export interface ServiceQuestions {
  /** All services with their numbers and how many instances reported. */
  services(window: TenantWindow, name?: string): Promise<readonly (ServiceKey & RedRow & { instances: number })[]>
  operations(window: TenantWindow, service: Partial<ServiceKey>, limit: number): Promise<({ operation: string; kind: number } & RedRow)[]>
  instances(window: TenantWindow, service: Partial<ServiceKey>): Promise<({ instance: string; version: string; lastSeenMs: number } & RedRow)[]>
  series(window: TenantWindow, service: Partial<ServiceKey>, stepSeconds: number): Promise<({ timeMs: number } & RedRow)[]>
  /** Addresses by which instances are known: address → service, for naming peers at read time. */
  addresses(window: TenantWindow): Promise<readonly { address: string; service: ServiceKey }[]>
}

export interface TraceSearch extends TenantWindow {
  service?: string
  operation?: string
  entry?: string
  minDurationNs?: number
  maxDurationNs?: number
  error?: boolean
  /** Of the one span, like service, operation, error and attributes: OTLP numbers, ns. */
  kind?: number
  status?: number
  minSpanNs?: number
  maxSpanNs?: number
  attributes: readonly { key: string; value: string }[]
  sort: 'newest' | 'longest'
  limit: number
  /** Position after the last trace of the page before, as `after` of its row. */
  after?: string
}

export interface TraceRow {
  traceId: string
  hasRoot: boolean
  rootService: string
  rootOperation: string
  /** Decimal. */
  startNs: string
  durationNs: number
  spans: number
  errors: number
  services: string[]
  after: string
}

export interface SpanRow {
  spanId: string
  /** '' for a root, or when only a part of it could be kept and the parent is not in this trace. */
  parentSpanId: string
  name: string
  kind: number
  status: number
  message: string
  service: string
  scope: string
  startNs: string
  durationNs: string
  resource: string
  attributes: readonly (readonly [key: string, value: StoredValue])[]
  /** Concatenated OTLP SpanEvent and SpanLink messages, each with its varint length before it. */
  events: Uint8Array
  links: Uint8Array
}

/** A stored span as the late look-up of ingest needs it. */
export interface StoredSpan extends SpanRow {
  traceId: string
  /** Log time by which it had arrived for certain, Unix ms. */
  arrivedByMs: number
  /** Spans that it stands for; 0 when it does not say. */
  weight: number
}

/** A trace as a dot: when it started, how long it took, whether it failed. */
export interface TracePoint {
  traceId: string
  /** Decimal. */
  startNs: string
  durationNs: number
  errors: number
}

/** A span of another trace that names a trace in its links. */
export interface LinkingSpan {
  traceId: string
  spanId: string
  name: string
  service: string
  startNs: string
  /** Concatenated OTLP SpanLink messages, each with its varint length before it. */
  links: Uint8Array
}

/** A search without an order. */
export type PointSearch = Omit<TraceSearch, 'sort' | 'limit' | 'after'>

export interface TraceQuestions {
  search(search: TraceSearch): Promise<TraceRow[]>
  /** At most `limit` traces that a search without order finds, in no order; when there are more, an even sample of them. `total` is about how many there are. */
  points(search: Omit<TraceSearch, 'sort' | 'limit' | 'after'>, limit: number): Promise<{ points: TracePoint[]; total: number }>
  /** Selected traces of a search against the others: at most `perSide` of each, drawn by lot. */
  differences(search: PointSearch, selection: TraceSelection, perSide: number): Promise<TraceDifferences>
  /** What stands in the traces of a search: of at most `limit` of them, drawn by lot. */
  attributes(search: PointSearch, limit: number): Promise<TraceAttributes>
  /** Names and kinds of a service's spans in a window. */
  spanNames(window: TenantWindow, service: string, limit: number): Promise<{ name: string; kind: number }[]>
  /** Spans in a window, of other traces, with a link to a trace, earliest first. */
  linking(window: TenantWindow, traceId: string, limit: number): Promise<LinkingSpan[]>
  /** Spans of a trace, each once, by start; at most `limit`. `aroundMs` makes it faster when the time is known. */
  spans(tenant: string, traceId: string, limit: number, aroundMs?: number): Promise<{ spans: SpanRow[]; truncated: boolean }>
  /** Spans of several traces, each once, by trace and start: those of the look-up and no others, so that the same question later has the same answer. */
  stored(lookUp: StoredSpanLookUp): Promise<StoredSpan[]>
  /** Fingerprint (16 hex digits) → OTLP bytes of the Resource message. */
  resources(tenant: string, fingerprints: readonly string[]): Promise<Map<string, Uint8Array>>
}

export interface ScenarioStepQuestion {
  match: StepMatch
  optional: boolean
  slowNs: number | null
}

/** A scenario asked about a window of starts. */
export interface ScenarioQuestion extends TenantWindow {
  steps: readonly ScenarioStepQuestion[]
  /** Index of the step that is success. */
  success: number
  /** Span attributes that are the key, the first there is; null = the trace. */
  keys: readonly string[] | null
  withinMs: number
  /** Stored spans, or the matches that ingest wrote for a version of a scenario. */
  from: 'spans' | { scenario: string; version: number }
  nowMs: number
  /** Only this key's runs. */
  key?: string
}

/** Counts of the keys looked at: one in `oneIn`. */
export interface ScenarioFunnel {
  oneIn: number
  /** One key has so many matches that not all were looked at. */
  cut: boolean
  /** Matches of all keys, and those of records without a key. A record that is two steps is two. */
  matches: number
  withoutKey: number
  outcomes: Record<RunOutcome, number>
  steps: { reached: number; dropped: number; errors: number; slow: number; took: Histogram }[]
  /** By start, only those with runs. */
  points: { timeMs: number; starts: number; successes: number; reached: number[] }[]
  sample: RunRow[]
}

/** A match that made or missed a step. */
export interface RunStep {
  /** Unix ns, decimal. */
  atNs: string
  durationNs: number
  traceId: string
  spanId: string
}

export interface RunRow {
  key: string
  startNs: string
  /** When its time is over. */
  endNs: string
  outcome: RunOutcome
  steps: { reached: RunStep | null; erred: RunStep | null }[]
  /** Its position, for the page after. */
  after: string
}

/** Runs are formed when asked, so late, repeated and reordered records change nothing but what they should. */
export interface ScenarioQuestions {
  /** Points of `stepSeconds` from the start of the window on; and the newest `sample` runs of each outcome. */
  funnel(question: ScenarioQuestion, options: { stepSeconds: number; sample: number }): Promise<ScenarioFunnel>
  /** Newest start first; of a sample when there are very many. */
  runs(question: ScenarioQuestion, page: { limit: number; outcomes?: readonly RunOutcome[]; after?: string }): Promise<RunRow[]>
  /** Spans of traces of a window, each trace's once and by start; with `spanIds` only those. At most `limit` in all. */
  spans(window: TenantWindow, wanted: { traceIds: readonly string[]; spanIds?: readonly string[]; limit: number }): Promise<Map<string, SpanRow[]>>
  /** What sessions did, in order: sequences of entries, the most frequent first. */
  entries(window: TenantWindow, sessions: number): Promise<{ sessions: number; entries: { service: string; operation: string }[] }[]>
}

/** Numbers of one thing on the path in one latency band (`pathBandEndNs`), over all its traces. */
interface PathNumbers {
  band: number
  traces: number
  count: number
  timeNs: number
  errors: number
  retries: number
  savingNs: number
  exemplar: PathExemplar | null
}

export type PathItemRow =
  | (PathNumbers & { what: 'part'; of: PathContributor })
  | (PathNumbers & { what: 'finding'; of: PathSight })
  | (PathNumbers & { what: 'shape'; of: PathStep[] })

/** Whole traces: how many, their time together, and how long each took. */
export interface PathTraces {
  traces: number
  timeNs: number
  duration: Histogram
}

/** Where the time of whole traces goes. A `release` is the `service.version` of the service where they start. */
export interface PathQuestions {
  /** Operations where traces start, those whose traces took most first, at most 5,000. */
  entries(window: TenantWindow): Promise<readonly ({ entry: PathEntry; errors: number } & Omit<PathTraces, 'duration'>)[]>
  /** Own time at a node of this name, or on an edge to or from it, by entry, most first, at most 20,000 rows. A contributor may only mention the name. */
  mentions(window: TenantWindow, name: string): Promise<readonly { entry: PathEntry; contributor: PathContributor; timeNs: number }[]>
  /** How long the traces of some entries took. */
  durations(window: TenantWindow, entries: readonly PathEntry[]): Promise<readonly { entry: PathEntry; duration: Histogram }[]>
  releases(window: TenantWindow, entry: PathEntry): Promise<readonly { version: string; traces: number }[]>
  duration(window: TenantWindow, entry: PathEntry, release?: string): Promise<PathTraces>
  /** Own time, findings and shapes by latency band, at most 20,000 rows of each, those that take most first. */
  items(window: TenantWindow, entry: PathEntry, release?: string): Promise<readonly PathItemRow[]>
  /** Own time of each contributor by trace, in latency bands from one to another. */
  partDurations(
    window: TenantWindow,
    entry: PathEntry,
    of: { fromBand: number; toBand: number; release?: string | undefined },
  ): Promise<readonly { contributor: PathContributor; duration: Histogram }[]>
  /** `no_root`, `late_corrections`, `limit`, `sampled`: how often. */
  notes(window: TenantWindow): Promise<readonly { code: string; count: number }[]>
}

export interface IntakeQuestions {
  /** Acknowledged records by minute of reception, from `ranges`. */
  accepted(window: TenantWindow): Promise<{ minuteMs: number; records: number; visible: number; repeats: number; dead: number; bytes: number }[]>
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
