import { randomBytes } from 'node:crypto'

export interface JsonSpan {
  traceId: string
  spanId: string
  [field: string]: unknown
}

/** A server span of a moment ago as OTLP/JSON, with other fields or more of them. */
export function aSpan(more: Readonly<Record<string, unknown>> = {}): JsonSpan {
  const nowMs = Date.now()
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'GET /things',
    kind: 2,
    startTimeUnixNano: `${nowMs - 50}000000`,
    endTimeUnixNano: `${nowMs}000000`,
    ...more,
  }
}

/** A traces request of one service. */
export function exportOf(service: string, spans: readonly unknown[]): object {
  return { resourceSpans: [{ resource: { attributes: [text('service.name', service)] }, scopeSpans: [{ spans }] }] }
}

export function text(key: string, value: string): object {
  return { key, value: { stringValue: value } }
}
