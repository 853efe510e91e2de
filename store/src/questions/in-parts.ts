import { QueryLimitError } from '../errors.ts'
import { sql, uint32 } from '../sql/fragment.ts'
import type { Fragment } from '../sql/terms.ts'

/** With each try the rows of a part are so many times fewer. */
const TIMES = 4
const MOST_PARTS = TIMES ** 6

/**
 * Asks for all rows, and where these are more than an answer may hold for parts of them, one after the other: `by` is a whole number of a row by
 * which they are parted. What each part is asked for besides stands in `part`.
 */
export async function inParts<T>(by: Fragment, ask: (part: readonly Fragment[]) => Promise<T>): Promise<T[]> {
  for (let parts = 1; ; parts *= TIMES) {
    try {
      const answers: T[] = []
      for (let at = 0; at < parts; at++) answers.push(await ask(parts === 1 ? [] : [sql`${by} % ${uint32(parts)} = ${uint32(at)}`]))
      return answers
    } catch (error) {
      if (!isTooManyRows(error) || parts >= MOST_PARTS) throw error
    }
  }
}

export function isTooManyRows(error: unknown): boolean {
  return error instanceof QueryLimitError && error.limit === 'rows'
}
