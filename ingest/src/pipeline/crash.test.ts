import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { createEmbeddedLog, type EmbeddedLog } from '@skein/eventlog/embedded/log'
import { Content, encodeEnvelope, Signal, Source } from '@skein/schemas/envelope'
import { Topic } from '@skein/schemas/topics'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { encodeRequest, type OracleSpan } from '../decode/oracle-for-tests.ts'
import { encodeLogs, logsOf } from '../logs/logs-for-tests.ts'
import type { JudgeQuestion, Verdict } from './crash-child-for-tests.ts'

const TENANT = 'default'
const TRACES_A_BATCH = 100
/** Log time from batch to batch: traces end, and their sums are held, while the process is killed. */
const BATCH_MS = 200
const SERVICES = ['entry', 'cart', 'price']

let directory: string
let log: EmbeddedLog
const children: ChildProcess[] = []
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'skein-crash-'))
  log = await createEmbeddedLog({
    directory: join(directory, 'log'),
    role: 'writer',
    partitions: () => 2,
    quotaBytes: 1e9,
    reserveBytes: 0,
    clock: () => Date.now(),
    report: () => undefined,
  })
  await log.partitions(Topic.logs)
  await log.partitions(Topic.outcomes)
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await log.close(1000)
  rmSync(directory, { recursive: true, force: true })
})

async function startChild(workers: number): Promise<ChildProcess> {
  const child = fork(new URL('./crash-child-for-tests.ts', import.meta.url), [directory, String(workers)], {
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  children.push(child)
  await once(child, 'message')
  return child
}

async function ask(child: ChildProcess, question: JudgeQuestion): Promise<Verdict> {
  child.send(question)
  const [verdict] = (await once(child, 'message')) as [Verdict]
  return verdict
}

/** Batch n of a partition calls from one service to the next; the callee's spans of a batch come with the batch behind it. */
function batchOf(partition: number, n: number, nowMs: number): OracleSpan[][] {
  const spans = (number: number, server: boolean): OracleSpan[] =>
    number < 0 ? [] : Array.from({ length: TRACES_A_BATCH }, (_, i) => callSpan({ partition, number, i, server, nowMs }))
  return [spans(n, false), spans(n - 1, true)]
}

function callSpan(call: { partition: number; number: number; i: number; server: boolean; nowMs: number }): OracleSpan {
  const { partition, number, i, server, nowMs } = call
  const id = Buffer.alloc(16)
  id.writeUInt32LE(number * TRACES_A_BATCH + i + 1)
  id.writeUInt32LE(partition + 1, 4)
  const spanId = (side: number): Buffer => Buffer.concat([id.subarray(0, 7), Buffer.from([side])])
  const start = BigInt(nowMs) * 1_000_000n
  const text = { traceState: '', name: 'call', events: [], links: [], attributes: [], status: { message: '', code: 0 } }
  const times = { startTimeUnixNano: String(start), endTimeUnixNano: String(start + 1_000_000n) }
  return { ...text, ...times, traceId: id, spanId: spanId(server ? 2 : 1), parentSpanId: server ? spanId(1) : new Uint8Array(0), kind: server ? 2 : 3 }
}

function envelopeOf(partition: number, n: number, nowMs: number): Uint8Array {
  const [clients = [], servers = []] = batchOf(partition, n, nowMs)
  const of = (service: string | undefined, spans: OracleSpan[]) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service ?? '' } }] },
    scopeSpans: [{ spans }],
  })
  const resourceSpans = [of(SERVICES[n % 2], clients), of(SERVICES[((n + 1) % 2) + 1], servers)]
  const requestId = Buffer.alloc(16, partition + 1)
  requestId.writeUInt32LE(n)
  const records = clients.length + servers.length
  return encodeEnvelope({ ...HEADER, content: Content.otlp, requestId, receivedAtMs: nowMs + n * BATCH_MS, records }, [encodeRequest({ resourceSpans })], crc32)
}

const LINES_A_BATCH = 20
/** Lines that an agent sends again, in other portions than before, after it was killed. */
const LINES_AGAIN = 15

