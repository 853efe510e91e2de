import { hasPhrase, likePattern, likeWords, lowerAscii } from './body-text.ts'
import { type FieldValue, type FilterTest, type Search, type TextTest, testHolds } from './tree.ts'

/** A field of a record by its name; `undefined` = it is missing. */
export type FieldOf = (name: string) => FieldValue | undefined
/** Makes an expression of RE2 syntax a test. It must be linear in the text: who writes expressions is not who pays for them. */
export type RegexOf = (source: string) => (text: string) => boolean

/** A search as a test of records, everything that can be made ready beforehand made ready. */
export function compileSearch(search: Search | null, regexOf: RegexOf): (field: FieldOf) => boolean {
  return search === null ? () => true : compileTree(search, regexOf)
}

function compileTree(search: Search, regexOf: RegexOf): (field: FieldOf) => boolean {
  if ('and' in search) {
    const parts = search.and.map((part) => compileTree(part, regexOf))
    return (field) => parts.every((part) => part(field))
  }
  if ('or' in search) {
    const parts = search.or.map((part) => compileTree(part, regexOf))
    return (field) => parts.some((part) => part(field))
  }
  if ('not' in search) {
    const part = compileTree(search.not, regexOf)
    return (field) => !part(field)
  }
  if (!isTextTest(search)) return (field) => testHolds(search, field(search.field))
  const holds = compileText(search, regexOf)
  return (field) => {
    const actual = field(search.field)
    return actual !== undefined && holds(String(actual))
  }
}

export function isTextTest(test: FilterTest | TextTest): test is TextTest {
  return test.op === 'has' || test.op === 'like' || test.op === 'matches'
}

function compileText({ field, op, value }: TextTest, regexOf: RegexOf): (text: string) => boolean {
  if (op === 'matches') return regexOf(value)
  if (op === 'like' && field !== 'body') return (text) => likePattern(text, value)
  const wanted = lowerAscii(value)
  return op === 'like' ? (text) => likeWords(lowerAscii(text), wanted) : (text) => hasPhrase(lowerAscii(text), wanted)
}
