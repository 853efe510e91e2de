import { z } from 'zod'
import { MAX_SEARCH_CHARS } from '../filter.ts'
import { SEVERITY_CLASSES } from '../severity.ts'
import { noteOf } from './note.ts'
import { attributeValue } from './traces.ts'
import { windowAnswer, windowParameters } from './window.ts'

/** What was found needs a word: nothing came, nothing matched, counted in a part. */
export const LOG_NOTE_CODES = ['no_logs', 'no_match', 'sampled'] as const

export const logNote = noteOf(LOG_NOTE_CODES).meta({ id: 'LogNote' })
export type LogNote = z.infer<typeof logNote>

const severityClasses = z.enum(SEVERITY_CLASSES)

/** The condition that every path under `/api/logs` takes: `q`, and shorthands that are joined to it by and. */
export const logConditions = z.object({
  q: z
    .string()
    .max(MAX_SEARCH_CHARS)
    .optional()
    .meta({
      description: 'Search language: words, "phrases", field:value, pay*, field>5, severity>=warn, /regex/, field:/regex/, -, OR, brackets',
      examples: ['severity>=warn "connection reset" service:epg', 'timeout -cluster:bj-1 (http.status_code>=500 OR /refused|reset/)'],
    }),
  traceId: z
    .string()
    .regex(/^[0-9a-fA-F]{32}$/, 'is not a trace id: 32 hex digits')
    .optional(),
  spanId: z
    .string()
    .regex(/^[0-9a-fA-F]{16}$/, 'is not a span id: 16 hex digits')
    .optional(),
  service: z.string().optional(),
  environment: z.string().optional(),
  cluster: z.string().optional(),
  pattern: z
    .string()
    .regex(/^[0-9a-fA-F]{16}$/, 'is not a pattern id: 16 hex digits')
    .optional(),
})

const windowedConditions = windowParameters.extend(logConditions.shape)

export const MAX_LOG_LINES = 1000

/** `GET /api/logs`. The times are not rounded to minutes: a log search is of the very window asked for. */
export const logsParameters = windowedConditions.extend({
  order: z.enum(['desc', 'asc']).optional().meta({ description: 'desc (default): newest first' }),
  limit: z.coerce.number().int().min(1).max(MAX_LOG_LINES).optional().meta({ description: 'Default 200' }),
  cursor: z.string().optional(),
})

const attributes = z.record(z.string(), attributeValue)

export const logLine = z
  .object({
    /** Opaque; names the line in `/api/logs/{id}/context`, and sorts lines of a window as their times do. */
    id: z.string(),
    timeUnixNano: z.string(),
    /** RFC 3339 UTC, to the millisecond. */
    time: z.string(),
    /** OTel number, 0 when it was not said. */
    severity: z.number().int().min(0).max(24),
    severityClass: severityClasses,
    /** As it was sent; may be empty. */
    severityText: z.string(),
    service: z.string(),
    environment: z.string(),
    cluster: z.string(),
    namespace: z.string(),
    /** A text as it is; anything else as its JSON. */
    body: z.string(),
    bodyKind: z.enum(['text', 'json']),
    attributes,
    resource: z.string().meta({ description: 'Key into `resources`' }),
    scope: z.string(),
    traceId: z.string().nullable(),
    spanId: z.string().nullable(),
    /** Pattern id, 16 hex digits; null when none was found for it. */
    pattern: z.string().nullable(),
  })
  .meta({ id: 'LogLine' })
export type LogLine = z.infer<typeof logLine>

const resources = z.record(z.string(), attributes)

/** `cursor` is null on the last page. Pages have neither gaps nor repeats, also while lines come in: later pages are of the window of the first. */
export const logsAnswer = z
  .object({ window: windowAnswer, lines: z.array(logLine), resources, cursor: z.string().nullable(), notes: z.array(logNote) })
  .meta({ id: 'Logs' })
export type LogsAnswer = z.infer<typeof logsAnswer>

/** `GET /api/logs/histogram`. */
export const logHistogramParameters = windowedConditions.extend({
  steps: z.coerce.number().int().min(1).max(400).optional().meta({ description: 'About how many steps; default 120' }),
})

export const logHistogramAnswer = z
  .object({
    window: windowAnswer,
    stepSeconds: z.number(),
    /** Start of each step, Unix ms, whole window, also where there is nothing. */
    timesMs: z.array(z.number()),
    /** Lines of each step by class of severity; as long as `timesMs`. A class without lines is left out. */
    lines: z.partialRecord(severityClasses, z.array(z.number())),
    total: z.number(),
    notes: z.array(logNote),
  })
  .meta({ id: 'LogHistogram' })
export type LogHistogramAnswer = z.infer<typeof logHistogramAnswer>

/** `GET /api/logs/facets`. */
export const logFacetsParameters = windowedConditions.extend({
  fields: z
    .string()
    .max(1000)
    .optional()
    .meta({ description: 'Comma-separated fields; default severity,service,environment,cluster,namespace', examples: ['service,http.route'] }),
})

