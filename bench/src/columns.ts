import { createSpanDecoder } from '@skein/ingest/decode/decode-spans'
import { createLoad, type LoadOptions } from './load/generator.ts'

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
let total = 0
let bytes = 0
while (total < Number(spans)) {
  const batch = load.next()
  total += batch.spans
  bytes += batch.bytes.length
  batches.push({ envelope, payload: batch.bytes })
}
const limits = { pastDays: 7, futureMinutes: 100_000, attributes: 256, keyBytes: 256, valueBytes: 32_768, events: 128, links: 128 }
const decoder = createSpanDecoder({ limits, maxInternedBytes: 1 << 26 })
console.log(`${total} spans of ${(bytes / total).toFixed(0)} B`)
for (let round = 0; round < Number(rounds); round++) {
  const before = process.cpuUsage()
  const start = process.hrtime.bigint()
  let decoded = 0
  for (let i = 0; i < batches.length; i += 64) decoded += decoder.decode(batches.slice(i, i + 64)).batch.length
  const wallS = Number(process.hrtime.bigint() - start) / 1e9
  const cpu = process.cpuUsage(before)
  console.log(`decode: ${Math.round(decoded / wallS)} spans/s, ${((cpu.user + cpu.system) / decoded).toFixed(2)} CPU-s per 1 M`)
}
