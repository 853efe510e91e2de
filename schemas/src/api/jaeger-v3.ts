import { z } from 'zod'

/** JSON of Jaeger's query service, version 3 (`jaeger.api_v3` of jaeger-idl), by which Jaeger's interface searches since 2.19: ns as decimal strings, spans in OTLP/JSON. */
export const jaegerV3Problem = z.object({ error: z.object({ httpCode: z.number().int(), message: z.string() }) }).meta({ id: 'JaegerV3Problem' })
export type JaegerV3Problem = z.infer<typeof jaegerV3Problem>

export const jaegerV3Services = z.object({ services: z.array(z.string()) })
export const jaegerV3Operations = z.object({
  operations: z.array(z.object({ name: z.string(), spanKind: z.enum(['internal', 'server', 'client', 'producer', 'consumer']) })),
})
export type JaegerV3Operation = z.infer<typeof jaegerV3Operations>['operations'][number]

const count = z.number().int().nonnegative()

const traceSummary = z
  .object({
    traceId: z.string(),
    rootServiceName: z.string(),
    rootOperationName: z.string(),
    minStartTimeUnixNano: z.string(),
    maxEndTimeUnixNano: z.string(),
    spanCount: count,
    errorSpanCount: count,
    orphanSpanCount: count.meta({ description: 'Spans whose parent is not in the trace' }),
    services: z.array(z.object({ name: z.string(), spanCount: count, errorSpanCount: count })).meta({ description: 'By name' }),
  })
  .meta({ id: 'JaegerV3TraceSummary' })
export type JaegerV3TraceSummary = z.infer<typeof traceSummary>

export const jaegerV3TraceSummaries = z.object({ summaries: z.array(traceSummary) })

const anyValue: z.ZodType<OtlpAnyValue> = z
  .lazy(() =>
    z.union([
      z.strictObject({ stringValue: z.string() }),
      z.strictObject({ boolValue: z.boolean() }),
      z.strictObject({ intValue: z.string() }),
      z.strictObject({ doubleValue: z.number() }),
      z.strictObject({ arrayValue: z.object({ values: z.array(anyValue) }) }),
      z.strictObject({ kvlistValue: z.object({ values: z.array(z.object({ key: z.string(), value: anyValue })) }) }),
      z.strictObject({}),
    ]),
  )
  .meta({ id: 'OtlpAnyValue' })
export type OtlpAnyValue =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: OtlpAnyValue[] } }
  | { kvlistValue: { values: OtlpKeyValue[] } }
  | Record<string, never>
export interface OtlpKeyValue {
  key: string
  value: OtlpAnyValue
}

const attributes = z.array(z.object({ key: z.string(), value: anyValue }))

const otlpSpan = z
  .object({
    traceId: z.string(),
    spanId: z.string(),
    parentSpanId: z.string().meta({ description: 'Empty for a root' }),
    name: z.string(),
    kind: z.number().int(),
    startTimeUnixNano: z.string(),
    endTimeUnixNano: z.string(),
    attributes,
    events: z.array(z.object({ timeUnixNano: z.string(), name: z.string(), attributes })),
    links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes })),
    status: z.object({ code: z.number().int(), message: z.string() }),
  })
  .meta({ id: 'OtlpSpan' })
export type OtlpSpan = z.infer<typeof otlpSpan>

const resourceSpans = z.object({
  resource: z.object({ attributes }),
  scopeSpans: z.array(z.object({ scope: z.object({ name: z.string() }), spans: z.array(otlpSpan) })),
})
export type OtlpResourceSpans = z.infer<typeof resourceSpans>

/** `TracesData` of the OpenTelemetry protocol. */
export const jaegerV3Traces = z.object({ result: z.object({ resourceSpans: z.array(resourceSpans) }) })

const text = z.union([z.string(), z.array(z.string())]).optional()
const older = text.meta({ deprecated: true })

/** Read by hand, so that what is wrong is told as Jaeger tells it. Each also has its older name. */
export const jaegerV3SearchParameters = z.object({
  'query.serviceName': text.meta({ description: 'Of the span; without it any service' }),
  'query.operationName': text,
  'query.attributes': text.meta({ description: 'A JSON object of texts: one span has them all' }),
  'query.startTimeMin': text.meta({ description: 'RFC 3339; required' }),
  'query.startTimeMax': text.meta({ description: 'RFC 3339; required' }),
  'query.durationMin': text.meta({ description: 'Of the span, such as 1.5s or 300ms' }),
  'query.durationMax': text,
  'query.searchDepth': text.meta({ description: 'Traces, 100 by default' }),
  'query.filter': text.meta({ description: 'Refused: expressions are not answered' }),
  'query.service_name': older,
  'query.operation_name': older,
  'query.start_time_min': older,
  'query.start_time_max': older,
  'query.duration_min': older,
  'query.duration_max': older,
  'query.search_depth': older,
  'query.num_traces': older,
})
export const jaegerV3TraceParameters = z.object({
  startTime: text.meta({ description: 'RFC 3339; makes the trace faster to find' }),
  endTime: text,
  start_time: older,
  end_time: older,
})
export const jaegerV3OperationsParameters = z.object({ service: text, spanKind: text, span_kind: older })
