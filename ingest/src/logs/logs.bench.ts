import { DECODER_OPTIONS } from '../decode/oracle-for-tests.ts'
import { type DecodeInput, SLACK_BYTES } from '../decode/payload-memory.ts'
import { createLogDecoder } from './decode-logs.ts'
import { createFoundSeverities } from './found-severities.ts'
import { linesOf } from './lines-for-tests.ts'
import { createLogRowBuilder } from './log-rows.ts'

/** CPU time of this thread from OTLP bytes to Native blocks: `node ingest/src/logs/logs.bench.ts [lines] [agent|sdk] [lines an envelope]`. */
const LINES_PER_BATCH = 100_000
const total = Number(process.argv[2] ?? 1_000_000)
const source = process.argv[3] === 'sdk' ? 'sdk' : 'agent'
const linesPerEnvelope = Number(process.argv[4] ?? 200)

const decoder = createLogDecoder({ ...DECODER_OPTIONS, maxInternedBytes: 32 << 20 })
const severities = createFoundSeverities(true)
const rows = createLogRowBuilder()
const cpuUs = (since?: NodeJS.CpuUsage): number => {
  const used = process.threadCpuUsage(since)
  return used.user + used.system
}
const decodeUs: number[] = []
const severityUs: number[] = []
const rowsUs: number[] = []
let bodyBytes = 0
let payloadBytes = 0
let blockBytes = 0
let lines = 0
for (let seed = 1; seed <= Math.ceil(total / LINES_PER_BATCH); seed++) {
  const inputs = sideBySide(linesOf({ lines: LINES_PER_BATCH, linesPerEnvelope, source, seed }))
  const before = process.threadCpuUsage()
  const { batch } = decoder.decode(inputs)
  decodeUs.push(cpuUs(before) / batch.length)
  const decoded = process.threadCpuUsage()
  severities.find(batch)
  severityUs.push(cpuUs(decoded) / batch.length)
  const found = process.threadCpuUsage()
  const blocks = rows.build(batch)
  rowsUs.push(cpuUs(found) / batch.length)
  lines += batch.length
  payloadBytes += inputs.reduce((sum, { payload }) => sum + payload.length, 0)
  blockBytes += blocks.reduce((sum, { block }) => sum + block.length, 0)
  for (let row = 0; row < batch.length; row++) bodyBytes += batch.bodyEnd[row]! - batch.bodyStart[row]!
}
const half = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
const perLine = half(decodeUs) + half(severityUs) + half(rowsUs)
process.stdout.write(
  `${lines} lines of ${(bodyBytes / lines).toFixed(0)} B (${source}, ${(payloadBytes / lines).toFixed(0)} B of OTLP): decode ${half(decodeUs).toFixed(2)} µs, severity ${half(severityUs).toFixed(2)} µs, rows ${half(rowsUs).toFixed(2)} µs a line, ` +
    `${Math.round(1e6 / perLine)} lines/s a core, ${(blockBytes / lines).toFixed(0)} B of blocks a line\n`,
)

/** In one memory, as the payloads of a job lie. */
function sideBySide(inputs: readonly DecodeInput[]): DecodeInput[] {
  const memory = new Uint8Array(inputs.reduce((sum, { payload }) => sum + payload.length, SLACK_BYTES))
  let at = 0
  return inputs.map(({ envelope, payload }) => {
    memory.set(payload, at)
    at += payload.length
    return { envelope, payload: memory.subarray(at - payload.length, at) }
  })
}
