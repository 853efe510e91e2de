import type { StoredSpan, TraceQuestions } from '@skein/store/contract-traces'
import { DECODER_OPTIONS } from '../decode/oracle-for-tests.ts'
import { MINUTE_MS, START_MS } from '../topology/spans-for-tests.ts'
import { createIngestMetrics } from './ingest-metrics.ts'
import type { FoundSpans } from './found-spans.ts'
import { createLateSpans } from './late-spans.ts'
import { createStoredReader } from './stored-batch.ts'

export const ITSELF = { links: false, copies: false, targetsBackMs: 0 }
export const LINKED = { ...ITSELF, links: true }
export const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }
export const TRACE = '7'.padStart(32, '0')
export const row: StoredSpan = {
  traceId: TRACE,
  spanId: 'a'.padStart(16, '0'),
  parentSpanId: 'f'.padStart(16, '0'),
  name: 'op',
  kind: 3,
  status: 0,
  message: '',
  service: 'web',
  scope: '',
  startNs: `${START_MS}000000`,
  durationNs: '20000000',
  resource: 'unknown',
  attributes: [
    ['db.system.name', 'mysql'],
    ['db.namespace', '节目'],
    ['means.nothing', ['x']],
    ['session.id', 's'],
    ['http.response.status_code', 200],
  ],
  events: new Uint8Array(),
  links: new Uint8Array(),
  arrivedByMs: START_MS + MINUTE_MS,
  weight: 3,
}

/** Late spans found by a store that answers so. */
export function finder(stored: TraceQuestions['stored'], partitions = 1, linkOwners: TraceQuestions['linkOwners'] = () => Promise.resolve([])) {
  const metrics = createIngestMetrics()
  const traces = { stored, resources: () => Promise.resolve(new Map<string, Uint8Array>()), linkOwners }
  const find = createLateSpans({ traces, partitions: () => Promise.resolve(partitions), backoff: { firstMs: 1, lastMs: 2 }, logger: SILENT, metrics })
  return { find, metrics }
}

export const read = createStoredReader({ limits: DECODER_OPTIONS.limits, maxInternedBytes: 1 << 20 })

export const ALONE = { partition: 0, tenant: 't', traceId: TRACE, fromMs: START_MS, toMs: START_MS + 1, beforeMs: START_MS + 3_600_000 }

/** Spans that come back, copies included. */
export function rowsOf({ requests }: FoundSpans): number {
  return requests.reduce((sum, { weights }) => sum + weights.length, 0)
}

/** A link of OTLP with its length before it. */
export function linkTo(trace: string): Buffer {
  return Buffer.concat([Buffer.from([28, 0x0a, 16]), Buffer.from(trace, 'hex'), Buffer.from([0x12, 8]), Buffer.from('a'.padStart(16, '0'), 'hex')])
}
