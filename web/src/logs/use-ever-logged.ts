'use client'
import { logsAnswer } from '@skein/schemas/api/logs'
import { useAnswer } from '../api/use-answer.ts'

/** As far back as a reader would call it ever. */
const EVER = { start: 'now-30d', end: 'now', limit: 1 }

/** Whether any line ever came in; null while that is not known. Asked where a window has none. */
export function useEverLogged(asked: boolean): boolean | null {
  const { data, isError } = useAnswer('/api/logs', logsAnswer, { query: EVER, enabled: asked })
  if (data === undefined) return isError ? true : null
  return data.lines.length > 0
}
