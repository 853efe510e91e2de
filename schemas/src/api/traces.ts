import { z } from 'zod'
import { note, scopeParameters, timeParameter, windowAnswer } from './window.ts'

export const traceSorts = ['newest', 'longest'] as const

/** One span satisfies service, operation, attr and error together; minMs and maxMs are the whole trace; caller and callee are another condition. */
/** Environment, cluster and namespace are those of what sent the span that has all the rest. */
export const tracesParameters = scopeParameters.extend({
  service: z.string().optional(),
  operation: z.string().optional(),
  instance: z.string().optional().meta({ description: 'Name of the instance that sent the span, as lists of instances tell it' }),
  callee: z.string().optional().meta({ description: 'Name of a node of the map that the trace calls; error is then of that call' }),
  caller: z.string().optional().meta({ description: 'Name of the node that calls the callee; the trace has a call between exactly these' }),
  entry: z.string().optional().meta({ description: 'Root operation' }),
  minMs: z.coerce.number().nonnegative().optional(),
  maxMs: z.coerce.number().nonnegative().optional(),
  error: z.enum(['true', 'false']).optional(),
  attr: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({ description: 'key=value of a span or of the resource that sent it, repeatable; one span has all' }),
  sort: z.enum(traceSorts).optional(),
  limit: z.coerce.number().int().min(1).max(500).optional(),
  cursor: z.string().optional(),
})

/** `/api/traces/{traceId}`: a time near the trace makes it faster to find, and is never needed. */
export const traceParameters = z.object({ around: timeParameter.optional() })

export const traceSummary = z
  .object({
    traceId: z.string(),
    /** Null while the root span has not been seen. */
    entry: z.object({ service: z.string(), operation: z.string() }).nullable(),
    startTimeUnixNano: z.string(),
    durationMs: z.number(),
    spanCount: z.number().int(),
    errors: z.number().int(),
    services: z.array(z.string()),
  })
  .meta({ id: 'TraceSummary' })
export type TraceSummary = z.infer<typeof traceSummary>

export const tracesAnswer = z
  .object({
    window: windowAnswer,
    traces: z.array(traceSummary),
    cursor: z.string().nullable(),
    notes: z.array(note),
  })
  .meta({ id: 'Traces' })
export type TracesAnswer = z.infer<typeof tracesAnswer>

/** OTLP AnyValue as JSON; 64-bit integers outside the safe range as decimal strings, bytes as base64. */
export const attributeValue: z.ZodType<AttributeValue> = z
  .lazy(() => z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(attributeValue), z.record(z.string(), attributeValue)]))
  .meta({ id: 'AttributeValue' })
export type AttributeValue = string | number | boolean | null | AttributeValue[] | { [key: string]: AttributeValue }
const attributes = z.record(z.string(), attributeValue)

export const traceSpan = z
  .object({
    spanId: z.string(),
    parentSpanId: z.string().meta({ description: 'Empty for a root' }),
    name: z.string(),
    kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer', 'unspecified']),
    service: z.string(),
    startTimeUnixNano: z.string(),
    endTimeUnixNano: z.string(),
    status: z.object({ code: z.enum(['unset', 'ok', 'error']), message: z.string() }),
    attributes,
    resource: z.string().meta({ description: 'Key into `resources`' }),
    scope: z.string(),
    events: z.array(z.object({ timeUnixNano: z.string(), name: z.string(), attributes })),
    links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes })),
  })
  .meta({ id: 'Span' })
export type TraceSpan = z.infer<typeof traceSpan>

export const pathSection = z.object({ spanId: z.string(), startUnixNano: z.string(), endUnixNano: z.string() }).meta({ id: 'PathSection' })
export type PathSection = z.infer<typeof pathSection>

export const traceAnswer = z
  .object({
    traceId: z.string(),
    resources: z.record(z.string(), attributes),
    spans: z.array(traceSpan),
    criticalPath: z.array(pathSection).meta({
      description:
        'The spans the trace waited for, in the order of time: sections without a gap that add up to the duration of one root, the longest. Of a truncated trace only the spans in this answer are looked at.',
    }),
    /** True when the trace has more spans than the answer's limit. */
    truncated: z.boolean(),
    notes: z.array(note),
  })
  .meta({ id: 'Trace' })
export type TraceAnswer = z.infer<typeof traceAnswer>

/** As many dots as a page can draw and a question may answer. */
export const MAX_TRACE_POINTS = 100_000

/** `/api/traces/points`: the traces of a search as dots. */
export const tracePointsParameters = tracesParameters.omit({ sort: true, cursor: true, limit: true }).extend({
  limit: z.coerce.number().int().min(1).max(MAX_TRACE_POINTS).optional(),
})

/** Columns of the same length; in no order. */
export const tracePointsAnswer = z
  .object({
    window: windowAnswer,
    /** About how many traces there are; more than dots when they are an even sample. */
    total: z.number().int(),
    traceIds: z.array(z.string()),
    startMs: z.array(z.number()).meta({ description: 'ms after the start of the window' }),
    durationMs: z.array(z.number()),
    errors: z.array(z.number().int()),
    notes: z.array(note),
  })
  .meta({ id: 'TracePoints' })
export type TracePointsAnswer = z.infer<typeof tracePointsAnswer>

/** `/api/traces/{traceId}/links`: spans of other traces that link to this one, earliest first, of all that are kept. */
export const traceLinksAnswer = z
  .object({
    links: z.array(
      z.object({
        traceId: z.string(),
        spanId: z.string(),
        name: z.string(),
        service: z.string(),
        startTimeUnixNano: z.string(),
        /** Spans of this trace that it links to; an id may be of a span that was never received. */
        to: z.array(z.string()),
      }),
    ),
    /** True when there are more than are answered. */
    truncated: z.boolean(),
  })
  .meta({ id: 'TraceLinks' })
export type TraceLinksAnswer = z.infer<typeof traceLinksAnswer>
