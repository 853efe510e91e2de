import { z } from 'zod'
import { tracesParameters } from './traces.ts'
import { compareNote } from './compare-note.ts'
import { timeParameter, windowAnswer } from './window.ts'

/**
 * The parameters of `/api/traces` say which traces; the selection says which of them are compared with the rest. A trace is selected when all
 * that is given holds: a box on the scatter (start time and duration of the whole trace), an error, one span with all of `selAttr`.
 */
export const traceComparisonParameters = tracesParameters.omit({ sort: true, limit: true, cursor: true }).extend({
  selStart: timeParameter.optional(),
  selEnd: timeParameter.optional(),
  selMinMs: z.coerce.number().nonnegative().optional(),
  selMaxMs: z.coerce.number().nonnegative().optional(),
  selError: z.enum(['true', 'false']).optional(),
  selAttr: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({ description: 'key=value of a span or of the resource that sent it, repeatable; one span has all' }),
})

export const attributeDifference = z
  .object({
    /** An attribute key, or `service`, `operation`, `status` of scope `span`. */
    key: z.string(),
    scope: z.enum(['span', 'resource']),
    /** 0 … 1: how far apart the shares of its values are, what chance explains taken off. */
    score: z.number(),
    /** Traces that have the key. */
    selectedCount: z.number().int(),
    restCount: z.number().int(),
    /** The values that differ most, at most 10; shares are of all traces of that side, 0 … 1. */
    values: z.array(z.object({ value: z.string(), selectedShare: z.number(), restShare: z.number() })),
  })
  .meta({ id: 'AttributeDifference' })
export type AttributeDifference = z.infer<typeof attributeDifference>

export const traceComparisonAnswer = z
  .object({
    window: windowAnswer,
    /** How many traces of each side were looked at. */
    selected: z.object({ traces: z.number().int() }),
    rest: z.object({ traces: z.number().int() }),
    /** True when there are more traces than were looked at; the notes say how they were chosen. */
    sampled: z.boolean(),
    /** By score, largest first. */
    attributes: z.array(attributeDifference),
    notes: z.array(compareNote),
  })
  .meta({ id: 'TraceComparison' })
export type TraceComparisonAnswer = z.infer<typeof traceComparisonAnswer>
