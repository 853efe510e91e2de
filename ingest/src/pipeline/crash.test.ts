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

const HEADER = { signal: Signal.traces, source: Source.grpc, part: 0, parts: 1, limitsVersion: 1, tenant: TENANT, keyId: 'k' }

/** Heartbeats, as the collector sends them: log time passes, and what ranges held comes with one of the next. */
async function letTracesEnd(lastMs: number): Promise<void> {
  for (let second = 1; second <= 10; second++) {
    const beat = { ...HEADER, content: Content.heartbeat, requestId: Buffer.alloc(16, 100 + second), receivedAtMs: lastMs + second * 1000, records: 0 }
    await log.append(
      Topic.traces,
      [0, 1].map((partition) => ({ partition, value: encodeEnvelope(beat, [], crc32) })),
    )
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

test.each([1, 2])(
  'killed three times under load with %i workers: every span once, every call paired, every repeat counted',
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
    await letTracesEnd(nowMs + batches * BATCH_MS)
    const traceIds = [0, 31, 59].map((n) => Buffer.from(callSpan({ partition: 1, number: n, i: 5, server: false, nowMs }).traceId).toString('hex'))
    const verdict = await ask(child, { tenant: TENANT, startMs: nowMs - 3_600_000, endMs: nowMs + 3_600_000, traceIds })
    const pairs = (batches * 2 * TRACES_A_BATCH) / 2
    const edges = { 'entry->cart': pairs, 'cart->price': pairs }
    expect(verdict).toEqual({ visible: sent, repeats: repeated, dead: 0, edges, traces: [2, 2, 2], paths: (batches + 1) * 2 * TRACES_A_BATCH })
  },
  120_000,
)
