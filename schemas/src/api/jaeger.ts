import { z } from 'zod'

/** JSON of Jaeger's query service, as its own interface and Grafana's data source read it: times in µs, `errors` null when there are none. */
export const jaegerError = z.object({ code: z.number().int().optional(), msg: z.string(), traceID: z.string().optional() }).meta({ id: 'JaegerError' })
export type JaegerError = z.infer<typeof jaegerError>

/** What every answer is wrapped in. */
export interface JaegerAnswer<Data> {
  data: Data
  total: number
  limit: number
  offset: number
  errors: JaegerError[] | null
}

function answer<Data extends z.ZodType>(data: Data) {
  return z.object({ data, total: z.number().int(), limit: z.number().int(), offset: z.number().int(), errors: z.array(jaegerError).nullable() })
}

export const JAEGER_TYPES = ['string', 'bool', 'int64', 'float64'] as const

const tag = z.object({ key: z.string(), type: z.enum(JAEGER_TYPES), value: z.union([z.string(), z.number(), z.boolean()]) }).meta({ id: 'JaegerTag' })
export type JaegerTag = z.infer<typeof tag>

const span = z
  .object({
    traceID: z.string(),
    spanID: z.string(),
    operationName: z.string(),
    /** The parent first, then links. */
    references: z.array(z.object({ refType: z.enum(['CHILD_OF', 'FOLLOWS_FROM']), traceID: z.string(), spanID: z.string() })),
    startTime: z.number().int(),
    duration: z.number().int(),
    tags: z.array(tag),
    logs: z.array(z.object({ timestamp: z.number().int(), fields: z.array(tag) })),
    processID: z.string(),
    warnings: z.array(z.string()).nullable(),
  })
  .meta({ id: 'JaegerSpan' })
export type JaegerSpan = z.infer<typeof span>

export const jaegerTrace = z
  .object({
    traceID: z.string(),
    spans: z.array(span),
    processes: z.record(z.string(), z.object({ serviceName: z.string(), tags: z.array(tag) })),
    warnings: z.array(z.string()).nullable(),
  })
  .meta({ id: 'JaegerTrace' })
export type JaegerTrace = z.infer<typeof jaegerTrace>

export const jaegerNames = answer(z.array(z.string()))
export const jaegerOperations = answer(z.array(z.object({ name: z.string(), spanKind: z.string() })))
export const jaegerTraces = answer(z.array(jaegerTrace))
export const jaegerDependencies = answer(z.array(z.object({ parent: z.string(), child: z.string(), callCount: z.number().int() })))
export const jaegerProblem = answer(z.null()).meta({ id: 'JaegerProblem' })

const text = z.union([z.string(), z.array(z.string())]).optional()

/** Read by hand, so that what is wrong is told as Jaeger tells it; what is unknown is ignored. */
export const jaegerSearchParameters = z.object({
  service: text.meta({ description: 'Required without traceID' }),
  operation: text,
  tag: text.meta({ description: 'key:value, repeatable' }),
  tags: text.meta({ description: 'A JSON object of texts, repeatable: one span has them all' }),
  start: text.meta({ description: 'Unix µs; by default two days before now' }),
  end: text.meta({ description: 'Unix µs' }),
  minDuration: text.meta({ description: 'Of the span, such as 1.5s or 300ms' }),
  maxDuration: text,
  limit: text.meta({ description: 'Traces, 100 by default' }),
  traceID: text.meta({ description: 'Repeatable; then nothing else is searched for' }),
  prettyPrint: text,
})
export const jaegerTraceParameters = z.object({ start: text, end: text, prettyPrint: text })
export const jaegerOperationsParameters = z.object({ service: text, spanKind: text, prettyPrint: text })
export const jaegerDependenciesParameters = z.object({
  endTs: text.meta({ description: 'Unix ms' }),
  lookback: text.meta({ description: 'ms; a day by default' }),
  service: text,
  prettyPrint: text,
})
export const jaegerParameters = z.object({ prettyPrint: text })
