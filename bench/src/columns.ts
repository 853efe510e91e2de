import type { DecodedBatch } from '@skein/ingest/decode/batch-arrays'
import { createRowBuilder } from '@skein/ingest/rows/row-builder'
import { createLoad, type LoadOptions } from './load/generator.ts'
import { createDecoder } from './load/ranges.ts'

/** OTLP bytes → columns, without log and store: spans a second of one thread, and its CPU. */
const [profile = 'demo', spans = '400000', rounds = '5'] = process.argv.slice(2)
const load = createLoad({ seed: 1, profile: profile as LoadOptions['profile'], spansPerBatch: 1000, startMs: 1_763_800_000_000, traceGapMs: 60 })
const envelope = {
  topic: 'skein.traces',
  partition: 0,
  offset: 0,
  tenant: 'default',
  keyId: 'bench',
  receivedAtMs: 1_763_800_060_000,
  logTimeMs: 1_763_800_060_000,
  linkedCopy: false,
}
const batches: { envelope: typeof envelope; payload: Uint8Array }[] = []
/** About as many spans as a full range has. */
const BATCHES_PER_RANGE = 50
let total = 0
let bytes = 0
while (total < Number(spans)) {
  const batch = load.next()
  total += batch.spans
  bytes += batch.bytes.length
  batches.push({ envelope, payload: batch.bytes })
}
const decoder = createDecoder()
console.log(`${total} spans of ${(bytes / total).toFixed(0)} B`)
const rows = createRowBuilder()
for (let round = 0; round < Number(rounds); round++) {
  const decoded = measure((batch) => batch.length)
  const columns = measure((batch) => {
    const blocks = rows.build(batch, new Uint8Array(batch.length))
    return blocks.find(({ table }) => table === 'spans')?.rows ?? 0
  })
  console.log(`decode: ${decoded}; decode to columns: ${columns}`)
}

function measure(use: (batch: DecodedBatch) => number): string {
  const before = process.cpuUsage()
  const start = process.hrtime.bigint()
  let count = 0
  for (let i = 0; i < batches.length; i += BATCHES_PER_RANGE) count += use(decoder.decode(batches.slice(i, i + BATCHES_PER_RANGE)).batch)
  if (count !== total) throw new Error(`${count} of ${total} spans`)
  const wallS = Number(process.hrtime.bigint() - start) / 1e9
  const cpu = process.cpuUsage(before)
  return `${Math.round(count / wallS)} spans/s, ${((cpu.user + cpu.system) / count).toFixed(2)} CPU-s per 1 M`
}
