import { readTree } from './filter/reader.ts'
import { Refusal, tokensOf } from './filter/tokens.ts'
import { type FieldValue, type Filter, type Search, testHolds } from './filter/tree.ts'

export type FilterRead = { ok: true; filter: Filter } | { ok: false; error: FilterError }
/** null: nothing is asked, every record is meant. */
export type SearchRead = { ok: true; search: Search | null } | { ok: false; error: FilterError }
export interface FilterError {
  message: string
  /** Counted from 1, in characters; one past the end when something is missing. */
  column: number
}

export const MAX_FILTER_CHARS = 1000
export const MAX_SEARCH_CHARS = 4000

/** A filter, or the first thing that is wrong with its text and where. */
export function readFilter(text: string): FilterRead {
  return reading(() => {
    if (text.length > MAX_FILTER_CHARS) throw new Refusal(`a filter is at most ${MAX_FILTER_CHARS} characters`, MAX_FILTER_CHARS + 1)
    const filter = readTree(tokensOf(text, 'filter'), 'filter')
    if (filter === null) throw new Refusal('a filter is empty', 1)
    return { ok: true, filter: filter as Filter }
  })
}

/** A search, or the first thing that is wrong with its text and where. Regular expressions are read by the engine that runs them. */
export function readSearch(text: string): SearchRead {
  return reading(() => {
    if (text.length > MAX_SEARCH_CHARS) throw new Refusal(`a search is at most ${MAX_SEARCH_CHARS} characters`, MAX_SEARCH_CHARS + 1)
    return { ok: true, search: readTree(tokensOf(text, 'search'), 'search') }
  })
}

function reading<Read>(read: () => Read): Read | { ok: false; error: FilterError } {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: { message: error.message, column: error.column } }
    throw error
  }
}

/** Whether a record's fields satisfy a filter; `undefined` = the field is missing. */
export function satisfies(filter: Filter, field: (name: string) => FieldValue | undefined): boolean {
  if ('and' in filter) return filter.and.every((part) => satisfies(part, field))
  if ('or' in filter) return filter.or.some((part) => satisfies(part, field))
  if ('not' in filter) return !satisfies(filter.not, field)
  return testHolds(filter, field(filter.field))
}
