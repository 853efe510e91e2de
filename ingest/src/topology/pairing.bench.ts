import { batchOf, MINUTE_MS, START_MS, type TestSpan } from './spans-for-tests.ts'
import { createTopology } from './topology.ts'

/**
 * CPU time of this thread for pairing and adding up, a million spans: `node ingest/src/topology/pairing.bench.ts [spans]`. Traces of ten spans over
 * sixteen services: client and server pairs, databases, caches and a topic, children before parents as exporters send them.
 */
const SPANS_PER_BATCH = 50_000
const total = Number(process.argv[2] ?? 1_000_000)

const http = { 'http.request.method': 'GET', 'server.address': 'next.svc.example.com', 'http.response.status_code': 200 }
const db = { 'db.system.name': 'postgresql', 'db.namespace': 'tv', 'server.address': 'db-1' }
const cache = { 'db.system': 'redis', 'server.address': 'redis-1.example.com' }
const topic = { 'messaging.system': 'kafka', 'messaging.destination.name': 'plays' }
/** Kind, parent, attributes. */
const SHAPE: readonly [kind: number, parent: number, attributes: Record<string, string | number>][] = [
  [2, -1, http],
  [1, 0, {}],
  [3, 1, http],
  [2, 2, http],
  [3, 3, cache],
  [3, 3, db],
  [3, 3, http],
  [2, 6, http],
  [4, 7, topic],
  [5, 8, topic],
]

function spansFrom(first: number): TestSpan[] {
  return Array.from({ length: SPANS_PER_BATCH }, (_, i) => {
    const at = first + i
    const trace = Math.floor(at / SHAPE.length)
    const n = SHAPE.length - 1 - (at % SHAPE.length)
    const [kind, parent, attributes] = SHAPE[n] ?? [1, -1, {}]
    const idOf = (span: number): string => (Math.imul(trace * SHAPE.length + span + 1, 0x9e3779b1) >>> 0).toString(16) + span.toString(16).padStart(2, '0')
    const logTimeMs = START_MS + Math.floor(first / 50)
    return {
      trace: `${(Math.imul(trace + 1, 0x85ebca77) >>> 0).toString(16)}${trace.toString(16).padStart(8, '0')}`,
      id: idOf(n),
      ...(parent < 0 ? {} : { parent: idOf(parent) }),
      name: `${kind === 2 ? 'GET /things' : 'do'} ${(trace + n) % 12}`,
      kind,
      startMs: logTimeMs - 100 + n,
      durationMs: 1 + ((trace * 7 + n) % 90),
      attributes,
      resource: { service: `service-${(trace + n - (n % 2)) % 16}`, instance: `pod-${trace % 4}` },
      envelope: { logTimeMs, partition: 0 },
    }
  })
}

const topology = createTopology({ pairWindowMs: 5 * MINUTE_MS, maxSpansPerPartition: 1_000_000 })
const batches = Array.from({ length: Math.ceil(total / SPANS_PER_BATCH) }, (_, i) => batchOf(spansFrom(i * SPANS_PER_BATCH)))
const perBatch: number[] = []
const sums = { addUs: 0, takeUs: 0, rows: 0, bytes: 0 }
for (const batch of batches) {
  const before = process.threadCpuUsage()
  topology.add(batch, { emit: true })
  const added = process.threadCpuUsage(before)
  const { blocks } = topology.take()
  const all = process.threadCpuUsage(before)
  perBatch.push((added.user + added.system) / SPANS_PER_BATCH)
  sums.addUs += added.user + added.system
  sums.takeUs += all.user + all.system - added.user - added.system
  sums.rows += blocks.reduce((sum, block) => sum + block.rows, 0)
  sums.bytes += blocks.reduce((sum, block) => sum + block.block.length, 0)
}
const million = batches.length * SPANS_PER_BATCH
process.stdout.write(
  `${million} spans: add ${(sums.addUs / million).toFixed(3)} CPU-s per million (half of the batches below ${(perBatch.toSorted((a, b) => a - b)[batches.length >> 1] ?? 0).toFixed(3)}), take ${(sums.takeUs / million).toFixed(3)}; ` +
    `${sums.rows} delta rows, ${sums.bytes} bytes; ${topology.heldSpans()} held in ${(topology.heldBytes() / 2 ** 20).toFixed(0)} MiB\n`,
)
