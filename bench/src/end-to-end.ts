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

/**
 * A whole Skein on this machine takes unique spans over HTTP; its CPU time is read from the kernel, the sender's is not in it. Twice: the
 * first spans after a start also pay for compiling and for memory that grows, the next ones are what every day costs.
 */
export async function benchEndToEnd(options: EndToEndOptions): Promise<Figure[]> {
  const startedAt = performance.now()
  const skein = await startUp({ SKEIN_LOG_LEVEL: 'warn' })
  const readyMs = performance.now() - startedAt
  const anonymous = watchAnonymous(skein.childPid('engine'))
  try {
    const store = `${skein.dataDir}/store`
    const diskBefore = diskBytes(store)
    const bytesBefore = diskBytes(store, '--apparent-size')
    const first = await measureRound(skein, options, 0)
    const perSpan = { blocks: (diskBytes(store) - diskBefore) / first.spans, files: (diskBytes(store, '--apparent-size') - bytesBefore) / first.spans }
    const second = await measureRound(skein, { ...options, seed: options.seed + 1000 }, first.spans)
    return [
      { name: 'start to ready', unit: 'ms', value: readyMs },
      ...first.figures,
      ...second.figures.filter(({ unit }) => unit === CPU_UNIT).map((figure) => ({ ...figure, name: `${figure.name}${NEXT}` })),
      { name: 'store on disk, files rounded up to their blocks', unit: 'B per span', value: perSpan.blocks },
      { name: 'store, bytes in its files', unit: 'B per span', value: perSpan.files },
      { name: 'collector peak RSS', unit: 'MiB', value: peakMib(skein.childPid('collector')) },
      { name: 'engine peak RSS', unit: 'MiB', value: peakMib(skein.childPid('engine')) },
      { name: 'engine peak of anonymous memory, without pages of files', unit: 'MiB', value: anonymous.peakMib() },
    ]
  } finally {
    anonymous.stop()
    await skein.destroy()
  }
}

export const CPU_UNIT = 'CPU-s per 1 M spans'
export const EVERYTHING = 'everything, merges and idling of the first minute included'
/** Behind the name of a figure of the second round. */
export const NEXT = ', the next ones'

async function measureRound(skein: SkeinUp, options: EndToEndOptions, visibleBefore: number): Promise<{ spans: number; figures: Figure[] }> {
  const { batches, truth } = makeBatches(options)
  const before = cpuSeconds(skein)
  const sentAt = performance.now()
  await sendAll(batches, skein.otlpHttp, options.connections)
  const ackSeconds = (performance.now() - sentAt) / 1000
  const visibleSeconds = await untilVisible(skein, visibleBefore + truth.spans, sentAt)
  const visible = cpuSeconds(skein)
  await sleep(SETTLE_MS)
  const after = cpuSeconds(skein)
  const millions = truth.spans / 1e6
  const figures = [
    { name: 'accepted', unit: 'spans/s', value: truth.spans / ackSeconds },
    { name: 'all visible after the first byte', unit: 's', value: visibleSeconds },
    { name: 'collector: OTLP in, fsynced, acknowledged', unit: CPU_UNIT, value: (visible.collector - before.collector) / millions },
    { name: 'collector and engine until all is visible', unit: CPU_UNIT, value: (sum(visible) - sum(before)) / millions },
    { name: EVERYTHING, unit: CPU_UNIT, value: (sum(after) - sum(before)) / millions },
  ]
  return { spans: truth.spans, figures }
}

function sum({ collector, engine }: { collector: number; engine: number }): number {
  return collector + engine
}

export function makeBatches(options: EndToEndOptions): { batches: LoadBatch[]; truth: LoadTruth } {
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
export async function sendAll(batches: readonly Pick<LoadBatch, 'bytes'>[], endpoint: string, connections: number, path = '/v1/traces'): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let next = 0
  const worker = async (): Promise<void> => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      for (;;) {
        const status = await post(`${endpoint}${path}`, batch.bytes, agent)
        if (status === 200) break
        if (status !== 429 && status !== 503) throw new Error(`the collector answered ${status}`)
        await sleep(50)
      }
    }
  }
  await Promise.all(Array.from({ length: connections }, worker))
  agent.destroy()
}

/** Answers the status. */
export function post(url: string, body: Uint8Array, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent, headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length } }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode ?? 0))
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

async function untilVisible(skein: SkeinUp, spans: number, sentAt: number): Promise<number> {
  const deadline = performance.now() + 300_000
  for (;;) {
    const answer = (await (await fetch(`${skein.api}/api/intake?start=now-2h`)).json()) as { visible: number }
    if (answer.visible >= spans) return (performance.now() - sentAt) / 1000
    if (performance.now() > deadline) throw new Error(`only ${answer.visible} of ${spans} spans are visible after 5 minutes`)
    await sleep(100)
  }
}

export function cpuSeconds(skein: SkeinUp): { collector: number; engine: number } {
  return { collector: processCpuSeconds(skein.childPid('collector')), engine: processCpuSeconds(skein.childPid('engine')) }
}

/** User and system time of a process and its threads, from the kernel. */
export function processCpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

export function peakMib(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
}

/** The kernel keeps no peak of it, so it is looked at four times a second. The rest of RSS is code, and pages of the log that were read and are mapped still. */
function watchAnonymous(pid: number): { peakMib(): number; stop(): void } {
  let peak = 0
  const timer = setInterval(() => {
    peak = Math.max(peak, Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024)
  }, 250)
  return { peakMib: () => peak, stop: () => clearInterval(timer) }
}

export function diskBytes(directory: string, ...options: string[]): number {
  return Number(execFileSync('du', ['-sB1', ...options, directory], { encoding: 'utf8' }).split('\t')[0])
}
