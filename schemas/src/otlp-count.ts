/**
 * Where records are in an export request (trace/v1, logs/v1, metrics/v1 of opentelemetry-proto 1.9.0). All three signals
 * have the same outer shape: request 1 → resource group 2 → scope group 2 → record; field 1 of a group is whose it is, the
 * resource or the scope, and field 3 its schema URL.
 */
export const GROUP_FIELD = 1
export const SCOPE_GROUP_FIELD = 2
export const RECORD_FIELD = 2
export const OWNER_FIELD = 1
export const SCHEMA_URL_FIELD = 3

/** Fields of `Metric` that hold data, each a message whose field 1 repeats data points. */
export const MetricData = { gauge: 5, sum: 7, histogram: 9, exponentialHistogram: 10, summary: 11 } as const
export const DATA_POINTS_FIELD = 1

/** JSON names of the same, each with its data points in `dataPoints`. */
export const METRIC_DATA_JSON = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const

/** `ExportPartialSuccess` of all three signals: field 1 rejected records, field 2 message; its JSON name differs. */
export const REJECTED_JSON = { traces: 'rejectedSpans', logs: 'rejectedLogRecords', metrics: 'rejectedDataPoints' } as const
