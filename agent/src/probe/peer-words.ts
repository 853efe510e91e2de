import { probeLabelsSchema } from '@skein/schemas/agent-probe'
import { z } from 'zod'

/** What agents say to each other: `ask` is answered at once with a `PeerAnswer`; `down?bytes=` sends bytes; `up` takes them and answers `Carried`. */
export const PEER_PATH = { ask: '/skein-probe', down: '/skein-probe/down', up: '/skein-probe/up' } as const
export const KEY_HEADER = 'x-skein-probe-key'

const identitySchema = z.object({ name: z.string().min(1).max(128), labels: probeLabelsSchema })
export type Identity = z.infer<typeof identitySchema>

/** Who the peer is, and how much it sends and takes at a time. */
export const peerAnswerSchema = identitySchema.extend({ transferBytes: z.number().int().positive() })
export type PeerAnswer = z.infer<typeof peerAnswerSchema>

/** Bytes that arrived, and the time between the first and the last of them. */
export const carriedSchema = z.object({ bytes: z.number().nonnegative(), ms: z.number().nonnegative() })
export type Carried = z.infer<typeof carriedSchema>
