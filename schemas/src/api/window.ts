import { z } from 'zod'
import { NOTE_CODES } from '../topology.ts'
import { noteOf } from './note.ts'

/** RFC 3339, Unix ms, or `now`, `now-15m`, `now-1h`, `now-1d`. Default: the last hour. */
export const timeParameter = z.string().meta({ description: 'RFC 3339, Unix ms, or now-15m', examples: ['now-1h', '2026-11-22T20:10:00Z'] })

export const windowParameters = z.object({
  start: timeParameter.optional(),
  end: timeParameter.optional(),
})

/** The window answered: start floored and end ceiled to the minute, RFC 3339 UTC. */
export const windowAnswer = z.object({ start: z.string(), end: z.string() }).meta({ id: 'Window' })
export type WindowAnswer = z.infer<typeof windowAnswer>

/** Explains emptiness and doubt. */
export const note = noteOf(NOTE_CODES).meta({ id: 'Note' })
export type Note = z.infer<typeof note>

export const HEALTH = ['ok', 'degraded', 'bad', 'unknown'] as const
export type Health = (typeof HEALTH)[number]
/** `errors`: too many fail. `latency`: slower than in the same minutes a week before. `lost_time`: too much between the caller's span and the callee's. */
export const HEALTH_REASONS = ['errors', 'latency', 'lost_time'] as const
export type HealthReason = (typeof HEALTH_REASONS)[number]

export const scopeParameters = windowParameters.extend({
  environment: z.string().optional(),
  cluster: z.string().optional(),
  namespace: z.string().optional(),
})
