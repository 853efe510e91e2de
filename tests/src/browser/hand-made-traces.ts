import { randomBytes } from 'node:crypto'
import { exportOf, text } from '../harness/spans.ts'

export const SLOW_ADDRESS = 'drm-2.internal'

const hex = (bytes: number): string => randomBytes(bytes).toString('hex')

export interface HandMadeIds {
  /** A call with network, a queue, a database that says nothing, a missing parent and a clock that is behind. */
  call: { traceId: string; producer: string }
  /** Another trace, whose consumer links to that producer. */
  follower: { traceId: string; consumer: string }
  /** Same entry: quick ones, and slow ones that asked another server. */
  quick: string[]
  slow: string[]
}

export function traceIds(): HandMadeIds {
  return {
    call: { traceId: hex(16), producer: hex(8) },
    follower: { traceId: hex(16), consumer: hex(8) },
    quick: Array.from({ length: 14 }, () => hex(16)),
    slow: Array.from({ length: 12 }, () => hex(16)),
  }
}

/** Requests of OTLP/JSON with all of them, in the last minute. */
export function handMade(ids: HandMadeIds, nowMs: number): object[] {
  return [
    callTrace(ids, nowMs - 60_000),
    followerTrace(ids, nowMs - 30_000),
    ...ids.quick.map((id, at) => playTrace(id, { startMs: nowMs - 50_000 + at * 1000, lengthMs: 60 + at, slow: false })),
    ...ids.slow.map((id, at) => playTrace(id, { startMs: nowMs - 50_000 + at * 1000, lengthMs: 900 + at, slow: true })),
  ]
}

interface Sketch {
  spanId: string
  parent?: string
  name: string
  kind: number
  /** ms after the start of the trace. */
  from: number
  to: number
  more?: object
}

function spansOf(traceId: string, startMs: number, sketches: readonly Sketch[]): object[] {
  const ns = (ms: number): string => String(BigInt(Math.round((startMs + ms) * 1000)) * 1000n)
  return sketches.map(({ spanId, parent = '', name, kind, from, to, more }) => ({
    traceId,
    spanId,
    parentSpanId: parent,
    name,
    kind,
    startTimeUnixNano: ns(from),
    endTimeUnixNano: ns(to),
    ...more,
  }))
}

function callTrace({ call }: HandMadeIds, startMs: number): object {
  const [root, client, server] = [hex(8), hex(8), hex(8)]
  const of = (sketches: readonly Sketch[]) => spansOf(call.traceId, startMs, sketches)
  const exports = [
    exportOf(
      'gateway',
      of([
        { spanId: root, name: 'POST /play', kind: 2, from: 0, to: 500, more: { attributes: [text('session.id', 'session-77')] } },
        { spanId: client, parent: root, name: 'POST /license', kind: 3, from: 20, to: 320 },
        { spanId: hex(8), parent: root, name: 'GET session', kind: 3, from: 330, to: 350, more: { attributes: [text('db.system.name', 'redis')] } },
        { spanId: call.producer, parent: root, name: 'send plays', kind: 4, from: 360, to: 370 },
      ]),
    ),
    exportOf('drm', of([{ spanId: server, parent: client, name: 'POST /license', kind: 2, from: 220, to: 300 }])),
    exportOf(
      'recommend',
      of([
        { spanId: hex(8), parent: call.producer, name: 'process plays', kind: 5, from: 600, to: 640 },
        { spanId: hex(8), parent: hex(8), name: 'score', kind: 1, from: 610, to: 620 },
        { spanId: hex(8), parent: server, name: 'early', kind: 1, from: 100, to: 110 },
      ]),
    ),
  ] as { resourceSpans: object[] }[]
  return { resourceSpans: exports.flatMap(({ resourceSpans }) => resourceSpans) }
}

function followerTrace({ call, follower }: HandMadeIds, startMs: number): object {
  const links = [{ traceId: call.traceId, spanId: call.producer, attributes: [text('batch', 'first')] }]
  return exportOf(
    'mailer',
    spansOf(follower.traceId, startMs, [{ spanId: follower.consumer, name: 'process batch', kind: 5, from: 0, to: 80, more: { links } }]),
  )
}

function playTrace(traceId: string, { startMs, lengthMs, slow }: { startMs: number; lengthMs: number; slow: boolean }): object {
  const [root, license] = [hex(8), hex(8)]
  return exportOf(
    'api',
    spansOf(traceId, startMs, [
      { spanId: root, name: 'POST /watch', kind: 2, from: 0, to: lengthMs },
      {
        spanId: license,
        parent: root,
        name: 'get license',
        kind: 3,
        from: 10,
        to: lengthMs - 10,
        more: { attributes: [text('server.address', slow ? SLOW_ADDRESS : 'drm-1.internal')] },
      },
      ...(slow ? [{ spanId: hex(8), parent: license, name: 'TLS handshake', kind: 1, from: 20, to: lengthMs - 30 }] : []),
    ]),
  )
}
