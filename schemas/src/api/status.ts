import { z } from 'zod'

/** `insecure_http`: neither users nor TLS on an address others reach. `promise_reduced`: one lost broker may lose acknowledged data. */
export const WARNING_CODES = ['insecure_http', 'promise_reduced'] as const

/** The platform about itself, for the frame of every page: /api/status. */
export const statusAnswer = z
  .object({
    version: z.string(),
    mode: z.enum(['embedded', 'cluster']),
    tenant: z.string(),
    startedAt: z.string(),
    now: z.string(),
    /** Where telemetry goes, as this process knows it. */
    otlp: z.object({ http: z.string(), grpc: z.string() }),
    store: z.object({ ok: z.boolean(), error: z.string().nullable(), since: z.string().nullable() }),
    log: z.object({ ok: z.boolean(), error: z.string().nullable(), lagRecords: z.number().nullable() }),
    /** Newest span end seen in the store, null when there is none. */
    newestData: z.string().nullable(),
    /** Age of the newest processed envelope against now, ms. */
    behindMs: z.number().nullable(),
    /** Accepted in the last minute; where that began with nothing, since this minute of the clock did. */
    spansPerSecond: z.number(),
    droppedLastHour: z.number(),
    refusedLastHour: z.number(),
    environments: z.array(z.string()),
    clusters: z.array(z.string()),
    /** Things an operator must know: promise reduced, insecure http, … */
    warnings: z.array(z.object({ code: z.enum(WARNING_CODES), message: z.string() })),
  })
  .meta({ id: 'Status' })
export type StatusAnswer = z.infer<typeof statusAnswer>
