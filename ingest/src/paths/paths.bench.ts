import { batchOf, START_MS, type TestSpan } from '../topology/spans-for-tests.ts'
import { createPaths } from './paths.ts'

/**
 * CPU time of this thread for critical paths, a million spans: `node ingest/src/paths/paths.bench.ts [spans]`. Traces of ten spans over sixteen
 * services: client and server pairs, databases, caches and a topic, children before parents as exporters send them, over sixteen partitions.
 */
const SPANS_PER_BATCH = 50_000
const total = Number(process.argv[2] ?? 1_000_000)

const http = { 'http.request.method': 'GET', 'server.address': 'next.svc.example.com', 'http.response.status_code': 200 }
const db = { 'db.system.name': 'postgresql', 'db.namespace': 'tv', 'server.address': 'db-1' }
const cache = { 'db.system': 'redis', 'server.address': 'redis-1.example.com' }
const topic = { 'messaging.system': 'kafka', 'messaging.destination.name': 'plays' }
/** Kind, parent, attributes, share of the parent's time from and to. */
const SHAPE: readonly [kind: number, parent: number, attributes: Record<string, string | number>, from: number, to: number][] = [
  [2, -1, http, 0, 1],
  [1, 0, {}, 0.05, 0.95],
  [3, 1, http, 0.05, 0.7],
  [2, 2, http, 0.1, 0.9],
  [3, 3, cache, 0.1, 0.2],
  [3, 3, db, 0.3, 0.6],
  [3, 3, http, 0.65, 0.95],
  [2, 6, http, 0.1, 0.9],
  [4, 7, topic, 0.2, 0.4],
  [5, 8, topic, 0.5, 2],
]

function spansFrom(first: number): TestSpan[] {
  const logTimeMs = START_MS + Math.floor(first / 50)
  const traces = Array.from({ length: SPANS_PER_BATCH / SHAPE.length }, (_, at) => first / SHAPE.length + at)
  return traces.toSorted((a, b) => (a % 16) - (b % 16)).flatMap((trace) => traceOf(trace, logTimeMs))
}

function traceOf(trace: number, logTimeMs: number): TestSpan[] {
  const idOf = (span: number): string => (Math.imul(trace * SHAPE.length + span + 1, 0x9e3779b1) >>> 0).toString(16) + span.toString(16).padStart(2, '0')
  const rootMs = 50 * 2 ** (((trace * 7919) % 997) / 200)
  const times: [startMs: number, lengthMs: number][] = []
  const spans = SHAPE.map(([kind, parent, attributes, from, to], n): TestSpan => {
    const [startMs, lengthMs] = times[parent] ?? [0, rootMs]
    times.push([startMs + lengthMs * from, lengthMs * (to - from)])
    return {
      trace: `${(Math.imul(trace + 1, 0x85ebca77) >>> 0).toString(16)}${trace.toString(16).padStart(8, '0')}`,
      id: idOf(n),
      ...(parent < 0 ? {} : { parent: idOf(parent) }),
      name: `${kind === 2 ? 'GET /things' : 'do'} ${((trace % 40) + n) % 12}`,
      kind,
      startMs: logTimeMs - 100 + (times[n]?.[0] ?? 0),
      durationMs: times[n]?.[1] ?? 0,
      attributes,
      resource: { service: `service-${((trace % 40) + n - (n % 2)) % 16}`, instance: `pod-${trace % 4}`, version: '1.2.3' },
      envelope: { logTimeMs, partition: trace % 16 },
    }
  })
  return spans.toReversed()
}

const paths = createPaths({ maxSpansPerPartition: 1_000_000 })
const batches = Array.from({ length: Math.ceil(total / SPANS_PER_BATCH) }, (_, i) => batchOf(spansFrom(i * SPANS_PER_BATCH)))
const perBatch: number[] = []
const sums = { addUs: 0, takeUs: 0, rows: 0, bytes: 0 }
for (const batch of batches) {
  const repeat = new Uint8Array(batch.length)
  const before = process.threadCpuUsage()
  paths.add(batch, repeat, { emit: true })
  const added = process.threadCpuUsage(before)
  const { blocks } = paths.take()
  const all = process.threadCpuUsage(before)
  perBatch.push((all.user + all.system) / SPANS_PER_BATCH)
  sums.addUs += added.user + added.system
  sums.takeUs += all.user + all.system - added.user - added.system
  sums.rows += blocks.reduce((sum, block) => sum + block.rows, 0)
  sums.bytes += blocks.reduce((sum, block) => sum + block.block.length, 0)
}
const million = batches.length * SPANS_PER_BATCH
process.stdout.write(
  `${million} spans: add ${(sums.addUs / million).toFixed(3)} CPU-s per million, take ${(sums.takeUs / million).toFixed(3)} (half of the batches below ${(perBatch.toSorted((a, b) => a - b)[batches.length >> 1] ?? 0).toFixed(3)} together); ` +
    `${sums.rows} delta rows, ${sums.bytes} bytes; held in ${(paths.heldBytes() / 2 ** 20).toFixed(0)} MiB\n`,
)
