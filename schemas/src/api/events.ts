import { z } from 'zod'
import { compareNote } from './compare-note.ts'
import { timeParameter, windowAnswer, windowParameters } from './window.ts'

/** What changed: posted by people and pipelines, except that `version` is also found in telemetry. */
export const EVENT_KINDS = ['deploy', 'config', 'image', 'cdn', 'version', 'other'] as const
export type EventKind = (typeof EVENT_KINDS)[number]

export const EVENT_SOURCES = ['posted', 'found'] as const
export type EventSource = (typeof EVENT_SOURCES)[number]

/** `service` also keeps events that name no service (a CDN switch concerns everyone); likewise environment and cluster. */
export const eventsParameters = windowParameters.extend({
  environment: z.string().optional(),
  cluster: z.string().optional(),
  service: z.string().optional(),
  kind: z.enum(EVENT_KINDS).optional(),
  source: z.enum(EVENT_SOURCES).optional(),
})

export const changeEvent = z
  .object({
    id: z.string(),
    /** RFC 3339. Of a found version: the minute in which it was first seen. */
    time: z.string(),
    kind: z.enum(EVENT_KINDS),
    source: z.enum(EVENT_SOURCES).meta({ description: 'posted: told by somebody; found: seen in the telemetry (service.version)' }),
    /** Plain text, never markup. */
    title: z.string(),
    /** Empty strings where the event does not say. */
    environment: z.string(),
    cluster: z.string(),
    namespace: z.string(),
    service: z.string(),
    fromVersion: z.string(),
    toVersion: z.string(),
    /** http(s) only, or empty. */
    link: z.string(),
    attributes: z.record(z.string(), z.string()),
    /** Of a found version: the largest share of the service's instances that ran it within 15 minutes, 0 … 1. Null when posted. */
    instanceShare: z.number().nullable(),
  })
  .meta({ id: 'ChangeEvent' })
export type ChangeEvent = z.infer<typeof changeEvent>

/** Oldest first. */
export const eventsAnswer = z.object({ window: windowAnswer, events: z.array(changeEvent), notes: z.array(compareNote) }).meta({ id: 'Events' })
export type EventsAnswer = z.infer<typeof eventsAnswer>

const word = z.string().trim().max(256)
const MAX_ATTRIBUTES = 32

/** Body of `POST /api/events`. */
export const newEvent = z
  .strictObject({
    kind: z.enum(EVENT_KINDS),
    title: z.string().trim().min(1).max(300),
    /** Default: now. At most a day ahead. */
    time: z.union([timeParameter.max(64), z.number().int().nonnegative()]).optional(),
    environment: word.optional(),
    cluster: word.optional(),
    namespace: word.optional(),
    service: word.optional(),
    /** The version that came. */
    version: word.optional(),
    fromVersion: word.optional(),
    link: z
      .url({ protocol: /^https?$/, error: 'must be an absolute http or https address' })
      .max(2048)
      .optional(),
    attributes: z
      .record(z.string().min(1).max(128), z.string().max(1024))
      .refine((attributes) => Object.keys(attributes).length <= MAX_ATTRIBUTES, `must be at most ${MAX_ATTRIBUTES} attributes`)
      .optional(),
    /** A name of your own for this event: told twice, it counts once. `Idempotency-Key` does the same. */
    id: z
      .string()
      .regex(/^[\w.:/@-]{1,128}$/, 'must be 1 to 128 letters, digits or . : / @ _ -')
      .optional(),
  })
  .meta({ id: 'NewEvent' })
export type NewEvent = z.infer<typeof newEvent>
