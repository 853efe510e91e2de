import type { DebugRequest } from '@skein/schemas/api/log-rules'
import type { RuleLine } from '@skein/schemas/rules/rule-line'
import { createSeverityInLine } from '@skein/schemas/severity-in-line/severity-in-line'
import { createTraceInLine } from '@skein/schemas/trace-in-line/trace-in-line'

/** What ingest finds in the text of a line before rules see it. */
export interface FoundInText {
  severityFromText: boolean
  traceFromText: boolean
}

/** A pasted text as the line that rules would see if it came in now. */
export function pastedLine(asked: DebugRequest, found: FoundInText, nowMs: number): RuleLine {
  const { text = '', service = '', severity = 0, attributes = {} } = asked
  const bytes = Buffer.from(text)
  return {
    timeNs: BigInt(Math.floor(nowMs)) * 1_000_000n,
    logTimeMs: nowMs,
    severity: severity > 0 || !found.severityFromText ? severity : createSeverityInLine()(bytes, 0, bytes.length),
    severityText: '',
    service,
    environment: '',
    cluster: '',
    namespace: '',
    scope: '',
    ...(found.traceFromText ? idsIn(bytes) : { traceId: '', spanId: '' }),
    sampled: false,
    body: text,
    bodyKind: 'text',
    attributes: new Map(Object.entries(attributes)),
    pattern: () => '',
    resource: () => undefined,
  }
}

function idsIn(bytes: Buffer): { traceId: string; spanId: string } {
  const ids = { traceAt: -1, spanAt: -1 }
  createTraceInLine()(bytes, { start: 0, end: bytes.length }, ids)
  const digits = (at: number, count: number): string => (at < 0 ? '' : bytes.toString('latin1', at, at + count).toLowerCase())
  return { traceId: digits(ids.traceAt, 32), spanId: digits(ids.spanAt, 16) }
}
