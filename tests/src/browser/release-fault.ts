import { createHash } from 'node:crypto'
import { eventually, type SkeinUp } from '../harness/skein-process.ts'

const MINUTE_MS = 60_000
const NS = 1_000_000n
/** Minutes before now in which all is well, and in which the release is out. */
const BEFORE = { from: 30, to: 11 } as const
const AFTER = { from: 8, to: 1 } as const
const A_MINUTE = 40

export interface ReleaseFault {
  /** A trace of after the release that failed. */
  failedTraceId: string
}

/** `shop` calls `stock`; eight minutes ago `stock` 2.0.0 came, slow and failing every fifth time. Resolved when the map shows it. */
export async function sendReleaseFault(skein: SkeinUp, nowMs: number): Promise<ReleaseFault> {
  const calls = [BEFORE, AFTER].flatMap(({ from, to }, index) =>
    Array.from({ length: (from - to) * A_MINUTE }, (_, call) =>
      callAt({ call, startMs: nowMs - from * MINUTE_MS + (call * MINUTE_MS) / A_MINUTE, released: index === 1 }),
    ),
  )
  const spans = { client: calls.map((one) => one.client), old: calls.filter((one) => !one.released), new: calls.filter((one) => one.released) }
  const body = {
    resourceSpans: [
      resource('shop', '7.0.0', spans.client),
      resource(
        'stock',
        '1.0.0',
        spans.old.map((one) => one.server),
      ),
      resource(
        'stock',
        '2.0.0',
        spans.new.map((one) => one.server),
      ),
    ],
  }
  const response = await fetch(`${skein.otlpHttp}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
  if (response.status !== 200) throw new Error(`the collector answered ${response.status}: ${await response.text()}`)
  await eventually(async () => {
    const answer = (await (await fetch(`${skein.api}/api/topology`)).json()) as { edges: { calls: number }[] }
    if (!answer.edges.some((edge) => edge.calls === calls.length)) throw new Error('the map does not have every call yet')
  }, 30_000)
  return { failedTraceId: idOf('trace', 'true', '0', 16) }
}

interface Call {
  call: number
  startMs: number
  released: boolean
}

function callAt({ call, startMs, released }: Call) {
  const traceId = idOf('trace', String(released), String(call), 16)
  const [clientId, serverId] = [idOf('client', String(released), String(call), 8), idOf('server', String(released), String(call), 8)]
  const failed = released && call % 5 === 0
  const serverMs = (released ? 400 : 20) + (call % 7)
  const span = (more: object, fromMs: number, lengthMs: number) => ({
    traceId,
    name: 'GET /stock',
    startTimeUnixNano: String(BigInt(Math.round(fromMs)) * NS),
    endTimeUnixNano: String(BigInt(Math.round(fromMs + lengthMs)) * NS),
    status: failed ? { code: 2 } : {},
    ...more,
  })
  return {
    released,
    client: span({ spanId: clientId, kind: 3 }, startMs, serverMs + 4),
    server: span({ spanId: serverId, parentSpanId: clientId, kind: 2 }, startMs + 2, serverMs),
  }
}

const resource = (service: string, version: string, spans: readonly object[]) => ({
  resource: {
    attributes: [
      ['service.name', service],
      ['service.version', version],
      ['service.instance.id', `${service}-${version}`],
      ['deployment.environment.name', 'test'],
    ].map(([key, value]) => ({ key, value: { stringValue: value } })),
  },
  scopeSpans: [{ scope: { name: 'test' }, spans }],
})

const idOf = (...parts: [string, string, string, number]): string =>
  createHash('sha256')
    .update(parts.slice(0, 3).join(' '))
    .digest('hex')
    .slice(0, parts[3] * 2)
