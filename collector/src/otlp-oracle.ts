import protobuf from 'protobufjs'

/**
 * A second, independent reading of OTLP traces and logs for tests: protobufjs with the published message definitions
 * (opentelemetry-proto 1.9.0). The scanner must agree with it.
 */
const PROTO = `
syntax = "proto3";
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; ArrayValue array_value = 5; KeyValueList kvlist_value = 6; bytes bytes_value = 7; } }
message ArrayValue { repeated AnyValue values = 1; }
message KeyValueList { repeated KeyValue values = 1; }
message KeyValue { string key = 1; AnyValue value = 2; }
message InstrumentationScope { string name = 1; string version = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
message Resource { repeated KeyValue attributes = 1; uint32 dropped_attributes_count = 2; }
message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; uint32 dropped_attributes_count = 4; }
message Link { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; repeated KeyValue attributes = 4; uint32 dropped_attributes_count = 5; fixed32 flags = 6; }
message Status { string message = 2; int32 code = 3; }
message Span { bytes trace_id = 1; bytes span_id = 2; string trace_state = 3; bytes parent_span_id = 4; string name = 5; int32 kind = 6; fixed64 start_time_unix_nano = 7; fixed64 end_time_unix_nano = 8; repeated KeyValue attributes = 9; uint32 dropped_attributes_count = 10; repeated Event events = 11; uint32 dropped_events_count = 12; repeated Link links = 13; uint32 dropped_links_count = 14; Status status = 15; fixed32 flags = 16; }
message ScopeSpans { InstrumentationScope scope = 1; repeated Span spans = 2; string schema_url = 3; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; string schema_url = 3; }
message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
message PartialSuccess { int64 rejected = 1; string error_message = 2; }
message ExportServiceResponse { PartialSuccess partial_success = 1; }
message LogRecord { fixed64 time_unix_nano = 1; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5; repeated KeyValue attributes = 6; uint32 dropped_attributes_count = 7; fixed32 flags = 8; bytes trace_id = 9; bytes span_id = 10; fixed64 observed_time_unix_nano = 11; string event_name = 12; }
message ScopeLogs { InstrumentationScope scope = 1; repeated LogRecord log_records = 2; string schema_url = 3; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; string schema_url = 3; }
message ExportLogsServiceRequest { repeated ResourceLogs resource_logs = 1; }
message Point { fixed64 time_unix_nano = 3; }
message Points { repeated Point data_points = 1; }
message Metric { string name = 1; Points gauge = 5; Points sum = 7; Points histogram = 9; Points exponential_histogram = 10; Points summary = 11; }
message ScopeMetrics { repeated Metric metrics = 2; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message ExportMetricsServiceRequest { repeated ResourceMetrics resource_metrics = 1; }
message Any { string type_url = 1; bytes value = 2; }
message RpcStatus { int32 code = 1; string message = 2; repeated Any details = 3; }
message FieldViolation { string field = 1; string description = 2; }
message BadRequest { repeated FieldViolation field_violations = 1; }
message Duration { int64 seconds = 1; int32 nanos = 2; }
message RetryInfo { Duration retry_delay = 1; }
`
const root = protobuf.parse(PROTO, { keepCase: false }).root

export interface OracleSpan {
  traceId: string
  spanId: string
  name: string
  links: { traceId: string }[]
  /** Everything, with resource and scope, in one canonical text. */
  canonical: string
}

export function encodeMessage(type: string, value: object): Buffer {
  const message = root.lookupType(type)
  return Buffer.from(message.encode(message.fromObject(value)).finish())
}

export function decodeMessage(type: string, bytes: Uint8Array): Record<string, unknown> {
  const message = root.lookupType(type)
  return message.toObject(message.decode(bytes), { longs: String, bytes: String, defaults: false })
}

/** Spans of a traces request; throws when the bytes are not one. */
export function oracleSpans(bytes: Uint8Array): OracleSpan[] {
  const request = decodeMessage('ExportTraceServiceRequest', bytes) as { resourceSpans?: SpanGroup[] }
  return (request.resourceSpans ?? []).flatMap((group) =>
    (group.scopeSpans ?? []).flatMap((scope) =>
      (scope.spans ?? []).map((span) => ({
        traceId: span.traceId ?? '',
        spanId: span.spanId ?? '',
        name: span.name ?? '',
        links: span.links ?? [],
        canonical: canonical(group, scope, span),
      })),
    ),
  )
}

export interface OracleLog {
  traceId: string
  /** Whose it is, in one canonical text. */
  resource: string
  body: unknown
  /** Everything, with resource and scope, in one canonical text. */
  canonical: string
}

/** Records of a logs request; throws when the bytes are not one. */
export function oracleLogs(bytes: Uint8Array): OracleLog[] {
  const request = decodeMessage('ExportLogsServiceRequest', bytes) as { resourceLogs?: LogGroup[] }
  return (request.resourceLogs ?? []).flatMap((group) =>
    (group.scopeLogs ?? []).flatMap((scope) =>
      (scope.logRecords ?? []).map((record) => ({
        traceId: record.traceId ?? '',
        resource: JSON.stringify([group.resource ?? {}, group.schemaUrl ?? '']),
        body: record.body,
        canonical: canonical(group, scope, record),
      })),
    ),
  )
}

function canonical(group: OwnerGroup, scope: ScopeGroup, record: object): string {
  return JSON.stringify([group.resource ?? {}, group.schemaUrl ?? '', scope.scope ?? {}, scope.schemaUrl ?? '', record])
}

interface OwnerGroup {
  resource?: object
  schemaUrl?: string
}
interface ScopeGroup {
  scope?: object
  schemaUrl?: string
}
interface SpanGroup extends OwnerGroup {
  scopeSpans?: (ScopeGroup & { spans?: { traceId?: string; spanId?: string; name?: string; links?: { traceId: string }[] }[] })[]
}
interface LogGroup extends OwnerGroup {
  scopeLogs?: (ScopeGroup & { logRecords?: { traceId?: string; body?: unknown }[] })[]
}
