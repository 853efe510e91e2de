import { traceAnswer, traceParameters, type TraceAnswer } from '@skein/schemas/api/traces'
import type { Config } from '@skein/schemas/config'
import { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { decodeResource } from '../otlp/attributes.ts'
import { traceSpanOf } from '../otlp/span.ts'
import { ProblemError } from '../problem-error.ts'
import { parseTime } from '../window.ts'

const tracePath = z.object({ traceId: z.string().regex(/^(?!0{32}$)[0-9a-fA-F]{32}$/, 'is not a trace id: 32 hex digits, not all 0') })

export function traceRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'One trace with all its spans',
    tags: ['traces'],
    params: tracePath,
    querystring: traceParameters.strict(),
    response: { 200: traceAnswer },
  }
  const limit = deps.config.limits.query.traceSpans
  app.get('/api/traces/:traceId', { schema }, async (request): Promise<TraceAnswer> => {
    const traceId = request.params.traceId.toLowerCase()
    const around = request.query.around === undefined ? [] : [parseTime('around', request.query.around, deps.clock())]
    return deps.ask(request, async (tenant) => {
      const { spans, truncated } = await deps.store.traces.spans(tenant, traceId, limit, ...around)
      if (spans.length === 0) throw traceNotFound(traceId, deps.config)
      const resources = await deps.store.traces.resources(tenant, [...new Set(spans.map((span) => span.resource))])
      return {
        traceId,
        resources: Object.fromEntries([...resources].map(([fingerprint, message]) => [fingerprint, decodeResource(message)])),
        spans: spans.map(traceSpanOf),
        truncated,
        notes: truncated ? [{ code: 'limit' as const, message: `Only the first ${spans.length} spans are shown`, count: spans.length }] : [],
      }
    })
  })
}

function traceNotFound(traceId: string, config: Config): ProblemError {
  return new ProblemError('trace_not_found', {
    detail: `No span of trace ${traceId} is stored.`,
    hint: `Spans are kept ${config.retention.spansDays} days and are visible within seconds of their arrival: a new trace may still be on its way, an old one is gone.`,
  })
}
