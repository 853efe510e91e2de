import { QueryLimitError } from './errors.ts'

/** The engine's own limit comes first; this one is for a query that does not look at the clock. */
export async function withDeadline<T>(answer: Promise<T>, deadlineMs: number, onDeadline: () => Promise<unknown>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onDeadline().catch(() => undefined)
      reject(new QueryLimitError('time', `the question ran longer than ${deadlineMs} ms`))
    }, deadlineMs)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
