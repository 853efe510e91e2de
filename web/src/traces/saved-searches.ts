import { z } from 'zod'
import { readQuery } from './query-text.ts'

/** A search under a name: its query, and nothing of the time it was made for. */
export interface SavedSearch {
  name: string
  query: string
}

export const SAVED_KEY = 'skein-saved-searches'
const MOST = 50
const NAME_CHARS = 80

const stored = z.array(z.object({ name: z.string(), query: z.string() }))

/** Searches kept in this browser; a spoilt memory is an empty one. */
export function readSaved(text: string | null): SavedSearch[] {
  try {
    const read = stored.safeParse(JSON.parse(text ?? '[]'))
    return read.success ? read.data.slice(0, MOST) : []
  } catch {
    return []
  }
}

/** With one more, by name; the same name is replaced. */
export function withSaved(saved: readonly SavedSearch[], { name, query }: SavedSearch): SavedSearch[] {
  const kept = { name: name.trim().slice(0, NAME_CHARS), query }
  if (kept.name === '') return [...saved]
  return [kept, ...saved.filter((each) => each.name !== kept.name)].slice(0, MOST)
}

export function withoutSaved(saved: readonly SavedSearch[], name: string): SavedSearch[] {
  return saved.filter((each) => each.name !== name)
}

/** The parameters of a link to a search; null when its query cannot be read any more. */
export function searchLink(query: string): Readonly<Record<string, string | number | undefined>> | null {
  const read = readQuery(query)
  if (!read.ok) return null
  const { attr, error, minMs, maxMs, ...texts } = read.search
  return { ...texts, minMs: minMs ?? undefined, maxMs: maxMs ?? undefined, error: error === 'any' ? undefined : error, attr: attr.join('\n') }
}
