import { z } from 'zod'

/** What agents say to each other: `ask` is answered at once with an `Identity`; `down?bytes=` sends bytes; `up` takes them and answers `Carried`. */
export const PEER_PATH = { ask: '/skein-probe', down: '/skein-probe/down', up: '/skein-probe/up' } as const
export const KEY_HEADER = 'x-skein-probe-key'

export const identitySchema = z.object({ name: z.string().min(1).max(128), labels: z.record(z.string().max(32), z.string().max(128)) })
export type Identity = z.infer<typeof identitySchema>

/** Bytes that arrived, and the time between the first and the last of them. */
export const carriedSchema = z.object({ bytes: z.number().nonnegative(), ms: z.number().nonnegative() })
export type Carried = z.infer<typeof carriedSchema>
