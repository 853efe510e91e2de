import { createSpanDecoder } from '@skein/ingest/decode/decode-spans'
import { createPaths } from '@skein/ingest/paths/paths'
import { createRowBuilder } from '@skein/ingest/rows/row-builder'
import { createTopology } from '@skein/ingest/topology/topology'
import { createLoad } from './load/generator.ts'

/**
 * CPU time of a worker of spans by step, of one thread without log and store: `node bench/src/worker.ts [spans a round] [spans a range]`. Two rounds: the
 * first also compiles and lets tables grow. Ranges are a second of log time apart.
 */
const spansPerRound = Number(process.argv[2] ?? 600_000)
const spansPerRange = Number(process.argv[3] ?? 20_000)
const START_MS = 1_763_800_000_000
const SPANS_PER_BATCH = 1000

const load = createLoad({ seed: 1, profile: 'demo', spansPerBatch: SPANS_PER_BATCH, startMs: START_MS, traceGapMs: 0.5 })
const limits = { pastDays: 7, futureMinutes: 100_000, attributes: 256, keyBytes: 256, valueBytes: 32_768, events: 128, links: 128 }
const decoder = createSpanDecoder({ limits, maxInternedBytes: 1 << 26 })
const topology = createTopology({ pairWindowMs: 300_000, maxSpansPerPartition: 4_000_000 })
const paths = createPaths({ maxSpansPerPartition: 4_000_000 })
const rows = createRowBuilder()
let offset = 0

for (const round of ['first', 'next']) {
  const costs = new Map<string, number>()
  let spans = 0
  let deltas = 0
  while (spans < spansPerRound) {
    const receivedAtMs = START_MS + Math.floor(offset / (spansPerRange / SPANS_PER_BATCH)) * 1000
    const inputs = Array.from({ length: spansPerRange / SPANS_PER_BATCH }, () => {
      const at = { topic: 'skein.traces', partition: 0, offset: offset++, tenant: 'default', keyId: 'bench' }
      return { envelope: { ...at, receivedAtMs, logTimeMs: receivedAtMs, linkedCopy: false }, payload: load.next().bytes }
    })
    const step = <T>(name: string, run: () => T): T => {
      const before = process.threadCpuUsage()
      const made = run()
      const { user, system } = process.threadCpuUsage(before)
      costs.set(name, (costs.get(name) ?? 0) + user + system)
      return made
    }
    const { batch } = step('decode', () => decoder.decode(inputs))
    const repeat = step('pairing', () => topology.add(batch, { emit: true }))
    step('paths', () => paths.add(batch, repeat, { emit: true }))
    step('rows', () => rows.build(batch, repeat))
    const taken = step('sums', () => topology.take())
    deltas += taken.blocks.reduce((sum, block) => sum + block.rows, 0)
    if (offset % (5 * (spansPerRange / SPANS_PER_BATCH)) === 0) step('rows of paths', () => paths.take())
    spans += batch.length
  }
  const all = [...costs.values()].reduce((sum, each) => sum + each, 0)
  const parts = [...costs].map(([name, us]) => `${name} ${(us / spans).toFixed(2)}`).join(', ')
  console.log(`${round} ${spans} spans: ${(all / spans).toFixed(2)} CPU-s per million (${parts}); ${deltas} rows of sums`)
}
