import { z } from 'zod'

/** A search under a name: its query, and nothing of the time it was made for. */
export interface SavedSearch {
  name: string
  query: string
}

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
