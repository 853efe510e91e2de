import { type Fault, type FaultCode, faultOf, type FaultValues } from '../fault.ts'

/** `filter`: conditions on fields alone. `search`: words, phrases and regular expressions as well. */
export type Grammar = 'filter' | 'search'

export interface Token {
  type: 'word' | 'quoted' | 'regex' | 'operator' | 'open' | 'close' | 'minus' | 'end'
  text: string
  /** Counted from 1, in UTF-16 characters. */
  column: number
  /** The column behind it. */
  end: number
}

/** What is wrong with a text, and where. */
export class Refusal extends Error {
  readonly fault: Fault
  readonly column: number
  constructor(code: FaultCode, column: number, values?: FaultValues) {
    const fault = faultOf(code, values)
    super(fault.message)
    this.fault = fault
    this.column = column
  }
}

const TOKEN = /\s+|(\()|(\))|(!=|>=|<=|[:=<>])|"((?:[^"\\]|\\[^])*)"|(-?[^\s():=<>!"]+)/y
/** A word of a search may be a clock time or an address. */
const SEARCH_WORD = /-?(?:\d[\d.]*(?::\d+)+[^\s():=<>!"]*|[^\s():=<>!"]+:\/\/[^\s()"]*|[^\s():=<>!"]+)/y
/** What stands behind the operator of a search is its value, up to a space or a bracket. */
const SEARCH_VALUE = /[^\s()"]+/y
/** The first slash that is not escaped ends it, if nothing else follows: so a path is a word. */
const REGEX = /\/((?:[^/\\\n]|\\[^\n])+)\/(i?)(?=[\s)]|$)/y
/** Before the source of `/…/i`. */
export const IGNORE_CASE = '(?i)'
const LOOKS_LIKE_REGEX = /^-?\/.*[|[\]{}^$\\+?*]/

export function tokensOf(text: string, grammar: Grammar): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) at = (grammar === 'search' ? readOwn(tokens, text, at) : null) ?? readPlain(tokens, text, at)
  tokens.push({ type: 'end', text: 'the end', column: text.length + 1, end: text.length + 1 })
  return tokens
}

/** What only a search has; null = nothing of it begins here. Answers where it ends. */
function readOwn(tokens: Token[], text: string, at: number): number | null {
  const before = tokens.at(-1)
  const isValue = before?.type === 'operator' && before.end === at + 1
  if (!isValue) return readRegex(tokens, text, at) ?? readWord(tokens, match(SEARCH_WORD, text, at), at)
  if (before.text === ':' && /[<>]/.test(text[at] ?? '')) return null
  return readRegex(tokens, text, at) ?? readWord(tokens, match(SEARCH_VALUE, text, at), at)
}

function readRegex(tokens: Token[], text: string, at: number): number | null {
  const minus = text[at] === '-' && tokens.at(-1)?.type !== 'operator' ? 1 : 0
  const found = match(REGEX, text, at + minus)
  if (found === null) return null
  const [whole, source = '', flag] = found
  const column = at + minus + 1
  if (minus === 1) tokens.push({ type: 'minus', text: '-', column: at + 1, end: column })
  tokens.push({ type: 'regex', text: `${flag === 'i' ? IGNORE_CASE : ''}${source}`, column, end: column + whole.length })
  return at + minus + whole.length
}

function readWord(tokens: Token[], found: RegExpExecArray | null, at: number): number | null {
  const word = found?.[0]
  if (word === undefined) return null
  if (LOOKS_LIKE_REGEX.test(word)) throw new Refusal('regex_not_closed', at + 1)
  pushWord(tokens, word, at + 1)
  return at + word.length
}

function readPlain(tokens: Token[], text: string, at: number): number {
  const found = match(TOKEN, text, at)
  if (found === null) throw text[at] === '"' ? new Refusal('quotation_not_closed', at + 1) : new Refusal('not_expected', at + 1, { text: text[at] ?? '' })
  const [whole, open, close, operator, quoted, word] = found
  const place = { column: at + 1, end: at + 1 + whole.length }
  if (open !== undefined) tokens.push({ type: 'open', text: whole, ...place })
  else if (close !== undefined) tokens.push({ type: 'close', text: whole, ...place })
  else if (operator !== undefined) tokens.push({ type: 'operator', text: whole, ...place })
  else if (quoted !== undefined) tokens.push({ type: 'quoted', text: quoted.replaceAll(/\\(["\\])/g, '$1'), ...place })
  else if (word !== undefined) pushWord(tokens, word, place.column)
  return at + whole.length
}

/** A minus before a field or a word negates; before a value it belongs to it. */
function pushWord(tokens: Token[], word: string, column: number): void {
  const negates = word.startsWith('-') && tokens.at(-1)?.type !== 'operator'
  if (negates) tokens.push({ type: 'minus', text: '-', column, end: column + 1 })
  const text = negates ? word.slice(1) : word
  if (text !== '') tokens.push({ type: 'word', text, column: negates ? column + 1 : column, end: column + word.length })
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}
