import { traceLinksAnswer, traceLinksParameters, type TraceLinksAnswer } from '@skein/schemas/api/traces'
import type { LinkingSpan } from '@skein/store/contract-traces'
import type { App, RouteDeps } from '../app-types.ts'
import { decodeLinks } from '../otlp/span-parts.ts'
import { parseTime, windowAnswerOf } from '../window.ts'
import { tracePath } from './trace-path.ts'

/** Who links to a trace comes after it, seldom by more than this. */
const AFTER_MS = 3_600_000
/** A clock may be behind. */
const BEFORE_MS = 300_000
const LIMIT = 100

export function traceLinksRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'Spans of other traces that link to a trace',
    description: 'Looked for from 5 minutes before `around` to an hour after it.',
    tags: ['traces'],
    params: tracePath,
    querystring: traceLinksParameters.strict(),
    response: { 200: traceLinksAnswer },
  }
  app.get('/api/traces/:traceId/links', { schema }, async (request): Promise<TraceLinksAnswer> => {
    const traceId = request.params.traceId.toLowerCase()
    const aroundMs = parseTime('around', request.query.around, deps.clock())
    const window = { startMs: Math.max(0, aroundMs - BEFORE_MS), endMs: aroundMs + AFTER_MS }
    const found = await deps.ask(request, (tenant) => deps.store.traces.linking({ tenant, ...window }, traceId, LIMIT + 1))
    return {
      window: windowAnswerOf(window),
      links: found.slice(0, LIMIT).map((span) => linkOf(span, traceId)),
      truncated: found.length > LIMIT,
    }
  })
}

function linkOf(span: LinkingSpan, traceId: string): TraceLinksAnswer['links'][number] {
  const to = decodeLinks(span.links).filter((link) => link.traceId === traceId)
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    name: span.name,
    service: span.service,
    startTimeUnixNano: span.startNs,
    to: [...new Set(to.map(({ spanId }) => spanId))],
  }
}
