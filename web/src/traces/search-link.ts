import { readQuery } from './query-text.ts'

/** Where searches for traces are kept in this browser. */
export const SAVED_TRACES_KEY = 'skein-saved-searches'

/** The parameters of a link to a search; null when its query cannot be read any more. */
export function searchLink(query: string): Readonly<Record<string, string | number | undefined>> | null {
  const read = readQuery(query)
  if (!read.ok) return null
  const { attr, error, minMs, maxMs, ...texts } = read.search
  return { ...texts, minMs: minMs ?? undefined, maxMs: maxMs ?? undefined, error: error === 'any' ? undefined : error, attr: attr.join('\n') }
}
