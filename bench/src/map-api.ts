import { createRandom } from '@skein/bench/load/random'
import { encodeResource, encodeResourceSpans, encodeSpan } from '@skein/bench/load/otlp-writer'
import { SpanKindNumber } from '@skein/schemas/otlp-wire'
import { eventually, startUp } from '@skein/tests/harness/skein-process'
import { sendAll } from './end-to-end.ts'
import type { Figure } from './report.ts'

const SERVICES = 500
const MINUTES = 60
const CALLEES = 4
const MS_A_MINUTE = 60_000

/** How long the map of one hour takes over HTTP with 500 services and 2,000 edges in every minute of it. */
export async function benchMapApi(requests: number): Promise<Figure[]> {
  const skein = await startUp({ SKEIN_LOG_LEVEL: 'warn' })
  try {
    const batches = Array.from({ length: MINUTES }, (_, minute) => minuteOfCalls(Date.now() - (MINUTES - minute) * MS_A_MINUTE, minute))
    await sendAll(batches, skein.otlpHttp, 2)
    const url = `${skein.api}/api/topology?start=now-1h`
    const edges = await eventually(async () => {
      const map = (await (await fetch(url)).json()) as { edges: { evidence: { paired: number } }[] }
      const paired = map.edges.reduce((sum, edge) => sum + edge.evidence.paired, 0)
      if (paired < SERVICES * CALLEES * (MINUTES - 2)) throw new Error(`${paired} calls on the map yet`)
      return map.edges.length
    }, 120_000)
    const times: number[] = []
    for (let i = 0; i < requests; i++) {
      const startedAt = performance.now()
      await (await fetch(url)).arrayBuffer()
      times.push(performance.now() - startedAt)
    }
    times.sort((a, b) => a - b)
    return [
      { name: `map API, 1 h, ${SERVICES} services, ${edges} edges: p50`, unit: 'ms', value: times[times.length >> 1] ?? 0 },
      { name: `map API, 1 h, ${SERVICES} services, ${edges} edges: p99`, unit: 'ms', value: times[Math.floor(times.length * 0.99)] ?? 0 },
    ]
  } finally {
    await skein.destroy()
  }
}

/** Every service calls its next four once: a trace each, client and server span in it. */
function minuteOfCalls(startMs: number, seed: number): { bytes: Uint8Array; spans: number } {
  const random = createRandom(seed + 1)
  const groups = Array.from({ length: SERVICES }, (): Uint8Array[] => [])
  for (let caller = 0; caller < SERVICES; caller++) {
    for (let k = 1; k <= CALLEES; k++) {
      const traceId = random.id(16)
      const clientId = random.id(8)
      const startUs = startMs * 1000 + random.below(50_000_000)
      const durationUs = 1000 + random.below(20_000)
      const span = { traceId, name: 'GET /thing', attributes: { 'http.request.method': 'GET' }, events: [], error: undefined }
      groups[caller]?.push(encodeSpan({ ...span, spanId: clientId, parentId: undefined, kind: SpanKindNumber.client, startUs, endUs: startUs + durationUs }))
      const server = {
        ...span,
        spanId: random.id(8),
        parentId: clientId,
        kind: SpanKindNumber.server,
        startUs: startUs + 200,
        endUs: startUs + durationUs - 200,
      }
      groups[(caller + k) % SERVICES]?.push(encodeSpan(server))
    }
  }
  const bytes = Buffer.concat(
    groups.map((spans, i) => encodeResourceSpans(encodeResource({ 'service.name': `service-${i}` }), { name: 'bench', version: '1' }, spans)),
  )
  return { bytes, spans: SERVICES * CALLEES * 2 }
}
