import { get } from 'node:http'
import { createRandom } from '@skein/bench/load/random'
import { encodeResource, encodeResourceSpans, encodeSpan } from '@skein/bench/load/otlp-writer'
import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import { eventually, startUp } from '@skein/tests/harness/skein-process'
import { sendAll } from './end-to-end.ts'
import type { Figure } from './report.ts'

const SERVICES = 500
const MINUTES = 60
const CALLEES = 4
const CALLS_A_MINUTE = 6
const MS_A_MINUTE = 60_000
const CHANGES = 20
/** Edges change for as long as spans may wait for their other half, and sums some seconds more for others of their kind. */
const HELD_MS = 90_000
const GOAL_MS = 50

/** How long the map of one hour takes over HTTP with 500 services and 2,000 edges in every minute of it. */
export async function benchMapApi(requests: number): Promise<Figure[]> {
  const skein = await startUp({ SKEIN_LOG_LEVEL: 'warn' })
  try {
    const startMs = Date.now() - MINUTES * MS_A_MINUTE
    for (let minute = 0; minute < MINUTES; minute++) await sendAll([minuteOfCalls(startMs + minute * MS_A_MINUTE, minute)], skein.otlpHttp, 1)
    const url = `${skein.api}/api/topology?start=${startMs}&end=${startMs + MINUTES * MS_A_MINUTE}`
    const wanted = SERVICES * CALLEES * CALLS_A_MINUTE * MINUTES
    // Services are asked until all is there, so that edges are cold the first time.
    await eventually(() => pairedAtLeast(`${skein.api}/api/services?start=${startMs}&end=${startMs + MINUTES * MS_A_MINUTE}`, wanted), 240_000)
    await new Promise((resolve) => setTimeout(resolve, HELD_MS))
    const cold = await timeOf(url)
    const warm = await timesOf(requests, () => timeOf(url))
    const changed = await timesOf(CHANGES, async (at) => {
      await sendAll([minuteOfCalls(startMs + (MINUTES - 1) * MS_A_MINUTE, MINUTES + at)], skein.otlpHttp, 1)
      await new Promise((resolve) => setTimeout(resolve, 1500))
      return timeOf(url)
    })
    const name = `map API, 1 h, ${SERVICES} services, ${SERVICES * CALLEES} edges`
    return [
      { name: `${name}: cold`, unit: 'ms', value: cold },
      { name: `${name}: p50`, unit: 'ms', value: at(warm, 0.5) },
      { name: `${name}: p99`, unit: 'ms', value: at(warm, 0.99), goal: GOAL_MS },
      { name: `${name}: p50 after new spans in the newest minute`, unit: 'ms', value: at(changed, 0.5), goal: GOAL_MS },
    ]
  } finally {
    await skein.destroy()
  }
}

async function pairedAtLeast(url: string, wanted: number): Promise<void> {
  const { services } = (await (await fetch(url)).json()) as { services: { calls: number }[] }
  const calls = services.reduce((sum, service) => sum + service.calls, 0)
  if (calls < wanted) throw new Error(`${calls} of ${wanted} calls are there yet`)
}

/** Until the last byte is here, compressed as browsers ask for it: what the client makes of it is its own. */
function timeOf(url: string): Promise<number> {
  const startedAt = performance.now()
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const request = get(url, { headers: { 'accept-encoding': 'br' } }, (answer) => {
    if (answer.statusCode !== 200) reject(new Error(`the map answered ${answer.statusCode}`))
    answer.on('error', reject).on('end', () => resolve(performance.now() - startedAt))
    answer.resume()
  })
  request.on('error', reject)
  return promise
}

async function timesOf(count: number, measure: (at: number) => Promise<number>): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < count; i++) times.push(await measure(i))
  return times.sort((a, b) => a - b)
}

function at(sorted: readonly number[], quantile: number): number {
  return sorted[Math.floor((sorted.length - 1) * quantile)] ?? 0
}

/** Every service calls its next four several times: a trace each, client and server span in it, durations spread over two decades. */
function minuteOfCalls(startMs: number, seed: number): { bytes: Uint8Array; spans: number } {
  const random = createRandom(seed + 1)
  const groups = Array.from({ length: SERVICES }, (): Uint8Array[] => [])
  for (let call = 0; call < SERVICES * CALLEES * CALLS_A_MINUTE; call++) {
    const caller = call % SERVICES
    const callee = (caller + 1 + (Math.floor(call / SERVICES) % CALLEES)) % SERVICES
    const traceId = random.id(16)
    const clientId = random.id(8)
    const startUs = startMs * 1000 + random.below(50_000_000)
    const lostUs = 100 + random.below(2000)
    const durationUs = Math.floor(3000 * 100 ** (random.below(1000) / 1000)) + lostUs
    const span = { traceId, name: 'GET /thing', attributes: { 'http.request.method': 'GET' }, events: [], error: undefined }
    groups[caller]?.push(encodeSpan({ ...span, spanId: clientId, parentId: undefined, kind: SpanKindNumber.client, startUs, endUs: startUs + durationUs }))
    const server = {
      ...span,
      spanId: random.id(8),
      parentId: clientId,
      kind: SpanKindNumber.server,
      startUs: startUs + 50,
      endUs: startUs + durationUs - lostUs,
    }
    groups[callee]?.push(encodeSpan(server))
  }
  const bytes = Buffer.concat(
    groups.map((spans, i) => encodeResourceSpans(encodeResource({ 'service.name': `service-${i}` }), { name: 'bench', version: '1' }, spans)),
  )
  return { bytes, spans: SERVICES * CALLEES * CALLS_A_MINUTE * 2 }
}
