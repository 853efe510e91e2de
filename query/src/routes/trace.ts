import { type TraceAnswer, traceAnswer, traceParameters } from '@skein/schemas/api/traces'
import type { Config } from '@skein/schemas/config'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import type { App, RouteDeps } from '../app-types.ts'
import { decodeResource } from '../otlp/attributes.ts'
import { SPANS_A_PIECE, type TraceParts, traceText } from '../otlp/trace-text.ts'
import { ProblemError } from '../problem-error.ts'
import { parseTime } from '../window.ts'
import { tracePath } from './trace-path.ts'

export function traceRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'One trace with all its spans and its critical path',
    tags: ['traces'],
    params: tracePath,
    querystring: traceParameters.strict(),
    response: { 200: traceAnswer },
  }
  const { traceSpans, traceBytes } = deps.config.limits.query
  app.get('/api/traces/:traceId', { schema }, async (request, reply) => {
    const traceId = request.params.traceId.toLowerCase()
    const around = request.query.around === undefined ? [] : [parseTime('around', request.query.around, deps.clock())]
    const parts = await deps.ask(request, async (tenant): Promise<TraceParts> => {
      const { spans, truncated } = await deps.store.traces.spans(tenant, traceId, traceSpans, ...around)
      if (spans.length === 0) throw traceNotFound(traceId, deps.config)
      const resources = await deps.store.traces.resources(tenant, [...new Set(spans.map((span) => span.resource))])
      const decoded = Object.fromEntries([...resources].map(([fingerprint, message]) => [fingerprint, decodeResource(message)]))
      return { traceId, resources: decoded, spans, truncated, maxBytes: traceBytes }
    })
    void reply.type('application/json; charset=utf-8')
    const text: unknown = parts.spans.length > WHOLE_SPANS ? Readable.from(inTurns(traceText(parts))) : [...traceText(parts)].join('')
    return reply.send(text as TraceAnswer)
  })
}

/** A trace of so many spans is one text, which browsers can ask whether it still holds; a longer one is a stream. */
const WHOLE_SPANS = 4 * SPANS_A_PIECE

/** Lets others have their turn between two pieces. */
async function* inTurns(pieces: Iterable<string>): AsyncGenerator<string> {
  for (const piece of pieces) {
    yield piece
    await setImmediate()
  }
}

function traceNotFound(traceId: string, config: Config): ProblemError {
  return new ProblemError('trace_not_found', {
    detail: `No span of trace ${traceId} is stored.`,
    hint: `Spans are kept ${config.retention.spansDays} days and are visible within seconds of their arrival: a new trace may still be on its way, an old one is gone.`,
  })
}
