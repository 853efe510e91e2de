import { z } from 'zod'
import { EVENT_KINDS } from './api/events.ts'
import type { FaultCode } from './fault.ts'
import { REDACTION_PRESETS } from './redaction.ts'

/** Rules of a tenant, over all pipelines. */
export const MAX_RULES = 200
export const MAX_PIPELINES = 20
export const MAX_RULE_ACTIONS = 20
/** Of a regular expression; a longer one is refused. */
export const MAX_REGEX_CHARS = 1024
/** From when on a written version holds, so that every reader has seen it before the first record it is asked about. */
export const RULES_AFTER_MS = 2000

const name = z.string().trim().min(1).max(100)
/** `body`, `severity`, `service`, `environment`, `cluster`, `namespace`, `scope`, `trace_id`, `span_id`, or the key of an attribute. */
const field = z.string().min(1).max(256).meta({ description: 'body, severity, service, … or the key of an attribute' })
const regex = z.string().min(1).max(MAX_REGEX_CHARS)
const share = z.number().min(0).max(100)
const count = z.number().int().min(0).max(1_000_000_000)
const positive = count.min(1)

export const dropAction = z.strictObject({ type: z.literal('drop') })

/** Which lines are kept is decided by what they say, so that the same line is always judged alike. */
export const sampleAction = z.strictObject({
  type: z.literal('sample'),
  by: z.enum(['line', 'trace', 'pattern']).meta({
    description: 'line: each for itself. trace: all lines of a trace alike, and all of a trace that was sampled. pattern: by how often the like of it came',
  }),
  percent: share.optional().meta({ description: 'Of lines or traces that are kept' }),
  first: count.optional().meta({ description: 'Of each pattern that many a minute are kept …' }),
  oneIn: count.optional().meta({ description: '… and of the rest one in that many; 0 = none' }),
})

/** Counted by each worker of ingest for itself, by the time of the log, in whole seconds or minutes. */
export const rateLimitAction = z.strictObject({
  type: z.literal('rate_limit'),
  lines: positive,
  per: z.enum(['second', 'minute']),
  key: z.array(field).max(5).optional().meta({ description: 'Lines that agree in these fields share a limit; none: all lines of the rule do' }),
})

export const PARSE_FORMATS = ['json', 'logfmt', 'key_value', 'csv', 'regex', 'grok', 'nginx_combined', 'nginx_main', 'envoy'] as const

export const TIME_FORMATS = ['auto', 'unix_s', 'unix_ms', 'unix_us', 'unix_ns', 'rfc3339', 'common_log'] as const

/** A line that is not of the format stays as it is. */
export const parseAction = z.strictObject({
  type: z.literal('parse'),
  format: z.enum(PARSE_FORMATS),
  from: field.optional().meta({ description: 'Default: body' }),
  pattern: regex.optional().meta({ description: 'regex: with named groups (?P<name>…). grok: %{PATTERN:name}' }),
  columns: z.array(z.string().max(256)).min(1).max(200).optional().meta({ description: 'csv: names of the columns; an empty name leaves one out' }),
  separator: z.string().min(1).max(4).optional().meta({ description: 'csv: between columns, default a comma; key_value: between pairs, default a space' }),
  assign: z.string().min(1).max(4).optional().meta({ description: 'key_value: between key and value, default =' }),
  prefix: z.string().max(100).optional().meta({ description: 'Before the name of every attribute that is made' }),
  time: field.optional().meta({ description: 'Which parsed field is the time of the line' }),
  timeFormat: z.enum(TIME_FORMATS).optional(),
  severity: field.optional().meta({ description: 'Which parsed field is its severity' }),
  traceId: field.optional().meta({ description: 'Which parsed field is its trace id' }),
  spanId: field.optional(),
  message: field.optional().meta({ description: 'Which parsed field becomes the body' }),
})
export type ParseAction = z.infer<typeof parseAction>

