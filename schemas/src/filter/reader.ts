import { plainTest, searchTest, textTest } from './field-test.ts'
import { type Grammar, Refusal, type Token } from './tokens.ts'
import type { Search } from './tree.ts'

const MAX_DEPTH = 20
/** Each is a condition of a statement. */
const MAX_TESTS = 200

interface Reader {
  tokens: readonly Token[]
  at: number
  grammar: Grammar
  tests: number
}

const END: Token = { type: 'end', text: '', column: 1, end: 1 }

/** The fields of a line that go by more than one name. */
const ALIASES: Readonly<Record<string, string>> = { traceId: 'trace_id', spanId: 'span_id' }

/** null when there is nothing but the end. Throws `Refusal`. */
export function readTree(tokens: readonly Token[], grammar: Grammar): Search | null {
  const reader: Reader = { tokens, at: 0, grammar, tests: 0 }
  if (peek(reader).type === 'end') return null
  const tree = readEither(reader, 0)
  const rest = peek(reader)
  if (rest.type === 'close') throw new Refusal('bracket_not_opened', rest.column)
  if (rest.type !== 'end') throw new Refusal('not_expected', rest.column, { text: rest.text })
  return tree
}

function peek(reader: Reader, ahead = 0): Token {
  return reader.tokens[reader.at + ahead] ?? END
}

function take(reader: Reader): Token {
  const token = peek(reader)
  reader.at++
  return token
}

function isWord(token: Token, word: string): boolean {
  return token.type === 'word' && token.text.toLowerCase() === word
}

function readEither(reader: Reader, depth: number): Search {
  const parts = [readAll(reader, depth)]
  while (isWord(peek(reader), 'or')) {
    take(reader)
    parts.push(readAll(reader, depth))
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { or: parts }
}

function readAll(reader: Reader, depth: number): Search {
  const parts = [readOne(reader, depth)]
  for (let next = peek(reader); next.type !== 'end' && next.type !== 'close' && !isWord(next, 'or'); next = peek(reader)) {
    if (isWord(next, 'and')) take(reader)
    parts.push(readOne(reader, depth))
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { and: parts }
}

function readOne(reader: Reader, depth: number): Search {
  const token = peek(reader)
  if (depth >= MAX_DEPTH) throw new Refusal('search_too_deep', token.column, { most: MAX_DEPTH })
  if (token.type === 'minus' || isNegation(reader)) {
    take(reader)
    return { not: readOne(reader, depth + 1) }
  }
  if (token.type !== 'open') return readTest(reader)
  take(reader)
  const inside = readEither(reader, depth + 1)
  if (take(reader).type !== 'close') throw new Refusal('bracket_not_closed', token.column)
  return inside
}

function isNegation(reader: Reader): boolean {
  const token = peek(reader)
  if (!isWord(token, 'not')) return false
  if (reader.grammar === 'filter' || token.text === 'NOT') return true
  return peek(reader, 1).type === 'open' || (peek(reader, 1).type === 'word' && peek(reader, 2).type === 'operator')
}

function readTest(reader: Reader): Search {
  const token = take(reader)
  reader.tests++
  if (reader.tests > MAX_TESTS) throw new Refusal('too_many_conditions', token.column, { most: MAX_TESTS })
  if (!beginsTest(token, reader.grammar)) throw expected(token, reader.grammar)
  const next = peek(reader)
  const names = token.type === 'word' || (token.type === 'quoted' && next.column === token.end)
  if (next.type === 'operator' && names) return readFieldTest(reader, token)
  if (reader.grammar === 'filter') throw new Refusal('comparison_missing', next.column, { text: token.text, operators: '= != > >= < <=' })
  return textTest(token)
}

function beginsTest(token: Token, grammar: Grammar): boolean {
  if (token.type === 'word') return !isWord(token, 'and') && !isWord(token, 'or')
  return grammar === 'search' && (token.type === 'quoted' || token.type === 'regex')
}

function expected(token: Token, grammar: Grammar): Refusal {
  if (token.type === 'end') return new Refusal('condition_missing', token.column)
  return new Refusal(grammar === 'filter' ? 'field_expected' : 'condition_expected', token.column, { text: token.text })
}

function readFieldTest(reader: Reader, name: Token): Search {
  const operator = take(reader)
  const field = reader.grammar === 'search' && Object.hasOwn(ALIASES, name.text) ? (ALIASES[name.text] ?? name.text) : name.text
  if (reader.grammar === 'filter') return plainTest(field, operator.text, takeValue(reader, name, operator))
  const next = peek(reader)
  if (operator.text === ':' && next.column > operator.end) {
    throw new Refusal('value_apart', operator.end, { field: name.text })
  }
  if (operator.text === ':' && next.type === 'open') return readValues(reader, { field, name, operator })
  const isComparison = operator.text === ':' && next.type === 'operator' && /^[<>]/.test(next.text)
  const meant = isComparison ? take(reader) : operator
  return searchTest(field, meant.text, takeValue(reader, name, meant))
}

function takeValue(reader: Reader, name: Token, operator: Token): Token {
  const value = take(reader)
  const isValue = value.type === 'word' || value.type === 'quoted' || value.type === 'regex'
  if (!isValue) throw new Refusal('value_missing', value.column, { field: name.text, operator: operator.text })
  return value
}

/** `field:(a OR b)`. */
function readValues(reader: Reader, { field, name, operator }: { field: string; name: Token; operator: Token }): Search {
  const open = take(reader)
  const parts = [searchTest(field, ':', takeValue(reader, name, operator))]
  for (let next = take(reader); next.type !== 'close'; next = take(reader)) {
    if (next.type === 'end') throw new Refusal('bracket_not_closed', open.column)
    if (!isWord(next, 'or')) throw new Refusal('or_expected', next.column, { field: name.text, text: next.text })
    reader.tests++
    parts.push(searchTest(field, ':', takeValue(reader, name, operator)))
  }
  if (reader.tests > MAX_TESTS) throw new Refusal('too_many_conditions', open.column, { most: MAX_TESTS })
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { or: parts }
}
