/**
 * `node src/scan/scan.bench.ts [traces | logs] [file of bodies, each after its length as 32-bit little-endian]` prints records
 * per second of scan and of scan + split on one core, over realistic records when no file is given.
 */
import { readFileSync } from 'node:fs'
import { argv } from 'node:process'
import { configSchema } from '@skein/schemas/config'
import { MAX_ENVELOPE_BYTES } from '@skein/schemas/topics'
import { sampleLogs, sampleRequest } from '../sample-request.ts'
import { payloadOf } from '../split/part-for-tests.ts'
import { splitRequest } from '../split/split-request.ts'
import { LOG_KIND } from './scan-log.ts'
import { createScanner } from './scan-request.ts'
import { SPAN_KIND } from './scan-span.ts'

const ROUNDS = 5

const logs = argv[2] === 'logs'

function bodies(): Buffer[] {
  const path = argv[3]
  if (path === undefined) return Array.from({ length: 100 }, (_, seed) => (logs ? sampleLogs({ seed, records: 1000 }) : sampleRequest({ seed, spans: 1000 })))
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
const scanner = createScanner(configSchema.parse({}).limits.intake, logs ? LOG_KIND : SPAN_KIND)
const options = { partitions: 16, maxPayloadBytes: MAX_ENVELOPE_BYTES - 200, maxTotalBytes: 64 * 1024 * 1024 }
const nowMs = performance.timeOrigin

const works: [string, (body: Buffer) => number][] = [
  ['scan', (body) => scanner.scan(body, nowMs).recordCount],
  ['scan + split', (body) => splitRequest(scanner.scan(body, nowMs), options).parts.reduce((sum, part) => (payloadOf(part), sum + part.records), 0)],
]

for (const [name, work] of works) {
  let best = 0
  let records = 0
  for (let round = 0; round < ROUNDS; round++) {
    records = 0
    const startMs = performance.now()
    for (const body of all) records += work(body)
    best = Math.max(best, records / ((performance.now() - startMs) / 1000))
  }
  console.log(
    `${name}: ${Math.round(best).toLocaleString('en')} records/s, ${Math.round((best * bytes) / records / 1e6)} MB/s, ${Math.round(bytes / records)} B/record`,
  )
}