/** If it fails, the line becomes a dead letter: nothing that should have been redacted is ever stored. */
export const redactAction = z.strictObject({
  type: z.literal('redact'),
  fields: z.array(field).min(1).max(50).optional().meta({ description: 'Default: the body and every attribute of the line' }),
  presets: z.array(z.enum(REDACTION_PRESETS)).max(REDACTION_PRESETS.length).optional(),
  patterns: z.array(regex).max(20).optional(),
  mode: z.enum(['replace', 'hash', 'remove']).meta({
    description: 'replace: by `with`. hash: by a salted hash, the same for the same text within a tenant. remove: found text is cut out',
  }),
  with: z.string().max(100).optional().meta({ description: 'Default: ***' }),
})
export type RedactAction = z.infer<typeof redactAction>

export const setAction = z.strictObject({
  type: z.literal('set'),
  field,
  value: z.union([z.string().max(4096), z.number(), z.boolean()], 'not_scalar' satisfies FaultCode),
})
export const renameAction = z.strictObject({ type: z.literal('rename'), from: field, to: field })
export const removeAction = z.strictObject({ type: z.literal('remove'), fields: z.array(field).min(1).max(50) })

/** Metrics of a tenant, over all rules. */
export const MAX_METRICS = 100
export const MAX_METRIC_DIMENSIONS = 2
/** Combinations of values of `by` that a metric is told apart by; what others count is counted under `OTHER_VALUE`. */
export const MAX_METRIC_COMBINATIONS = 50
export const OTHER_VALUE = 'other'
/** Of the values that are summed up, either side of 0; one beyond is no number. */
export const MAX_METRIC_VALUE = 1e12
export const METRIC_AGGREGATIONS = ['count', 'sum', 'histogram'] as const
export type MetricAggregation = (typeof METRIC_AGGREGATIONS)[number]

/** Legal unquoted in PromQL and as one segment of a URL; what others call their own is left to them. */
export const metricName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{1,62}$/, 'not_metric_name' satisfies FaultCode)
  .refine((name) => !name.startsWith('skein_'), 'metric_name_reserved' satisfies FaultCode)
  .refine((name) => !/_(?:bucket|sum|count|total)$/.test(name), 'metric_name_suffix' satisfies FaultCode)

/** Counts lines, or the numbers in one of their fields, as lines are at its place: before a later drop or sample takes them. */
export const metricAction = z.strictObject({
  type: z.literal('metric'),
  name: metricName.meta({ description: 'One rule makes a metric; two cannot fill the same' }),
  aggregation: z.enum(METRIC_AGGREGATIONS).meta({
    description: 'count: of lines. sum: of the numbers in `field`, with least and most. histogram: also their quantiles',
  }),
  field: field.optional().meta({ description: 'sum, histogram: where the number is. Lines without one are counted apart' }),
  unit: z
    .string()
    .trim()
    .regex(/^[!-~]{1,32}$/, 'not_metric_unit' satisfies FaultCode)
    .optional()
    .meta({ description: 'Of UCUM: s, ms, By, {order}' }),
  by: z
    .array(field)
    .max(MAX_METRIC_DIMENSIONS)
    .optional()
    .meta({ description: `Fields whose values are told apart, ${MAX_METRIC_COMBINATIONS} combinations of them; what more there are counts as ${OTHER_VALUE}` }),
})
export type MetricAction = z.infer<typeof metricAction>

/** A call that a proxy tells of becomes an edge of the topology, with evidence `log`. Defaults are the fields that the access-log formats make. */
export const edgeAction = z.strictObject({
  type: z.literal('edge'),
  caller: field.optional().meta({ description: 'Field with the name of who calls; default: the service of the line' }),
  upstream: field.optional().meta({ description: 'Field with the name or address of who is called; default: upstream.name, upstream.address' }),
  duration: field.optional().meta({ description: 'Field with how long it took; default: upstream.duration, then http.server.request.duration' }),
  durationUnit: z.enum(['s', 'ms', 'us', 'ns']).optional().meta({ description: 'Default: s' }),
  status: field.optional().meta({ description: 'Field with the HTTP status, from 500 an error; default: upstream.status, then http.response.status_code' }),
  operation: field.optional(),
})
export type EdgeAction = z.infer<typeof edgeAction>

