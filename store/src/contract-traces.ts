import type { TraceAttributes, TraceDifferences, TraceSelection } from './contract-comparison.ts'
import type { StoredSpanLookUp } from './contract-edges.ts'
import type { EdgeKind, NodeKind } from '@skein/schemas/topology'
import type { StoredValue, TenantWindow } from './contract-terms.ts'

/** One end of a call, by the name that ingest gave it. */
export interface CallEnd {
  kind: NodeKind
  name: string
}

/** A call as an edge of the topology is stored. */
export interface TraceCall {
  kind: EdgeKind
  source: CallEnd
  target: CallEnd
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
  /** The trace has one of these calls at least, in whatever spans; none is in no trace. `error` is then of the call, whichever side erred. */
  calls?: readonly TraceCall[]
  /** `aliases`: other keys that mean the same. */
  attributes: readonly { key: string; value: string; aliases?: readonly string[] }[]
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

/** What one service has in one trace. */
export interface ServiceInTrace {
  traceId: string
  service: string
  spans: number
  /** Spans with an error, and spans whose parent is not in the trace. */
  errors: number
  orphans: number
}

/** A span of another trace that names a trace in its links. */
export interface LinkingSpan {
  traceId: string
  spanId: string
  name: string
  service: string
  startNs: string
  /** The spans of that trace that it names, 16 hex digits each. */
  to: string[]
}

/** Which stored spans link to traces. */
export interface LinkOwnerLookUp {
  tenant: string
  /** 32 hex digits each. */
  traceIds: readonly string[]
  /** Only those that had arrived before this log time for certain. */
  beforeMs: number
  /** Earliest first, for each trace that is linked to. */
  ownersPerTrace: number
}

/** A span that links to a trace, maybe its own. */
export interface LinkOwner {
  linkedTraceId: string
  /** Of the owner; its start, Unix ms. */
  traceId: string
  startMs: number
}

/** A search without an order. */
export type PointSearch = Omit<TraceSearch, 'sort' | 'limit' | 'after'>

export interface TraceQuestions {
  search(search: TraceSearch): Promise<TraceRow[]>
  /** At most `limit` traces that a search without order finds, in no order; when there are more, an even sample of them. `total` is about how many there are. */
  points(search: PointSearch, limit: number): Promise<{ points: TracePoint[]; total: number }>
  /** Selected traces of a search against the others: at most `perSide` of each, drawn by lot. */
  differences(search: PointSearch, selection: TraceSelection, perSide: number): Promise<TraceDifferences>
  /** What stands in the traces of a search: of at most `limit` of them, drawn by lot. */
  attributes(search: PointSearch, limit: number): Promise<TraceAttributes>
  /** The services of these traces, by trace and name; a span that came twice counts once. */
  services(window: TenantWindow, traceIds: readonly string[]): Promise<ServiceInTrace[]>
  /** Names and kinds of a service's spans in a window. */
  spanNames(window: TenantWindow, service: string, limit: number): Promise<{ name: string; kind: number }[]>
  /** Spans of other traces, of any time, with a link to a trace, each once, earliest first. */
  linking(tenant: string, traceId: string, limit: number): Promise<LinkingSpan[]>
  /** Who links to these traces: those of the look-up and no others, as `stored`. */
  linkOwners(lookUp: LinkOwnerLookUp): Promise<LinkOwner[]>
  /** Spans of a trace, each once, by start; at most `limit`. `aroundMs` makes it faster when the time is known. */
  spans(tenant: string, traceId: string, limit: number, aroundMs?: number): Promise<{ spans: SpanRow[]; truncated: boolean }>
  /** Spans of several traces, each once, by trace and start: those of the look-up and no others, so that the same question later has the same answer. */
  stored(lookUp: StoredSpanLookUp): Promise<StoredSpan[]>
  /** Fingerprint (16 hex digits) → OTLP bytes of the Resource message. */
  resources(tenant: string, fingerprints: readonly string[]): Promise<Map<string, Uint8Array>>
}
