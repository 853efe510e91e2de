import { z } from 'zod'
import { compareNote } from './compare-note.ts'
import { tracesParameters } from './traces.ts'
import { windowAnswer } from './window.ts'

const searched = tracesParameters.omit({ sort: true, limit: true, cursor: true })

/** The search of `/api/traces`, counted: `/api/traces/facets`. */
export const traceFacetsParameters = searched

const facet = z.array(z.object({ value: z.string(), traces: z.number().int() }))

export const traceFacetsAnswer = z
  .object({
    window: windowAnswer,
    /** Traces looked at; the counts are of these. */
    traces: z.number().int(),
    /** About how many there are. */
    total: z.number().int(),
    /** The most frequent first, at most 50 of each. A trace counts once for each value it has. */
    services: facet,
    operations: facet,
    statuses: facet,
    /** `service.version` of the resources that took part. */
    versions: facet,
    notes: z.array(compareNote),
  })
  .meta({ id: 'TraceFacets' })
export type TraceFacetsAnswer = z.infer<typeof traceFacetsAnswer>

/** `/api/traces/attributes`: keys that begin with `prefix`; with `key`, its values that do. */
export const traceAttributesParameters = searched.extend({
  key: z.string().min(1).optional().meta({ description: 'Answer the values of this attribute instead of keys' }),
  prefix: z.string().max(256).optional(),
})

export const traceAttributesAnswer = z
  .object({
    window: windowAnswer,
    traces: z.number().int(),
    total: z.number().int(),
    /** The most frequent first, at most 100; `values` is empty without `key`, `keys` is empty with it. */
    keys: z.array(z.object({ key: z.string(), scope: z.enum(['span', 'resource']), traces: z.number().int() })),
    values: z.array(z.object({ value: z.string(), scope: z.enum(['span', 'resource']), traces: z.number().int() })),
    notes: z.array(compareNote),
  })
  .meta({ id: 'TraceAttributes' })
export type TraceAttributesAnswer = z.infer<typeof traceAttributesAnswer>