/** A line that tells of a change becomes a change marker, beside those that are posted. */
export const eventAction = z.strictObject({
  type: z.literal('event'),
  kind: z.enum(EVENT_KINDS),
  title: z.string().trim().min(1).max(300).meta({ description: 'Plain text; {field} stands for the value of a field' }),
  version: field.optional().meta({ description: 'Field with the version that came' }),
})
export type EventAction = z.infer<typeof eventAction>

export const ruleAction = z
  .discriminatedUnion(
    'type',
    [dropAction, sampleAction, rateLimitAction, parseAction, redactAction, setAction, renameAction, removeAction, metricAction, edgeAction, eventAction],
    { error: 'not_action' satisfies FaultCode },
  )
  .meta({ id: 'RuleAction' })
export type RuleAction = z.infer<typeof ruleAction>
export type ActionType = RuleAction['type']

/** What to do with which lines. Actions happen in order; after one that drops the line nothing more happens to it. */
export const ruleDefinition = z
  .strictObject({
    name,
    enabled: z.boolean(),
    match: z
      .string()
      .max(1000)
      .meta({ description: 'In the language of search; empty: every line', examples: ['service:gateway severity<warn "health check"'] }),
    actions: z
      .array(ruleAction)
      .min(1, 'does_nothing' satisfies FaultCode)
      .max(MAX_RULE_ACTIONS),
  })
  .meta({ id: 'LogRuleDefinition' })
export type RuleDefinition = z.infer<typeof ruleDefinition>

export const ruleId = z.string().regex(/^[a-z0-9-]{1,32}$/, 'not_rule_id' satisfies FaultCode)

/** A named list of rules. Pipelines come one after the other, each with the lines that its `match` wants and that are still there. */
export const pipelineDefinition = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]{1,32}$/, 'not_pipeline_id' satisfies FaultCode),
    name,
    enabled: z.boolean(),
    match: z.string().max(1000),
    /** Ids, in the order they apply. */
    rules: z.array(ruleId).max(MAX_RULES),
  })
  .meta({ id: 'LogPipeline' })
export type PipelineDefinition = z.infer<typeof pipelineDefinition>

const ruleVersion = z.object({
  version: z.number().int().positive(),
  definition: ruleDefinition,
  /** Unix ms: records received from here on are judged by it, until the next version's. */
  effectiveFromMs: z.number().int(),
})
export type RuleVersion = z.infer<typeof ruleVersion>

/** As kept in the metadata store under `log-rule/<tenant>/<id>`. The last version is the one that holds. */
export const ruleRecord = z.object({
  id: ruleId,
  tenant: z.string(),
  createdAtMs: z.number().int(),
  updatedAtMs: z.number().int(),
  versions: z.array(ruleVersion).min(1),
})
export type RuleRecord = z.infer<typeof ruleRecord>

const orderVersion = z.object({
  version: z.number().int().positive(),
  effectiveFromMs: z.number().int(),
  pipelines: z.array(pipelineDefinition).max(MAX_PIPELINES),
})

/** As kept under `log-order/<tenant>`: which rules hold, in which order. A rule that is in no pipeline does nothing. */
export const orderRecord = z.object({
  tenant: z.string(),
  /** What hashes of redacted text are salted with. */
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  versions: z.array(orderVersion).min(1),
})
export type OrderRecord = z.infer<typeof orderRecord>

/** All that judges lines of one tenant. */
export interface TenantRules {
  tenant: string
  order: OrderRecord
  rules: readonly RuleRecord[]
}
