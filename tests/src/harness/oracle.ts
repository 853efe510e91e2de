import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { BATCH_CONSUMER, createLoad, LINKS_EACH, type Load, type LoadBatch, SETTLER } from '@skein/bench/load/generator'
import { expect } from 'vitest'
import { apiOf } from './api.ts'
import { createGrpcSender } from './grpc-sender.ts'

const RETRY_MS = 100
const ENTRY = 'frontend-proxy'
const TOPIC = 'kafka/orders'

export interface Producer {
  /** Sends until `done` says so, each batch again and again until it is acknowledged, as real clients do; then sends what was held back. */
  run(done: () => boolean): Promise<void>
  readonly load: Load
  /** Answers by status; 0 = the connection broke. */
  readonly answers: Map<number, number>
}

export interface ProducerOptions {
  seed: number
  spansPerSecond: number
  connections: number
  /** Every second connection speaks gRPC to this address. */
  otlpGrpc?: () => string
}

/** A deterministic load with known truth; its seed is in every failure message. */
export function createProducer(otlpHttp: () => string, options: ProducerOptions): Producer {
  const spansPerBatch = 250
  const load = createLoad({ seed: options.seed, profile: 'demo', spansPerBatch, startMs: Date.now() - 120_000, traceGapMs: 5, links: true })
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections })
  const answers = new Map<number, number>()
  const overHttp = (bytes: Uint8Array): Promise<number> => post(`${otlpHttp()}/v1/traces`, bytes, agent)
  const grpc = options.otlpGrpc === undefined ? null : createGrpcSender(options.otlpGrpc())

  async function deliver(batch: LoadBatch, send: (bytes: Uint8Array) => Promise<number>): Promise<void> {
    for (;;) {
      const status = await send(batch.bytes)
      answers.set(status, (answers.get(status) ?? 0) + 1)
      if (status === 200) return
      if (status !== 0 && status !== 429 && status !== 503) throw new Error(`the collector answered ${status} (seed ${options.seed})`)
      await sleep(RETRY_MS)
    }
  }

  return {
    load,
    answers,
    async run(done) {
      const gapMs = (spansPerBatch / options.spansPerSecond) * 1000 * options.connections
      const worker = async (_: unknown, index: number): Promise<void> => {
        const send = grpc !== null && index % 2 === 1 ? grpc.send : overHttp
        while (!done()) {
          const startedAt = performance.now()
          await deliver(load.next(), send)
          await sleep(Math.max(0, gapMs - (performance.now() - startedAt)))
        }
      }
      await Promise.all(Array.from({ length: options.connections }, worker))
      for (const batch of load.drain()) await deliver(batch, overHttp)
      agent.destroy()
      grpc?.close()
    },
  }
}

/** The map holds exactly the calls that were made: none lost, none twice, none that never was; and every span is a row. */
export async function judge(api: string, load: Load): Promise<void> {
  const truth = load.truth()
  const { visible } = await apiOf(api).intake('?start=now-2h')
  expect(visible).toBe(truth.spans)
  expect(await callsOnMap(api)).toEqual(callsOfTruth(load))
  for (const { traceId, spans } of truth.traces.slice(0, 40)) {
    const trace = await apiOf(api).trace(traceId)
    expect(trace.spans.length, `spans of trace ${traceId}`).toBe(spans)
    expect(new Set(trace.spans.map((span) => span.spanId)).size).toBe(spans)
  }
}

async function callsOnMap(api: string): Promise<Record<string, number>> {
  const map = await apiOf(api).topology('?start=now-2h')
  const names = new Map(map.nodes.map((node) => [node.id, node.kind === 'database' || node.kind === 'cache' ? (node.name.split('/')[0] ?? '') : node.name]))
  const calls: Record<string, number> = {}
  for (const edge of map.edges) {
    const known = edge.kind === 'http' || edge.kind === 'rpc' ? (edge.evidence.serverOnly > 0 ? 'entry' : 'paired') : edge.kind
    const key = `${names.get(edge.source)}->${names.get(edge.target)} ${known === 'cache' ? 'db' : known}`
    calls[key] = (calls[key] ?? 0) + edge.calls
    if (edge.kind === 'consume') calls[`${key} links`] = (calls[`${key} links`] ?? 0) + edge.evidence.link
  }
  return sortKeys(calls)
}

function callsOfTruth(load: Load): Record<string, number> {
  const { edges, databases, messages, entries, settled, batches } = load.truth()
  const calls: Record<string, number> = { [`user->${ENTRY} entry`]: entries }
  const count = (key: string, more: number): void => {
    calls[key] = (calls[key] ?? 0) + more
  }
  for (const [edge, made] of edges) count(`${edge} paired`, made)
  for (const [edge, made] of databases) count(`${edge} db`, made)
  for (const [edge, sent] of messages) {
    const [producer, consumer] = edge.split('->')
    count(`${producer}->${TOPIC} publish`, sent)
    count(`${TOPIC}->${consumer} consume`, sent)
    count(`${TOPIC}->${consumer} consume links`, 0)
  }
  count(`${ENTRY}->${SETTLER} link`, settled * LINKS_EACH)
  count(`${TOPIC}->${BATCH_CONSUMER} consume`, batches)
  count(`${TOPIC}->${BATCH_CONSUMER} consume links`, batches * LINKS_EACH)
  return sortKeys(calls)
}

/** Links that were sent, each a row of the store. */
export function linksOfTruth(load: Load): number {
  const { settled, batches } = load.truth()
  return (settled + batches) * LINKS_EACH
}

function sortKeys(calls: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(calls).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function post(url: string, body: Uint8Array, agent: Agent): Promise<number> {
  return new Promise((resolve) => {
    const outgoing = request(
      url,
      { method: 'POST', agent, timeout: 10_000, headers: { 'content-type': 'application/x-protobuf', 'content-length': body.length } },
      (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
        answer.on('error', () => resolve(0))
      },
    )
    outgoing.on('timeout', () => outgoing.destroy())
    outgoing.on('error', () => resolve(0))
    outgoing.end(body)
  })
}
