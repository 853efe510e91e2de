import { z } from 'zod'

const noteValues = z.record(z.string(), z.union([z.string(), z.number()]))
export type NoteValues = z.infer<typeof noteValues>

/** What a reader of an answer has to know: `message` in English, and its `code`, `count` and `values` for who words it in another language. */
export const noteOf = <const Codes extends readonly [string, ...string[]]>(codes: Codes) =>
  z.object({ code: z.enum(codes), message: z.string(), count: z.number(), values: noteValues.optional() })
