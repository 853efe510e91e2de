import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLoad, type LoadBatch, type LoadTruth } from '@skein/bench/load/generator'
import { type SkeinUp, startUp } from '@skein/tests/harness/skein-process'
import type { Figure } from './report.ts'

export interface EndToEndOptions {
  spans: number
  connections: number
  seed: number
}

const SPANS_PER_BATCH = 1000
const SETTLE_MS = 60_000

/** A whole Skein on this machine takes unique spans over HTTP; its CPU time is read from the kernel, the sender's is not in it. */
export async function benchEndToEnd(options: EndToEndOptions): Promise<Figure[]> {
  const { batches, truth } = makeBatches(options)
  const startedAt = performance.now()
  const skein = await startUp({ SKEIN_LOG_LEVEL: 'warn' })
  const readyMs = performance.now() - startedAt
  try {
    const before = cpuSeconds(skein)
    const store = `${skein.dataDir}/store`
    const diskBefore = diskBytes(store)
    const bytesBefore = diskBytes(store, '--apparent-size')
    const sentAt = performance.now()
    await sendAll(batches, skein.otlpHttp, options.connections)
    const ackSeconds = (performance.now() - sentAt) / 1000
    const ackCpu = cpuSeconds(skein)
    const visibleSeconds = await untilVisible(skein, truth, sentAt)
    const rssMib = { collector: peakMib(skein.childPid('collector')), engine: peakMib(skein.childPid('engine')) }
    await sleep(SETTLE_MS)
    const after = cpuSeconds(skein)
    const millions = truth.spans / 1e6
    return [
      { name: 'start to ready', unit: 'ms', value: readyMs },
      { name: 'accepted', unit: 'spans/s', value: truth.spans / ackSeconds },
      { name: 'collector: OTLP in, fsynced, acknowledged', unit: 'CPU-s per 1 M spans', value: (after.collector - before.collector) / millions },
      { name: 'engine until acknowledged', unit: 'CPU-s per 1 M spans', value: (ackCpu.engine - before.engine) / millions },
      {
        name: 'everything, merges of the first minute included',
        unit: 'CPU-s per 1 M spans',
        value: (after.collector + after.engine - before.collector - before.engine) / millions,
      },
      { name: 'all visible after the first byte', unit: 's', value: visibleSeconds },
      { name: 'store on disk, files rounded up to their blocks', unit: 'B per span', value: (diskBytes(store) - diskBefore) / truth.spans },
      { name: 'store, bytes in its files', unit: 'B per span', value: (diskBytes(store, '--apparent-size') - bytesBefore) / truth.spans },
      { name: 'collector peak RSS', unit: 'MiB', value: rssMib.collector },
      { name: 'engine peak RSS', unit: 'MiB', value: rssMib.engine },
    ]
  } finally {
    await skein.destroy()
  }
}

function makeBatches(options: EndToEndOptions): { batches: LoadBatch[]; truth: LoadTruth } {
  const seconds = options.spans / 20_000
  const load = createLoad({
    seed: options.seed,
    profile: 'demo',
    spansPerBatch: SPANS_PER_BATCH,
    startMs: Date.now() - seconds * 1000 - 60_000,
    traceGapMs: (seconds * 1000) / (options.spans / 8),
  })
  const batches: LoadBatch[] = []
  while (load.truth().spans < options.spans) batches.push(load.next())
  batches.push(...load.drain())
  return { batches, truth: load.truth() }
}

/** Posts every batch once acknowledged; 429 and 503 are sent again, anything else fails the bench. */
export async function sendAll(batches: readonly LoadBatch[], endpoint: string, connections: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let next = 0
  const worker = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      for (;;) {
        const status = await post(`${endpoint}/v1/traces`, batch.bytes, agent)
        if (status === 200) break
        if (status !== 429 && status !== 503) throw new Error(`the collector answered ${status}`)
        await sleep(50)
      }
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  agent.destroy()
}

function post(url: string, body: Uint8Array, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length } }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode ?? 0))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

async function untilVisible(skein: SkeinUp, truth: LoadTruth, sentAt: number): Promise<number> {
  const deadline = performance.now() + 300_000
  for (;;) {
    const answer = (await (await fetch(`${skein.api}/api/intake?start=now-2h`)).json()) as { visible: number }
    if (answer.visible >= truth.spans) return (performance.now() - sentAt) / 1000
    if (performance.now() > deadline) throw new Error(`only ${answer.visible} of ${truth.spans} spans are visible after 5 minutes`)
    await sleep(100)
  }
}

function cpuSeconds(skein: SkeinUp): { collector: number; engine: number } {
  return { collector: processCpuSeconds(skein.childPid('collector')), engine: processCpuSeconds(skein.childPid('engine')) }
}

/** User and system time of a process and its threads, from the kernel. */
export function processCpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

function peakMib(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}

function diskBytes(directory: string, ...options: string[]): number {
  return Number(execFileSync('du', ['-sB1', ...options, directory], { encoding: 'utf8' }).split('\t')[0])
}
