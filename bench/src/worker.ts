import { createPaths } from '@skein/ingest/paths/paths'
import { createRowBuilder } from '@skein/ingest/rows/row-builder'
import { createTopology } from '@skein/ingest/topology/topology'
import { createDecoder, createRanges } from './load/ranges.ts'

/**
 * CPU time of a worker of spans by step, of one thread without log and store: `node bench/src/worker.ts [spans a round] [spans a range]`. Two rounds: the
 * first also compiles and lets tables grow. Ranges are a second of log time apart.
 */
const spansPerRound = Number(process.argv[2] ?? 600_000)
const spansPerRange = Number(process.argv[3] ?? 20_000)
const nextRange = createRanges(spansPerRange)
const decoder = createDecoder()
const topology = createTopology({ pairWindowMs: 300_000, maxSpansPerPartition: 4_000_000 })
const paths = createPaths({ maxSpansPerPartition: 4_000_000 })
const rows = createRowBuilder()
let ranges = 0

for (const round of ['first', 'next']) {
  const costs = new Map<string, number>()
  let spans = 0
  let deltas = 0
  while (spans < spansPerRound) {
    const inputs = nextRange()
    ranges++
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
    if (ranges % 5 === 0) step('rows of paths', () => paths.take())
    spans += batch.length
  }
  const all = [...costs.values()].reduce((sum, each) => sum + each, 0)
  const parts = [...costs].map(([name, us]) => `${name} ${(us / spans).toFixed(2)}`).join(', ')
  console.log(`${round} ${spans} spans: ${(all / spans).toFixed(2)} CPU-s per million (${parts}); ${deltas} rows of sums`)
}
