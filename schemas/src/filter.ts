/**
 * Conditions on the fields of a record, in the language of search: `field:value`, `field = value`, `!=`, `>`, `>=`, `<`, `<=`, `field:*` (is there),
 * `and` (or nothing between), `or`, `not` or `-`, brackets. A value is a word, a number or a "quoted text". The JSON form is the tree.
 *
 * `=` compares as numbers when the value is a number and the field reads as one, else as text; `!=` is its opposite, so that it holds where the
 * field is missing; the others compare numbers and never hold where the field is missing or no number.
 */
export type Filter = { and: Filter[] } | { or: Filter[] } | { not: Filter } | FilterTest
export interface FilterTest {
  field: string
  op: FilterOperator
  /** null for `exists`. */
  value: string | number | null
}
export type FilterOperator = '=' | '!=' | '>' | '>=' | '<' | '<=' | 'exists'

export type FilterRead = { ok: true; filter: Filter } | { ok: false; error: FilterError }
export interface FilterError {
  message: string
  /** Counted from 1, in characters; one past the end when something is missing. */
  column: number
}

export type FieldValue = string | number | boolean

export const MAX_FILTER_CHARS = 1000
const MAX_DEPTH = 20

interface Token {
  type: 'word' | 'quoted' | 'operator' | 'open' | 'close' | 'minus' | 'end'
  text: string
  column: number
}

/** A filter, or the first thing that is wrong with its text and where. */
export function readFilter(text: string): FilterRead {
  try {
    if (text.length > MAX_FILTER_CHARS) throw new Refusal(`a filter is at most ${MAX_FILTER_CHARS} characters`, MAX_FILTER_CHARS + 1)
    const reader = { tokens: tokensOf(text), at: 0 }
    if (peek(reader).type === 'end') throw new Refusal('a filter is empty', 1)
    const filter = readEither(reader, 0)
    const rest = peek(reader)
    if (rest.type !== 'end') throw new Refusal(rest.type === 'close' ? 'this bracket was never opened' : `${rest.text} is not expected here`, rest.column)
    return { ok: true, filter }
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

function testHolds({ op, value }: FilterTest, actual: FieldValue | undefined): boolean {
  if (op === 'exists') return actual !== undefined
  if (op === '=') return actual !== undefined && equals(actual, value)
  if (op === '!=') return actual === undefined || !equals(actual, value)
  const number = actual === undefined ? null : numberIn(String(actual))
  if (number === null || typeof value !== 'number') return false
  if (op === '>') return number > value
  if (op === '>=') return number >= value
  return op === '<' ? number < value : number <= value
}

function equals(actual: FieldValue, value: FilterTest['value']): boolean {
  return typeof value === 'number' ? numberIn(String(actual)) === value : String(actual) === value
}

const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

function numberIn(text: string): number | null {
  return NUMBER.test(text) ? Number(text) : null
}

class Refusal extends Error {
  readonly column: number
  constructor(message: string, column: number) {
    super(message)
    this.column = column
  }
}

interface Reader {
  tokens: readonly Token[]
  at: number
}

const END: Token = { type: 'end', text: '', column: 1 }

function peek(reader: Reader): Token {
  return reader.tokens[reader.at] ?? END
}

function take(reader: Reader): Token {
  const token = peek(reader)
  reader.at++
  return token
}

function isWord(token: Token, word: string): boolean {
  return token.type === 'word' && token.text.toLowerCase() === word
}

function readEither(reader: Reader, depth: number): Filter {
  const parts = [readAll(reader, depth)]
  while (isWord(peek(reader), 'or')) {
    take(reader)
    parts.push(readAll(reader, depth))
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { or: parts }
}

function readAll(reader: Reader, depth: number): Filter {
  const parts = [readOne(reader, depth)]
  for (let next = peek(reader); next.type !== 'end' && next.type !== 'close' && !isWord(next, 'or'); next = peek(reader)) {
    if (isWord(next, 'and')) take(reader)
    parts.push(readOne(reader, depth))
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { and: parts }
}

function readOne(reader: Reader, depth: number): Filter {
  const token = peek(reader)
  if (depth >= MAX_DEPTH) throw new Refusal(`brackets and negations stand at most ${MAX_DEPTH} deep`, token.column)
  if (token.type === 'minus' || isWord(token, 'not')) {
    take(reader)
    return { not: readOne(reader, depth + 1) }
  }
  if (token.type !== 'open') return readTest(reader)
  take(reader)
  const inside = readEither(reader, depth + 1)
  if (take(reader).type !== 'close') throw new Refusal('this bracket is never closed', token.column)
  return inside
}

function readTest(reader: Reader): FilterTest {
  const field = take(reader)
  if (field.type !== 'word' || isWord(field, 'and') || isWord(field, 'or')) {
    throw new Refusal(field.type === 'end' ? 'a condition is missing here' : `a field name is expected, not ${field.text}`, field.column)
  }
  const operator = take(reader)
  if (operator.type !== 'operator') throw new Refusal(`${field.text} needs a comparison: ${field.text}:value, or = != > >= < <=`, operator.column)
  const value = take(reader)
  if (value.type !== 'word' && value.type !== 'quoted') throw new Refusal(`${field.text} ${operator.text} needs a value`, value.column)
  return testOf(field.text, operator.text, value)
}

function testOf(field: string, operator: string, value: Token): FilterTest {
  if (operator === ':' && value.type === 'word' && value.text === '*') return { field, op: 'exists', value: null }
  const number = value.type === 'word' ? numberIn(value.text) : null
  const op = operator === ':' ? '=' : (operator as FilterOperator)
  if (op !== '=' && op !== '!=' && number === null) throw new Refusal(`${operator} compares numbers, and ${value.text} is none`, value.column)
  return { field, op, value: number ?? value.text }
}

const TOKEN = /\s+|(\()|(\))|(!=|>=|<=|[:=<>])|"((?:[^"\\]|\\["\\])*)"|(-?[^\s():=<>!"]+)/y

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const found = TOKEN.exec(text)
    if (found === null) throw new Refusal(text[at] === '"' ? 'this quotation is never closed' : `${text[at]} is not expected here`, at + 1)
    const [whole, open, close, operator, quoted, word] = found
    const column = at + 1
    if (open !== undefined) tokens.push({ type: 'open', text: whole, column })
    else if (close !== undefined) tokens.push({ type: 'close', text: whole, column })
    else if (operator !== undefined) tokens.push({ type: 'operator', text: whole, column })
    else if (quoted !== undefined) tokens.push({ type: 'quoted', text: quoted.replaceAll(/\\(["\\])/g, '$1'), column })
    else if (word !== undefined) pushWord(tokens, word, column)
  }
  tokens.push({ type: 'end', text: 'the end', column: text.length + 1 })
  return tokens
}

/** A minus before a field negates; before a value it belongs to it. */
function pushWord(tokens: Token[], word: string, column: number): void {
  const negates = word.startsWith('-') && tokens.at(-1)?.type !== 'operator'
  if (negates) tokens.push({ type: 'minus', text: '-', column })
  const text = negates ? word.slice(1) : word
  if (text !== '') tokens.push({ type: 'word', text, column: negates ? column + 1 : column })
}