export const logFacetsAnswer = z
  .object({
    window: windowAnswer,
    /** Lines counted. */
    counted: z.number(),
    /** Lines there are; more than counted when the counts are of a sample (note `sampled`), then about. */
    total: z.number(),
    /** In the order asked for; the most frequent values first, at most 50. */
    facets: z.array(z.object({ field: z.string(), values: z.array(z.object({ value: z.string(), lines: z.number() })) })),
    notes: z.array(logNote),
  })
  .meta({ id: 'LogFacets' })
export type LogFacetsAnswer = z.infer<typeof logFacetsAnswer>

/** `GET /api/logs/fields`: names of fields, for autocomplete. */
export const logFieldsParameters = windowedConditions.extend({ prefix: z.string().max(256).optional() })

export const logFieldsAnswer = z
  .object({
    window: windowAnswer,
    /** The fields every line has first, then the most frequent, at most 200. `lines`: of the lines looked at. */
    fields: z.array(z.object({ field: z.string(), kind: z.enum(['line', 'attribute', 'resource']), lines: z.number() })),
    notes: z.array(logNote),
  })
  .meta({ id: 'LogFields' })
export type LogFieldsAnswer = z.infer<typeof logFieldsAnswer>

/** `GET /api/logs/values`: values of a field, for autocomplete. */
export const logValuesParameters = windowedConditions.extend({ field: z.string().min(1).max(256), prefix: z.string().max(256).optional() })

export const logValuesAnswer = z
  .object({
    window: windowAnswer,
    field: z.string(),
    /** The most frequent first, at most 100. */
    values: z.array(z.object({ value: z.string(), lines: z.number() })),
    notes: z.array(logNote),
  })
  .meta({ id: 'LogValues' })
export type LogValuesAnswer = z.infer<typeof logValuesAnswer>

export const MAX_CONTEXT_LINES = 200

/** `GET /api/logs/{id}/context`: the lines around a line, of the same file of the same resource (or the same resource, when it is of no file). */
export const logContextParameters = z.object({
  before: z.coerce.number().int().min(0).max(MAX_CONTEXT_LINES).optional().meta({ description: 'Default 20' }),
  after: z.coerce.number().int().min(0).max(MAX_CONTEXT_LINES).optional().meta({ description: 'Default 20' }),
})

export const logContextAnswer = z
  .object({
    /** Oldest first. */
    before: z.array(logLine),
    line: logLine,
    after: z.array(logLine),
    resources,
    /** What the lines have in common beside the resource: the path of their file, null when they are of none. */
    file: z.string().nullable(),
    notes: z.array(logNote),
  })
  .meta({ id: 'LogContext' })
export type LogContextAnswer = z.infer<typeof logContextAnswer>

export const MAX_EXPORT_LINES = 100_000

/**
 * `GET /api/logs/export`: a file, newest line first unless asked otherwise. NDJSON: a `LogLine` a line, with `resource` as attributes instead of a key.
 * CSV: a header and a row a line. When there were more lines than the limit, the last line says so: `{"truncated":true,"limit":…}` in NDJSON,
 * `# truncated at … lines` in CSV. An answer that ends without a line end broke off.
 */
export const logExportParameters = windowedConditions.extend({
  order: z.enum(['desc', 'asc']).optional(),
  format: z.enum(['ndjson', 'csv']).optional().meta({ description: 'Default ndjson' }),
  limit: z.coerce.number().int().min(1).max(MAX_EXPORT_LINES).optional().meta({ description: 'Default 10000' }),
})

/**
 * `GET /api/logs/tail` (text/event-stream): lines after the rules, as they come in. Reconnecting with `Last-Event-ID` (or `since`, the same value) goes
 * on behind the last event seen; the filter is part of the address, so that it stays. `backlog` newest lines that were there before come first.
 *
 * Events, each with JSON as data: `lines` (`TailLines`), `dropped` (`TailDropped`), `state` (`TailState`), `problem` (a problem document; the stream
 * ends after it). A comment line every 10 s while nothing comes in.
 */
export const logTailParameters = logConditions.extend({
  since: z.string().max(8192).optional().meta({ description: 'Id of the last event seen' }),
  backlog: z.coerce.number().int().min(0).max(MAX_LOG_LINES).optional().meta({ description: 'Default 100' }),
})

/** Event `lines`: oldest first in the order they came in, each at most once. `resources` has those that the lines of this event name. */
export const tailLines = z.object({ lines: z.array(logLine), resources }).meta({ id: 'TailLines' })
export type TailLines = z.infer<typeof tailLines>

/** Event `dropped`: lines of the filter that were not sent, since this connection began. `slow_reader`: it takes them up too slowly; `rate`: more came in than a tail carries. */
export const tailDropped = z.object({ lines: z.number().int(), total: z.number().int(), reason: z.enum(['slow_reader', 'rate']) }).meta({ id: 'TailDropped' })
export type TailDropped = z.infer<typeof tailDropped>

/**
 * Event `state`, once a second while lines come in and once when none do: lines a second of the filter, and how far behind what came in the tail is,
 * null while nothing of the filter comes in. `seen` are all lines that came in since this connection began, of the filter or not.
 */
export const tailState = z
  .object({ linesPerSecond: z.number(), behindMs: z.number().nullable(), seen: z.number().int().nonnegative() })
  .meta({ id: 'TailState' })
export type TailState = z.infer<typeof tailState>
