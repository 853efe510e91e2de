import { z } from 'zod'

/** The path parameter of everything about one trace. */
export const tracePath = z.object({ traceId: z.string().regex(/^(?!0{32}$)[0-9a-fA-F]{32}$/, 'is not a trace id: 32 hex digits, not all 0') })
