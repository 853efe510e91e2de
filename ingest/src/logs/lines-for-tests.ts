import { batchEnvelope, RECEIVED_AT_MS } from '../decode/oracle-for-tests.ts'
import type { DecodeInput } from '../decode/payload-memory.ts'
import { encodeLogs, type OracleLog } from './logs-for-tests.ts'

/** A repeatable sequence of whole numbers below 2^32. */
function createSequence(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state ^ (state >>> 15)) >>> 0
  }
}

type Next = () => number

/** What programs of a TV operator write, some 93 bytes a line. */
const LINES: readonly ((next: Next) => readonly [severity: number, text: string])[] = [
  (next) => [
    9,
    `played channel ch-${next() % 400} for viewer ${next() % 1_000_000} in ${next() % 900} ms from edge-${next() % 40} req=${hex(next, 4)} bitrate=${(next() % 80) * 100}k`,
  ],
  (next) => [
    9,
    `GET /api/epg/${next() % 400}/now 200 ${next() % 120}ms bytes=${next() % 40_000} viewer=${next() % 1_000_000} region=${REGIONS[next() % 6]} cache=hit`,
  ],
  (next) => [
    5,
    `cache get epg:${next() % 400}:20261125 hit=${next() % 2 === 0} size=${next() % 9000} took ${next() % 3000}us pool=${next() % 16} node=redis-${next() % 3}`,
  ],
  (next) => [9, `license issued for asset ${hex(next, 4)}${hex(next, 4)} device ${hex(next, 6)} drm=widevine valid=${3600 + (next() % 86_400)}s`],
  (next) => [13, `slow query took ${200 + (next() % 3000)} ms: SELECT * FROM entitlements WHERE viewer_id = ${next() % 1_000_000} rows=${next() % 50}`],
  (next) => [17, `connection reset by peer 10.42.${next() % 250}.${next() % 250}:${1024 + (next() % 60_000)} while reading response header from upstream`],
  (next) => [
    9,
    `order ${100_000 + (next() % 900_000)} paid by wallet amount=${next() % 500}.${next() % 10}0 CNY attempt=1 customer=${next() % 1_000_000} currency=CNY gateway=pay-${next() % 4}`,
  ],
  (next) => [9, `用户 ${next() % 1_000_000} 切换频道 ${next() % 400} 成功，耗时 ${next() % 500} 毫秒，请求 ${hex(next, 4)}，节点 edge-${next() % 40}`],
]
const REGIONS = ['bj', 'sh', 'gz', 'cd', 'wh', 'xa']

function hex(next: Next, bytes: number): string {
  return Array.from({ length: bytes }, () => (next() % 256).toString(16).padStart(2, '0')).join('')
}

export interface LineOptions {
  lines: number
  linesPerEnvelope: number
  /** `agent`: lines of tailed files with their place there. `sdk`: records of a program, each of a trace. */
  source: 'agent' | 'sdk'
  /** Lines of another seed are of other files. */
  seed: number
  /** When the first was written, Unix ms. */
  startMs?: number
}

const SERVICES = ['gateway', 'epg', 'play', 'drm', 'billing', 'search', 'account', 'push', 'ads', 'cdn-router', 'device', 'catalogue']
const PODS = 2

/** Envelopes over eight partitions as agents or SDKs send them: one resource each, its lines in order of time. */
export function linesOf({ lines, linesPerEnvelope, source, seed, startMs = RECEIVED_AT_MS }: LineOptions): DecodeInput[] {
  const next = createSequence(seed)
  const offsets = new Map<number, number>()
  const inputs: DecodeInput[] = []
  for (let first = 0; first < lines; first += linesPerEnvelope) {
    const file = next() % (SERVICES.length * PODS)
    const atMs = startMs + Math.floor((first / lines) * 20_000)
    const records = Array.from({ length: Math.min(linesPerEnvelope, lines - first) }, (_, i) => recordOf(next, { source, seed, file, offsets, atMs, i }))
    const payload = encodeLogs({
      resourceLogs: [{ resource: { attributes: resourceOf(file) }, scopeLogs: [{ scope: { name: source === 'sdk' ? 'pino' : '' }, logRecords: records }] }],
    })
    inputs.push({
      envelope: batchEnvelope({ topic: 'skein.logs', partition: file % 8, offset: 1000 + inputs.length, receivedAtMs: atMs, logTimeMs: atMs }),
      payload,
    })
  }
  return inputs.toSorted((a, b) => a.envelope.partition - b.envelope.partition || a.envelope.offset - b.envelope.offset)
}

const text = (key: string, stringValue: string): { key: string; value: { stringValue: string } } => ({ key, value: { stringValue } })

function resourceOf(file: number): ReturnType<typeof text>[] {
  const service = SERVICES[file % SERVICES.length] ?? ''
  const pod = `${service}-7d9f8b6c5-${(file * 7919).toString(36)}`
  return [
    text('service.name', service),
    text('k8s.namespace.name', 'tv'),
    text('k8s.pod.name', pod),
    text('k8s.container.name', service),
    text('host.name', `node-${file % 5}`),
    text('k8s.cluster.name', 'bj-1'),
  ]
}

function recordOf(next: Next, line: { source: 'agent' | 'sdk'; seed: number; file: number; offsets: Map<number, number>; atMs: number; i: number }): OracleLog {
  const { source, seed, file, offsets, atMs, i } = line
  const [severityNumber, body] = LINES[(file + (next() % 3)) % LINES.length]!(next)
  const ns = String(BigInt(atMs) * 1_000_000n + BigInt(i * 900_000 + (next() % 900_000)))
  if (source === 'sdk') {
    return {
      timeUnixNano: ns,
      observedTimeUnixNano: ns,
      severityNumber,
      severityText: severityNumber > 12 ? 'WARN' : 'INFO',
      body: { stringValue: body },
      traceId: traceOf(file, atMs + Math.floor(i / 3)),
      spanId: Buffer.from(hex(next, 8), 'hex'),
      flags: 1,
      attributes: [text('code.function', `handle${next() % 30}`), { key: 'http.status_code', value: { intValue: String(200 + (next() % 5)) } }],
    }
  }
  const offset = offsets.get(file) ?? 0
  offsets.set(file, offset + Buffer.byteLength(body) + 1)
  const path = `/var/log/pods/tv_${SERVICES[file % SERVICES.length] ?? ''}-${file}/app/0.log`
  return {
    observedTimeUnixNano: ns,
    body: { stringValue: body },
    attributes: [
      text('log.file.path', path),
      text('log.file.name', '0.log'),
      text('log.iostream', 'stdout'),
      text('log.record.uid', `${seed.toString(16).padStart(8, '0')}${file.toString(16).padStart(8, '0')}:${offset}`),
    ],
  }
}

/** Three lines after each other are of one trace. */
function traceOf(file: number, moment: number): Uint8Array {
  const next = createSequence(Math.imul(file + 1, 0x9e3779b1) ^ moment)
  return Buffer.from(hex(next, 16), 'hex')
}
