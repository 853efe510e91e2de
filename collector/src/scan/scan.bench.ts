/**
 * `node src/scan/scan.bench.ts [file of bodies, each after its length as 32-bit little-endian]` prints spans per second of
 * scan and of scan + split on one core, over realistic spans when no file is given.
 */
import { readFileSync } from 'node:fs'
import { argv } from 'node:process'
import { configSchema } from '@skein/schemas/config'
import { MAX_ENVELOPE_BYTES } from '@skein/schemas/topics'
import { sampleRequest } from '../sample-request.ts'
import { payloadOf } from '../split/part-for-tests.ts'
import { splitTraces } from '../split/split-traces.ts'
import { createTraceScanner } from './scan-traces.ts'

const ROUNDS = 5

function bodies(): Buffer[] {
  const path = argv[2]
  if (path === undefined) return Array.from({ length: 100 }, (_, seed) => sampleRequest({ seed, spans: 1000 }))
  const file = readFileSync(path)
  const found: Buffer[] = []
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32LE(at)
    found.push(file.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return found
}

const all = bodies()
const bytes = all.reduce((sum, body) => sum + body.length, 0)
const scanner = createTraceScanner(configSchema.parse({}).limits.intake)
const options = { partitions: 16, maxPayloadBytes: MAX_ENVELOPE_BYTES - 200, maxTotalBytes: 64 * 1024 * 1024 }
const nowMs = performance.timeOrigin

const works: [string, (body: Buffer) => number][] = [
  ['scan', (body) => scanner.scan(body, nowMs).spanCount],
  ['scan + split', (body) => splitTraces(scanner.scan(body, nowMs), options).parts.reduce((sum, part) => (payloadOf(part), sum + part.records), 0)],
]

for (const [name, work] of works) {
  let best = 0
  let spans = 0
  for (let round = 0; round < ROUNDS; round++) {
    spans = 0
    const startMs = performance.now()
    for (const body of all) spans += work(body)
    best = Math.max(best, spans / ((performance.now() - startMs) / 1000))
  }
  console.log(
    `${name}: ${Math.round(best).toLocaleString('en')} spans/s, ${Math.round((best * bytes) / spans / 1e6)} MB/s, ${Math.round(bytes / spans)} B/span`,
  )
}
