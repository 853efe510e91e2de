import { createSpanDecoder } from '@skein/ingest/decode/decode-spans'
import { takeRows } from '@skein/ingest/topology/rows-for-tests'
import { createTopology, type Topology } from '@skein/ingest/topology/topology'
import { createLoad, type LoadBatch, type LoadTruth } from './load/generator.ts'
import { ENTRY } from './load/shop.ts'
import type { Figure } from './report.ts'

const LIMITS = { pastDays: 3650, futureMinutes: 100_000, attributes: 256, keyBytes: 256, valueBytes: 32_768, events: 128, links: 128 }
const SPANS_PER_BATCH = 1000
/** About as many spans as a full range has. */
const BATCHES_PER_RANGE = 50
const START_MS = 1_763_800_000_000
const PAIR_WINDOW_MS = 300_000

/** One thread pairs so many spans of which every edge and call is known: how much of it is found, how much is found that is not there, and what it costs. */
export async function benchTopologyTruth(options: { spans: number; seed: number }): Promise<Figure[]> {
  const load = createLoad({ seed: options.seed, profile: 'demo', spansPerBatch: SPANS_PER_BATCH, startMs: START_MS, traceGapMs: 5 })
  const topology = createTopology({ pairWindowMs: PAIR_WINDOW_MS, maxSpansPerPartition: 2_000_000, lookUps: { perSecond: 64, backMs: 3_600_000 } })
  const pairing = createPairing(topology)
  for (let spans = 0; spans < options.spans; ) {
    const range = Array.from({ length: BATCHES_PER_RANGE }, () => load.next())
    spans += range.reduce((sum, batch) => sum + batch.spans, 0)
    pairing.add(range)
    // The supervisor of a long run wants its turn now and then.
    await new Promise(setImmediate)
  }
  pairing.add(load.drain())
  const truth = load.truth()
  return [...agreement(pairing.calls, callsOf(truth)), ...pairing.figures(truth.spans)]
}

function createPairing(topology: Topology): { calls: Map<string, number>; add(range: readonly LoadBatch[]): void; figures(spans: number): Figure[] } {
  const decoder = createSpanDecoder({ limits: LIMITS, maxInternedBytes: 1 << 26 })
  const calls = new Map<string, number>()
  let cpuUs = 0
  let heldBytes = 0
  let logTimeMs = START_MS
  return {
    calls,
    add(range) {
      const envelope = { topic: 'skein.traces', partition: 0, offset: 0, tenant: 'bench', keyId: '', receivedAtMs: logTimeMs, logTimeMs, linkedCopy: false }
      const { batch } = decoder.decode(range.map(({ bytes }) => ({ envelope, payload: bytes })))
      for (let row = 0; row < batch.length; row++) logTimeMs = Math.max(logTimeMs, batch.startUs[row]! / 1000)
      const before = process.threadCpuUsage()
      topology.add(batch, { emit: true })
      const { user, system } = process.threadCpuUsage(before)
      cpuUs += user + system
      for (const { source, target, calls: count } of takeRows(topology).edges) {
        const name = `${source.name}->${target.name}`
        calls.set(name, (calls.get(name) ?? 0) + count)
      }
      heldBytes = Math.max(heldBytes, topology.heldBytes())
    },
    figures: (spans) => [
      { name: 'pairing', unit: 'CPU-s per 1 M spans', value: cpuUs / spans },
      { name: 'held for pairing', unit: 'MiB', value: heldBytes / 2 ** 20 },
    ],
  }
}

/** Every edge of the load by the names that the map gives its ends. */
function callsOf({ edges, databases, messages, entries }: LoadTruth): Map<string, number> {
  const truth = new Map(edges)
  const add = (name: string, count: number): void => void truth.set(name, (truth.get(name) ?? 0) + count)
  add(`user/${ENTRY}->${ENTRY}`, entries)
  for (const [name, count] of databases) add(`${name}/catalog`, count)
  for (const [name, count] of messages) {
    const [producer = '', consumer = ''] = name.split('->')
    add(`${producer}->kafka/orders`, count)
    add(`kafka/orders->${consumer}`, count)
  }
  return truth
}

function agreement(found: ReadonlyMap<string, number>, truth: ReadonlyMap<string, number>): Figure[] {
  const seen = [...found].filter(([, calls]) => calls > 0)
  const right = seen.filter(([name]) => truth.has(name))
  const rightCalls = right.reduce((sum, [name, calls]) => sum + Math.min(calls, truth.get(name) ?? 0), 0)
  const percent = (part: number, whole: number): number => (100 * part) / whole
  return [
    { name: 'edges there are', unit: '', value: truth.size },
    { name: 'recall of edges', unit: '%', value: percent(right.length, truth.size) },
    { name: 'precision of edges', unit: '%', value: percent(right.length, seen.length) },
    { name: 'recall of calls', unit: '%', value: percent(rightCalls, sumOf(truth.values())) },
    { name: 'precision of calls', unit: '%', value: percent(rightCalls, sumOf(seen.map(([, calls]) => calls))) },
  ]
}

function sumOf(values: Iterable<number>): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
