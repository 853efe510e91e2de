import type { TraceAnswer, TraceSpan } from '@skein/schemas/api/traces'

export const ORIGIN = 1_763_841_600_000_000_000n

export interface Sketch extends Partial<Omit<TraceSpan, 'status'>> {
  id: string
  parent?: string
  /** Ns after the origin. */
  at?: number
  for?: number
  error?: boolean
}

/** A span from the little a test cares about. */
export function sketchSpan({ id, parent = '', at = 0, for: length = 10, error = false, ...more }: Sketch): TraceSpan {
  return {
    spanId: id,
    parentSpanId: parent,
    name: `do ${id}`,
    kind: 'server',
    service: 'api',
    startTimeUnixNano: String(ORIGIN + BigInt(at)),
    endTimeUnixNano: String(ORIGIN + BigInt(at + length)),
    status: { code: error ? 'error' : 'unset', message: '' },
    attributes: {},
    resource: 'r',
    scope: '',
    events: [],
    links: [],
    ...more,
  }
}

export function sketchTrace(sketches: readonly Sketch[], criticalPath: TraceAnswer['criticalPath'] = []): TraceAnswer {
  return { traceId: 'ab'.repeat(16), resources: { r: { 'service.name': 'api' } }, spans: sketches.map(sketchSpan), criticalPath, truncated: false, notes: [] }
}
