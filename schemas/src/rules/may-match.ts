import { compileSearch, type FieldOf } from '../filter/compile.ts'
import type { Search } from '../filter/tree.ts'
import { literalOf } from './regex-literal.ts'

/**
 * What a search asks beside its expressions, and of these the text that all they match has: where it is false the search is. It costs nothing that
 * is counted, so that what a line costs does not depend on who knew how much of it beforehand.
 */
export function mayMatch(search: Search | null): (field: FieldOf) => boolean {
  return compileSearch(search === null ? null : withoutExpressions(search), (source) => {
    const literal = literalOf(source)
    return (text) => text.includes(literal)
  })
}

/** Null: whatever the line is. Expressions stay where a text that they lack says no; what is negated must be known whole. */
function withoutExpressions(search: Search): Search | null {
  if ('and' in search) return { and: search.and.flatMap((part) => withoutExpressions(part) ?? []) }
  if ('or' in search) {
    const parts = search.or.map(withoutExpressions)
    return parts.includes(null) ? null : { or: parts.filter((part) => part !== null) }
  }
  if ('not' in search) return hasExpression(search.not) ? null : search
  return search
}

export function hasExpression(search: Search): boolean {
  if ('and' in search) return search.and.some(hasExpression)
  if ('or' in search) return search.or.some(hasExpression)
  if ('not' in search) return hasExpression(search.not)
  return search.op === 'matches'
}
