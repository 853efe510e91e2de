import { randomBytes } from 'node:crypto'
import { exportOf, text } from './spans.ts'

const SERVICES = ['gateway', 'playback', 'catalogue', 'account', 'drm', 'recommend', 'epg', 'billing', 'search', 'session']
const NAMES = ['GET /titles/:id', 'SELECT titles', 'POST /license', 'cache get', 'encode segment']
const PIECE = 5000
const LENGTH_NS = 30_000_000_000

export interface LongTrace {
  traceId: string
  /** Requests of OTLP/JSON, to be sent in order. */
  requests: object[]
}

interface Placed {
  atNs: number
  lengthNs: number
  spanId: string
  service: number
  kind: number
}

/** A trace of so many spans as a batch job makes it: wide and deep, ten services, errors here and there; the same shape each time. */
export function longTrace(spans: number, startMs: number): LongTrace {
  const traceId = randomBytes(16).toString('hex')
  const random = seeded(7)
  const placed: Placed[] = [{ atNs: 0, lengthNs: LENGTH_NS, spanId: randomBytes(8).toString('hex'), service: 0, kind: 2 }]
  const all = [spanOf(traceId, placed[0] as Placed, { index: 0, parentSpanId: '', startMs })]
  for (let index = 1; index < spans; index++) {
    const above = Math.max(0, Math.floor(random() < 0.3 ? (index - 1) * random() : index - 1 - random() * 20))
    const parent = placed[above] as Placed
    const called = parent.kind === 3
    const span: Placed = {
      atNs: parent.atNs + parent.lengthNs * random() * 0.5,
      lengthNs: Math.max(1000, parent.lengthNs * (0.1 + 0.4 * random())),
      spanId: randomBytes(8).toString('hex'),
      service: called ? Math.floor(random() * SERVICES.length) : parent.service,
      kind: called ? 2 : random() < 0.5 ? 3 : 1,
    }
    placed.push(span)
    all.push(spanOf(traceId, span, { index, parentSpanId: parent.spanId, startMs }))
  }
  const requests: object[] = []
  for (let from = 0; from < spans; from += PIECE) requests.push(requestOf(all.slice(from, from + PIECE), placed.slice(from, from + PIECE)))
  return { traceId, requests }
}

function spanOf(traceId: string, span: Placed, { index, parentSpanId, startMs }: { index: number; parentSpanId: string; startMs: number }): object {
  const startNs = BigInt(startMs) * 1_000_000n + BigInt(Math.round(span.atNs))
  return {
    traceId,
    spanId: span.spanId,
    parentSpanId,
    name: index === 0 ? 'POST /batch' : NAMES[index % NAMES.length],
    kind: span.kind,
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(startNs + BigInt(Math.round(span.lengthNs))),
    attributes: [text('http.request.method', 'GET'), text('http.route', '/titles/:id'), text('url.path', `/titles/${index}`)],
    status: index % 997 === 500 ? { code: 2, message: 'deadline exceeded' } : {},
  }
}

function requestOf(spans: readonly object[], placed: readonly Placed[]): object {
  const byService = Map.groupBy(spans.keys(), (at) => placed[at]?.service ?? 0)
  return {
    resourceSpans: [...byService].flatMap(([service, places]) => {
      const { resourceSpans } = exportOf(
        SERVICES[service] ?? '',
        places.map((at) => spans[at]),
      ) as { resourceSpans: object[] }
      return resourceSpans
    }),
  }
}

/** The same numbers in [0, 1) every time. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
