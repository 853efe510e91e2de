import { encodeMessage } from './otlp-oracle.ts'

/** A seeded random number in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = (seed + 1) | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export interface SampleOptions {
  seed: number
  spans: number
  /** Start of the newest span, Unix ms. */
  nowMs?: number
}

/** A realistic ExportTraceServiceRequest for tests and benchmarks: one resource with 18 attributes, 8 attributes a span, traces of about 10 spans, some links and events. */
export function sampleRequest(options: SampleOptions): Buffer {
  const random = seededRandom(options.seed)
  const nowNs = BigInt(options.nowMs ?? 1_750_000_000_000) * 1_000_000n
  const id = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, () => 1 + Math.floor(random() * 255)))
  const text = (key: string, value: string): object => ({ key, value: { stringValue: value } })
  const resource = {
    attributes: Array.from({ length: 18 }, (_, i) => text(i === 0 ? 'service.name' : `resource.attribute.${i}`, `value-${options.seed}-${i}`)),
  }
  let traceId = id(16)
  const spans = Array.from({ length: options.spans }, (_, i) => {
    if (random() < 0.1) traceId = id(16)
    const startNs = nowNs - BigInt(Math.floor(random() * 1e9))
    return {
      traceId,
      spanId: id(8),
      parentSpanId: random() < 0.1 ? Buffer.alloc(0) : id(8),
      name: `GET /api/film/${i % 7}`,
      kind: 1 + (i % 5),
      startTimeUnixNano: startNs.toString(),
      endTimeUnixNano: (startNs + 5_000_000n).toString(),
      attributes: [
        text('http.request.method', 'GET'),
        text('http.route', '/api/film/{id}'),
        { key: 'http.response.status_code', value: { intValue: 200 } },
        text('server.address', 'catalog.svc.cluster.local'),
        { key: 'server.port', value: { intValue: 8080 } },
        text('user_agent.original', 'okhttp/4.12.0'),
        { key: 'load', value: { doubleValue: random() } },
        { key: 'cached', value: { boolValue: true } },
      ],
      ...(random() < 0.02 ? { links: [{ traceId: id(16), spanId: id(8) }] } : {}),
      ...(random() < 0.05 ? { events: [{ timeUnixNano: startNs.toString(), name: 'retry', attributes: [text('why', 'timeout')] }] } : {}),
      status: { code: i % 3 },
    }
  })
  return encodeMessage('ExportTraceServiceRequest', {
    resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'http', version: '1.0' }, spans }], schemaUrl: 'https://opentelemetry.io/schemas/1.30.0' }],
  })
}

export interface SampleLogsOptions {
  seed: number
  records: number
  /** Resources they are spread over; 1 unless said. */
  resources?: number
  /** Time of the newest record, Unix ms. */
  nowMs?: number
}

/** A realistic ExportLogsServiceRequest: lines of some 90 bytes, two of three of a trace, some with a structured body. */
export function sampleLogs(options: SampleLogsOptions): Buffer {
  const random = seededRandom(options.seed)
  const nowNs = BigInt(options.nowMs ?? 1_750_000_000_000) * 1_000_000n
  const id = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, () => 1 + Math.floor(random() * 255)))
  const text = (key: string, value: string): object => ({ key, value: { stringValue: value } })
  const record = (i: number): object => ({
    timeUnixNano: (nowNs - BigInt(Math.floor(random() * 1e9))).toString(),
    observedTimeUnixNano: nowNs.toString(),
    severityNumber: 9 + 4 * (i % 3),
    severityText: 'INFO',
    body:
      random() < 0.1
        ? { kvlistValue: { values: [text('msg', 'paid'), { key: 'ms', value: { intValue: i } }] } }
        : { stringValue: `GET /api/film/${i % 7} 200 in ${i % 90} ms for viewer ${options.seed}-${i} over the second line of the edge` },
    attributes: [text('thread', `worker-${i % 4}`), { key: 'retries', value: { intValue: i % 3 } }],
    flags: i % 2,
    ...(i % 3 === 0 ? {} : { traceId: id(16), spanId: id(8) }),
  })
  const { records, resources = 1 } = options
  const resourceLogs = Array.from({ length: resources }, (_, group) => ({
    resource: { attributes: [text('service.name', `shop-${group}`), text('host.name', `host-${options.seed}-${group}`)] },
    scopeLogs: [{ scope: { name: 'app' }, logRecords: Array.from({ length: Math.ceil(records / resources) }, (_each, i) => record(i)) }],
  }))
  return encodeMessage('ExportLogsServiceRequest', { resourceLogs })
}

/** A copy with something cut off, left out, put in or flipped. */
export function mutated(base: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(base)
  const kind = random()
  const at = Math.floor(random() * bytes.length)
  if (kind < 0.25) return bytes.subarray(0, at)
  if (kind < 0.35) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.floor(random() * bytes.length))])
  if (kind < 0.45)
    return Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from(Array.from({ length: 1 + Math.floor(random() * 20) }, () => Math.floor(random() * 256))),
      bytes.subarray(at),
    ])
  for (let flips = 1 + Math.floor(random() * 4); flips > 0; flips--) {
    const place = Math.floor(random() * bytes.length)
    bytes[place] = kind < 0.7 ? bytes[place]! ^ (1 << Math.floor(random() * 8)) : kind < 0.85 ? 0xff : Math.floor(random() * 256)
  }
  return bytes
}
