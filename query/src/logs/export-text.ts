import type { LogLine } from '@skein/schemas/api/logs'
import type { Attributes } from '../otlp/attributes.ts'

export type ExportFormat = 'ndjson' | 'csv'

const CSV_COLUMNS = ['time', 'severity', 'service', 'environment', 'cluster', 'namespace', 'trace_id', 'span_id', 'pattern', 'body', 'attributes', 'resource']

export const CSV_HEADER = `${CSV_COLUMNS.join(',')}\r\n`

export function exportedLine(format: ExportFormat, line: LogLine, resource: Attributes): string {
  return format === 'ndjson' ? `${JSON.stringify({ ...line, resource })}\n` : csvRow(line, resource)
}

export function truncationMark(format: ExportFormat, limit: number): string {
  return format === 'ndjson' ? `${JSON.stringify({ truncated: true, limit })}\n` : `# truncated at ${limit} lines\r\n`
}

function csvRow(line: LogLine, resource: Attributes): string {
  const cells = [
    line.time,
    line.severityText || line.severityClass,
    line.service,
    line.environment,
    line.cluster,
    line.namespace,
    line.traceId ?? '',
    line.spanId ?? '',
    line.pattern ?? '',
    line.body,
    JSON.stringify(line.attributes),
    JSON.stringify(resource),
  ]
  return `${cells.map(csvCell).join(',')}\r\n`
}

/** RFC 4180. What a spreadsheet would take for a formula has an apostrophe before it: a log line is written by whoever sends a request. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
