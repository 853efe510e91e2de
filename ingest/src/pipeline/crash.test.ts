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

/** Log time from batch to batch of lines: memory of the first is long gone at the last. */
const LINES_BATCH_MS = 50_000
/** With which batch an agent that was away since the first comes back, and sends all of its file again. */
const AWAY_UNTIL = 50

interface SentLines {
  value: Uint8Array
  fresh: number
  repeated: number
}

/** What comes with batch n: a tailed file is read on from where its agent believes to be, and now and then one whose agent was away. */
function linesOf(partition: number, n: number, nowMs: number): SentLines[] {
  const again = n > 0 && n % 5 === 2 ? LINES_AGAIN : 0
  const steady = fileLines({ partition, file: 0, n, nowMs, from: n * LINES_A_BATCH - again, to: (n + 1) * LINES_A_BATCH })
  const sent = [{ value: steady, fresh: LINES_A_BATCH, repeated: again }]
  if (n === 0) sent.push({ value: fileLines({ partition, file: 1, n, nowMs, from: 0, to: AWAY_LINES }), fresh: AWAY_LINES, repeated: 0 })
  if (n === AWAY_UNTIL) sent.push({ value: fileLines({ partition, file: 1, n, nowMs, from: 0, to: AWAY_LINES + 1 }), fresh: 1, repeated: AWAY_LINES })
  return sent
}

const AWAY_LINES = 9

function fileLines(lines: { partition: number; file: number; n: number; nowMs: number; from: number; to: number }): Uint8Array {
  const { partition, file, n, nowMs, from, to } = lines
  const identity = (partition * 2 + file + 1).toString(16).padStart(16, '0')
  const logRecords = Array.from({ length: to - from }, (_, i) => ({
    observedTimeUnixNano: String(BigInt(nowMs + from + i) * 1_000_000n),
    body: { stringValue: lineText(partition, file, from + i) },
    attributes: [{ key: 'log.record.uid', value: { stringValue: `${identity}:${(from + i) * 64}` } }],
  }))
  const requestId = Buffer.alloc(16, 50 + partition * 2 + file)
  requestId.writeUInt32LE(n)
  const header = { ...HEADER, signal: Signal.logs, content: Content.otlp, requestId, receivedAtMs: nowMs + n * LINES_BATCH_MS, records: to - from }
  return encodeEnvelope(header, [encodeLogs(logsOf('entry', logRecords))], crc32)
}

function lineText(partition: number, file: number, number: number): string {
  return `line ${number} of file ${partition}.${file}`
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
        for (const lines of linesOf(partition, n, nowMs)) {
          await log.append(Topic.logs, again ? [lines, lines].map(({ value: each }) => ({ partition, value: each })) : [{ partition, value: lines.value }])
          sent += lines.fresh
          repeated += lines.repeated + (again ? lines.fresh + lines.repeated : 0)
        }
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
    const counts = [(batches + 1) * LINES_A_BATCH, AWAY_LINES + 1]
    const lines = [0, 1].flatMap((partition) => counts.flatMap((length, file) => Array.from({ length }, (_, number) => lineText(partition, file, number))))
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