/** Batch n of a tailed file: the file of a partition is read on from where its agent believes to be. */
function linesOf(partition: number, n: number, nowMs: number): { value: Uint8Array; repeated: number } {
  const repeated = n > 0 && n % 5 === 2 ? LINES_AGAIN : 0
  const first = n * LINES_A_BATCH - repeated
  const numbers = Array.from({ length: LINES_A_BATCH + repeated }, (_, i) => first + i)
  const logRecords = numbers.map((number) => ({
    observedTimeUnixNano: String(BigInt(nowMs + number) * 1_000_000n),
    body: { stringValue: lineText(partition, number) },
    attributes: [{ key: 'log.record.uid', value: { stringValue: `${String(partition + 1).padStart(16, '0')}:${number * 64}` } }],
  }))
  const requestId = Buffer.alloc(16, 50 + partition)
  requestId.writeUInt32LE(n)
  const header = { ...HEADER, signal: Signal.logs, content: Content.otlp, requestId, receivedAtMs: nowMs + n * BATCH_MS, records: numbers.length }
  return { value: encodeEnvelope(header, [encodeLogs(logsOf('entry', logRecords))], crc32), repeated }
}

function lineText(partition: number, number: number): string {
  return `line ${number} of file ${partition}`
}

const HEADER = { signal: Signal.traces, source: Source.grpc, part: 0, parts: 1, limitsVersion: 1, tenant: TENANT, keyId: 'k' }

/** Heartbeats until the answer is there, as the collector sends them: log time passes, and what ranges held comes with one of the next. */
async function letTracesEnd(lastMs: number, answer: Promise<Verdict>): Promise<Verdict> {
  let answered = false
  const done = answer.finally(() => {
    answered = true
  })
  for (let second = 1; !answered && second < 100; second++) {
    const beat = { ...HEADER, content: Content.heartbeat, requestId: Buffer.alloc(16, 100 + second), receivedAtMs: lastMs + second * 1000, records: 0 }
    await log.append(
      Topic.traces,
      [0, 1].map((partition) => ({ partition, value: encodeEnvelope(beat, [], crc32) })),
    )
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return done
}

test.each([1, 2])(
  'killed three times under load with %i workers: every span and line once, every call paired, every repeat counted',
  async (workers) => {
    const nowMs = Date.now()
    const batches = 60
    let sent = 0
    let repeated = 0
    let child = await startChild(workers)
    for (let n = 0; n <= batches; n++) {
      for (const partition of [0, 1]) {
        const value = envelopeOf(partition, n, nowMs)
        const again = n % 7 === 3
        await log.append(
          Topic.traces,
          again
            ? [
                { partition, value },
                { partition, value },
              ]
            : [{ partition, value }],
        )
        const lines = linesOf(partition, n, nowMs)
        await log.append(Topic.logs, again ? [lines, lines].map(({ value: each }) => ({ partition, value: each })) : [{ partition, value: lines.value }])
        sent += LINES_A_BATCH
        repeated += lines.repeated + (again ? LINES_A_BATCH + lines.repeated : 0)
        const records = n === 0 ? TRACES_A_BATCH : 2 * TRACES_A_BATCH
        sent += records
        if (again) repeated += records
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
      if ([15, 30, 45].includes(n)) {
        child.kill('SIGKILL')
        await once(child, 'exit')
        child = await startChild(workers)
      }
    }
    const traceIds = [0, 31, 59].map((n) => Buffer.from(callSpan({ partition: 1, number: n, i: 5, server: false, nowMs }).traceId).toString('hex'))
    const paths = (batches + 1) * 2 * TRACES_A_BATCH
    const asked = ask(child, { tenant: TENANT, startMs: nowMs - 3_600_000, endMs: nowMs + 3_600_000, traceIds, paths })
    const verdict = await letTracesEnd(nowMs + batches * BATCH_MS, asked)
    const pairs = (batches * 2 * TRACES_A_BATCH) / 2
    const edges = { 'entry->cart': pairs, 'cart->price': pairs }
    const lines = [0, 1].flatMap((partition) => Array.from({ length: (batches + 1) * LINES_A_BATCH }, (_, number) => lineText(partition, number)))
    expect(verdict.lines.toSorted()).toEqual(lines.toSorted())
    expect(verdict).toEqual({
      ...verdict,
      lineSums: lines.length,
      visible: sent,
      repeats: repeated,
      dead: 0,
      edges,
      traces: [2, 2, 2],
      paths,
    })
  },
  120_000,
)
