/**
 * `node src/mask/mask.bench.ts` prints what masking costs beside scanning on one core: records per second and bytes of requests per
 * second, over realistic log records and spans in which nothing is found, with each preset alone and with all.
 */
import { configSchema } from '@skein/schemas/config'
import { REDACTION_PRESETS } from '@skein/schemas/redaction'
import { sampleLogs, sampleRequest } from '../sample-request.ts'
import { LOG_KIND } from '../scan/scan-log.ts'
import { createScanner } from '../scan/scan-request.ts'
import { SPAN_KIND } from '../scan/scan-span.ts'
import { createMasker } from './masker.ts'

const ROUNDS = 5
const limits = configSchema.parse({}).limits.intake
const nowMs = performance.timeOrigin
const signals = [
  ['logs', createScanner(limits, LOG_KIND), Array.from({ length: 100 }, (_, seed) => sampleLogs({ seed, records: 1000 }))],
  ['traces', createScanner(limits, SPAN_KIND), Array.from({ length: 100 }, (_, seed) => sampleRequest({ seed, spans: 1000 }))],
] as const

for (const [signal, scanner, bodies] of signals) {
  const bytes = bodies.reduce((sum, body) => sum + body.length, 0)
  for (const presets of [[], ...REDACTION_PRESETS.map((preset) => [preset]), REDACTION_PRESETS]) {
    const masker = presets.length === 0 ? null : createMasker(presets)
    let bestMs = Number.POSITIVE_INFINITY
    let records = 0
    for (let round = 0; round < ROUNDS; round++) {
      records = 0
      const startMs = performance.now()
      for (const body of bodies) {
        const scan = scanner.scan(body, nowMs)
        masker?.mask(scan, signal)
        records += scan.recordCount
      }
      bestMs = Math.min(bestMs, performance.now() - startMs)
    }
    const name = presets.length === 0 ? 'off' : presets.length === 1 ? presets[0] : 'all'
    console.log(`${signal} ${name}: ${Math.round(records / (bestMs / 1000)).toLocaleString('en')} records/s, ${Math.round(bytes / bestMs / 1000)} MB/s`)
  }
}
