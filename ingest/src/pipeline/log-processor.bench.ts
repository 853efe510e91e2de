import { crc32 } from 'node:zlib'
import { Content, encodeEnvelope, Signal, Source } from '@skein/schemas/envelope'
import type { DecodeInput } from '../decode/payload-memory.ts'
import { DECODER_OPTIONS } from '../decode/oracle-for-tests.ts'
import { linesOf } from '../logs/lines-for-tests.ts'
import { createPatternStep } from '../patterns/pattern-step.ts'
import { createRuleStep } from '../rules/rule-step.ts'
import { createLogProcessor } from './log-processor.ts'
import { createJob, type JobRecord } from './range-job.ts'
import { transferable } from './range-workers.ts'

/**
 * CPU time of this thread for all that a worker of logs does, from the records of ranges to blocks that can be sent away:
 * `node ingest/src/pipeline/log-processor.bench.ts [lines] [agent|sdk] [lines an envelope] [lines a range]`.
 */
const total = Number(process.argv[2] ?? 1_000_000)
const source = process.argv[3] === 'sdk' ? 'sdk' : 'agent'
const linesPerEnvelope = Number(process.argv[4] ?? 500)
const linesPerRange = Number(process.argv[5] ?? 50_000)

const patterns = createPatternStep({ templatesPerService: 1000, templatesPerPartition: 4000 })
const { limits } = DECODER_OPTIONS
const processor = createLogProcessor({
  limits,
  batchIdBytes: 32 << 20,
  trustsLog: true,
  internedBytes: 32 << 20,
  severityFromText: true,
  traceFromText: true,
  createRules: () => createRuleStep(patterns.patternOf, limits),
  patterns,
})
const costsUs: number[] = []
let systemUs = 0
let lines = 0
for (let seed = 1; lines < total; seed++) {
  const records = linesOf({ lines: linesPerRange, linesPerEnvelope, source, seed }).map((input, i) => recordOf(input, seed * 1_000_000 + i))
  const job = createJob('skein.logs', true, records, (bytes) => new ArrayBuffer(bytes))
  const before = process.threadCpuUsage()
  const { blocks } = transferable(processor.process(job).blocks)
  const { user, system } = process.threadCpuUsage(before)
  const written = blocks.find(({ table }) => table === 'logs')?.rows ?? 0
  if (written !== linesPerRange) throw new Error(`${written} rows of ${linesPerRange} lines`)
  costsUs.push((user + system) / written)
  systemUs += system
  lines += written
}
const median = costsUs.toSorted((a, b) => a - b)[costsUs.length >> 1] ?? 0
const mean = costsUs.reduce((sum, each) => sum + each, 0) / costsUs.length
process.stdout.write(
  `${lines} lines (${source}), ranges of ${linesPerRange}: first ${costsUs[0]?.toFixed(2)} µs, mean ${mean.toFixed(2)} µs (${(systemUs / lines).toFixed(2)} in the kernel), median ${median.toFixed(2)} µs a line, ` +
    `${Math.round(1e6 / median)} lines/s a core\n`,
)

function recordOf({ envelope, payload }: DecodeInput, number: number): JobRecord {
  const requestId = Buffer.alloc(16)
  requestId.writeUInt32LE(number, 0)
  const header = { signal: Signal.logs, content: Content.otlp, source: Source.grpc, receivedAtMs: envelope.receivedAtMs, requestId, part: 0, parts: 1 }
  const value = encodeEnvelope({ ...header, records: linesPerEnvelope, limitsVersion: 1, tenant: envelope.tenant, keyId: envelope.keyId }, [payload], crc32)
  return { partition: envelope.partition, offset: number, value }
}
