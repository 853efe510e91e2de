import { traceAnswer, traceParameters, type TraceAnswer } from '@skein/schemas/api/traces'
import type { Config } from '@skein/schemas/config'
import type { SpanRow } from '@skein/store/contract'
import { z } from 'zod'
import type { App, RouteDeps } from '../app-types.ts'
import { decodeResource } from '../otlp/attributes.ts'
import { criticalPathOf } from '../otlp/critical-path.ts'
import { traceSpanOf } from '../otlp/span.ts'
import { ProblemError } from '../problem-error.ts'
import { parseTime } from '../window.ts'

const tracePath = z.object({ traceId: z.string().regex(/^(?!0{32}$)[0-9a-fA-F]{32}$/, 'is not a trace id: 32 hex digits, not all 0') })

export function traceRoute(app: App, deps: RouteDeps): void {
  const schema = {
    summary: 'One trace with all its spans and its critical path',
    tags: ['traces'],
    params: tracePath,
    querystring: traceParameters.strict(),
    response: { 200: traceAnswer },
  }
  const { traceSpans, resultBytes } = deps.config.limits.query
  app.get('/api/traces/:traceId', { schema }, async (request): Promise<TraceAnswer> => {
    const traceId = request.params.traceId.toLowerCase()
    const around = request.query.around === undefined ? [] : [parseTime('around', request.query.around, deps.clock())]
    return deps.ask(request, async (tenant) => {
      const stored = await deps.store.traces.spans(tenant, traceId, traceSpans, ...around)
      if (stored.spans.length === 0) throw traceNotFound(traceId, deps.config)
      const spans = spansWithin(stored.spans, resultBytes)
      const truncated = stored.truncated || spans.length < stored.spans.length
      const resources = await deps.store.traces.resources(tenant, [...new Set(spans.map((span) => span.resource))])
      return {
        traceId,
        resources: Object.fromEntries([...resources].map(([fingerprint, message]) => [fingerprint, decodeResource(message)])),
        spans: spans.map(traceSpanOf),
        criticalPath: criticalPathOf(spans),
        truncated,
        notes: truncated
          ? [
              {
                code: 'limit' as const,
                message: `The trace is larger than an answer may be; the first ${spans.length} spans by start are shown, and the critical path is that of these alone`,
                count: spans.length,
              },
            ]
          : [],
      }
    })
  })
}

/** Spans by start until the answer would be larger than it may; the first always. */
function spansWithin(spans: readonly SpanRow[], maxBytes: number): readonly SpanRow[] {
  let bytes = 0
  const first = spans.findIndex((span, i) => {
    bytes += answerBytes(span)
    return bytes > maxBytes && i > 0
  })
  return first === -1 ? spans : spans.slice(0, first)
}

const SPAN_FRAME_BYTES = 420
/** A span is at most two sections of the path, counted over all spans. */
const SPAN_PATH_BYTES = 2 * 105

/** About what a span takes in the answer. */
function answerBytes(span: SpanRow): number {
  const attributes = span.attributes.reduce(
    (sum, [key, value]) => sum + key.length + 8 + (typeof value === 'string' ? value.length : JSON.stringify(value).length),
    0,
  )
  return SPAN_FRAME_BYTES + SPAN_PATH_BYTES + span.name.length + span.message.length + attributes + (span.events.byteLength + span.links.byteLength) * 2
}

function traceNotFound(traceId: string, config: Config): ProblemError {
  return new ProblemError('trace_not_found', {
    detail: `No span of trace ${traceId} is stored.`,
    hint: `Spans are kept ${config.retention.spansDays} days and are visible within seconds of their arrival: a new trace may still be on its way, an old one is gone.`,
  })
}
