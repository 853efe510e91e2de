/**
 * Field numbers of OTLP protobuf, opentelemetry-proto 1.9.0 (trace/v1, logs/v1, common/v1, resource/v1, collector/trace/v1,
 * collector/logs/v1). Only what is read; a field that is not here is kept in the bytes and ignored.
 */
export const OTLP_VERSION = '1.9.0'

export const WireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

export const ExportTraceServiceRequest = { resourceSpans: 1 } as const
export const ResourceSpans = { resource: 1, scopeSpans: 2, schemaUrl: 3 } as const
export const Resource = { attributes: 1, droppedAttributesCount: 2 } as const
export const ScopeSpans = { scope: 1, spans: 2, schemaUrl: 3 } as const
export const InstrumentationScope = { name: 1, version: 2, attributes: 3, droppedAttributesCount: 4 } as const
export const Span = {
  traceId: 1,
  spanId: 2,
  traceState: 3,
  parentSpanId: 4,
  name: 5,
  kind: 6,
  startTimeUnixNano: 7,
  endTimeUnixNano: 8,
  attributes: 9,
  droppedAttributesCount: 10,
  events: 11,
  droppedEventsCount: 12,
  links: 13,
  droppedLinksCount: 14,
  status: 15,
  flags: 16,
} as const
export const SpanEvent = { timeUnixNano: 1, name: 2, attributes: 3, droppedAttributesCount: 4 } as const
export const SpanLink = { traceId: 1, spanId: 2, traceState: 3, attributes: 4, droppedAttributesCount: 5, flags: 6 } as const
export const Status = { message: 2, code: 3 } as const
export const ExportLogsServiceRequest = { resourceLogs: 1 } as const
export const ResourceLogs = { resource: 1, scopeLogs: 2, schemaUrl: 3 } as const
export const ScopeLogs = { scope: 1, logRecords: 2, schemaUrl: 3 } as const
/**
 * Times are fixed64 Unix ns (0 is unknown), `severityNumber` a varint of 0 (unspecified) to 24, `flags` fixed32 (low 8 bits:
 * W3C trace flags), `traceId` and `spanId` 16 and 8 bytes or none, `body` an AnyValue, `eventName` a string that makes the
 * record an event.
 */
export const LogRecord = {
  timeUnixNano: 1,
  severityNumber: 2,
  severityText: 3,
  body: 5,
  attributes: 6,
  droppedAttributesCount: 7,
  flags: 8,
  traceId: 9,
  spanId: 10,
  observedTimeUnixNano: 11,
  eventName: 12,
} as const
export const KeyValue = { key: 1, value: 2 } as const
export const AnyValue = { stringValue: 1, boolValue: 2, intValue: 3, doubleValue: 4, arrayValue: 5, kvlistValue: 6, bytesValue: 7 } as const
export const ArrayValue = { values: 1 } as const
export const KeyValueList = { values: 1 } as const
export const ExportTraceServiceResponse = { partialSuccess: 1 } as const
export const ExportTracePartialSuccess = { rejectedSpans: 1, errorMessage: 2 } as const

export const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const
export type SpanKind = (typeof SPAN_KINDS)[number]
export const SpanKindNumber = { unspecified: 0, internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const
export const STATUS_CODES = ['unset', 'ok', 'error'] as const
export const StatusCode = { unset: 0, ok: 1, error: 2 } as const
