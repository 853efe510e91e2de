import { z } from 'zod'
import { HEALTH, note, scopeParameters, windowAnswer } from './window.ts'

export const red = {
  calls: z.number(),
  errors: z.number(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
}

export const serviceSummary = z
  .object({
    id: z.string(),
    name: z.string(),
    environment: z.string(),
    cluster: z.string(),
    namespace: z.string(),
    ...red,
    instances: z.number().int(),
    health: z.enum(HEALTH),
    /** Of the same minutes a week before; null when it had no calls then. */
    weekAgoP95Ms: z.number().nullable(),
  })
  .meta({ id: 'ServiceSummary' })
export type ServiceSummary = z.infer<typeof serviceSummary>

export const servicesAnswer = z.object({ window: windowAnswer, services: z.array(serviceSummary), notes: z.array(note) }).meta({ id: 'Services' })
export type ServicesAnswer = z.infer<typeof servicesAnswer>

export const servicesParameters = scopeParameters
/** `/api/services/{name}` and below; environment, cluster and namespace narrow when the name is not unique. */
export const serviceParameters = scopeParameters

export const serviceAnswer = z
  .object({
    window: windowAnswer,
    /** One row per environment, cluster and namespace in which the name lives. */
    services: z.array(serviceSummary),
  })
  .meta({ id: 'Service' })
export type ServiceAnswer = z.infer<typeof serviceAnswer>

/** Letters of a service's name that a path can hold; of a longer one nothing more can be asked. */
export const MAX_NAME_IN_PATH = 1024

/** Most operations of a service that one answer lists. */
export const MAX_OPERATIONS = 1000

export const operationsAnswer = z
  .object({
    window: windowAnswer,
    /** True when there are more than 1,000: the list has those with the most calls. */
    truncated: z.boolean(),
    operations: z.array(z.object({ operation: z.string(), kind: z.enum(['internal', 'server', 'client', 'producer', 'consumer', 'unspecified']), ...red })),
  })
  .meta({ id: 'Operations' })
export type OperationsAnswer = z.infer<typeof operationsAnswer>

export const instancesAnswer = z
  .object({
    window: windowAnswer,
    instances: z.array(z.object({ instance: z.string(), version: z.string(), ...red, lastSeen: z.string() })),
  })
  .meta({ id: 'Instances' })
export type InstancesAnswer = z.infer<typeof instancesAnswer>

/** One point a minute (or a whole multiple of it, ≤ 300 points); a minute without calls is in the list with zero calls and null percentiles. */
export const seriesAnswer = z
  .object({
    window: windowAnswer,
    stepSeconds: z.number().int(),
    points: z.array(z.object({ time: z.string(), ...red })),
  })
  .meta({ id: 'Series' })
export type SeriesAnswer = z.infer<typeof seriesAnswer>
