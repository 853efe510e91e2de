import type { Fault } from './fault.ts'
import { readTree } from './filter/reader.ts'
import { IGNORE_CASE, Refusal, type Token, tokensOf } from './filter/tokens.ts'
import { type FieldValue, type Filter, type Search, testHolds } from './filter/tree.ts'

export type FilterRead = { ok: true; filter: Filter } | { ok: false; error: FilterError }
/** null: nothing is asked, every record is meant. */
export type SearchRead = { ok: true; search: Search | null } | { ok: false; error: FilterError }
export interface FilterError extends Fault {
  /** Counted from 1, in characters; one past the end when something is missing. */
  column: number
}

export const MAX_FILTER_CHARS = 1000
export const MAX_SEARCH_CHARS = 4000

/** A filter, or the first thing that is wrong with its text and where. */
export function readFilter(text: string): FilterRead {
  return reading(() => {
    if (text.length > MAX_FILTER_CHARS) throw new Refusal('filter_too_long', MAX_FILTER_CHARS + 1, { most: MAX_FILTER_CHARS })
    const filter = readTree(tokensOf(text, 'filter'), 'filter')
    if (filter === null) throw new Refusal('filter_empty', 1)
    return { ok: true, filter: filter as Filter }
  })
}

/** What an engine has against an expression, and at which column of it; null = nothing. */
export type RegexCheck = (source: string) => FilterError | null

/** A search, or the first thing that is wrong with its text and where. What expressions may be is known to the engine that runs them. */
export function readSearch(text: string, checkRegex: RegexCheck = () => null): SearchRead {
  return reading(() => {
    if (text.length > MAX_SEARCH_CHARS) throw new Refusal('search_too_long', MAX_SEARCH_CHARS + 1, { most: MAX_SEARCH_CHARS })
    const tokens = tokensOf(text, 'search')
    for (const token of tokens) if (token.type === 'regex') refuseRegex(token, checkRegex)
    return { ok: true, search: readTree(tokens, 'search') }
  })
}

function refuseRegex({ text, column }: Token, check: RegexCheck): void {
  const wrong = check(text)
  if (wrong === null) return
  const before = text.startsWith(IGNORE_CASE) ? IGNORE_CASE.length : 0
  throw new Refusal(wrong.code, column + Math.max(1, wrong.column - before), wrong.values)
}

function reading<Read>(read: () => Read): Read | { ok: false; error: FilterError } {
  try {
    return read()
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, error: { ...error.fault, column: error.column } }
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
