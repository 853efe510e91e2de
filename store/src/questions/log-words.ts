import { lowerAscii } from '@skein/schemas/filter/body-text'
import { IGNORE_CASE } from '@skein/schemas/filter/tokens'
import { literalOf } from '@skein/schemas/rules/regex-literal'
import { every, sql, text, texts } from '../sql/fragment.ts'
import type { Fragment } from '../sql/terms.ts'
import { askedRegex, quoteRegex } from './regex-text.ts'

/** What the index of words is of; its tokenizer would take these characters as parts of a word. */
const WORDS = sql`translate(lower(body), '_.:\\'', '    ')`
const BODY = sql`lower(body)`
/** Tokens one condition asks the index for: more make it no narrower. */
const MOST_TOKENS = 12
const TOKENS = /[a-z0-9]+|[^ -~]/gu
const LETTER = /^(?:[a-z0-9]+|\p{L})$/u
const WORD_EDGE = /[a-z0-9]/
/** What has other forms than its ASCII capital without regard to case: `K` (the sign of kelvin), `ſ`, and whatever is no ASCII but letters of scripts without case. */
const FOLDED = /[ks]|(?![\0-\x7f]|\p{Lo})./su
const PIECE_BYTES = 3

/** Tokens of the index that stand in every text that has a phrase as whole words: runs of ASCII letters and digits, and every other letter by itself. */
export function tokensIn(phrase: string): string[] {
  return asked(lowerAscii(phrase).match(TOKENS) ?? [])
}

function asked(tokens: readonly string[]): string[] {
  return [...new Set(tokens)].filter((token) => LETTER.test(token)).slice(0, MOST_TOKENS)
}

/** The body has a phrase as whole words, with the meaning of `hasPhrase`. */
export function bodyHas(phrase: string): Fragment {
  const wanted = lowerAscii(phrase)
  const tokens = tokensIn(wanted)
  const indexed = sql`hasAllTokens(${WORDS}, ${texts(tokens)})`
  if (tokens[0] === wanted && /^[a-z0-9]+$/.test(wanted)) return indexed
  const exact = WORD_EDGE.test(`${wanted.at(0)}${wanted.at(-1)}`) ? matches(bounded(wanted)) : contains(wanted)
  return tokens.length === 0 ? exact : every([indexed, exact])
}

/** The body has the words of a pattern, with the meaning of `likeWords`. */
export function bodyLike(pattern: string): Fragment {
  const wanted = lowerAscii(pattern)
  const parts = wanted.split('*').filter((part) => part !== '')
  const isSubstring = parts.length === 1 && wanted.startsWith('*') && wanted.endsWith('*')
  const whole = wholeTokens(wanted)
  return every([
    ...(whole.length === 0 ? [] : [sql`hasAllTokens(${WORDS}, ${texts(whole)})`]),
    contains(longestOf(parts)),
    ...(isSubstring ? [] : [matches(bounded(wanted))]),
  ])
}

/** Tokens that stand whole in every text that has a pattern: letters that are tokens by themselves, and runs that do not touch a `*`. */
export function wholeTokens(pattern: string): string[] {
  const isWhole = (token: string, at: number): boolean => !WORD_EDGE.test(token) || (pattern[at - 1] !== '*' && pattern[at + token.length] !== '*')
  return asked([...pattern.matchAll(TOKENS)].flatMap(({ 0: token, index }) => (isWhole(token, index) ? [token] : [])))
}

/** There is a body, and it matches an expression. What every match must hold is looked for first: the indexes know it, and no expression. */
export function bodyMatches(expression: string): Fragment {
  const literal = literalIn(expression)
  return every([literal === '' ? sql`body != ''` : contains(literal), sql`match(body, ${text(askedRegex(expression))})`])
}

/** A text of at least one piece of the indexes that stands in every lower-cased body that an expression matches; '' when none is known. */
export function literalIn(expression: string): string {
  const folds = expression.startsWith(IGNORE_CASE)
  const literal = lowerAscii(literalOf(folds ? expression.slice(IGNORE_CASE.length) : expression))
  const longest = longestOf(folds ? literal.split(FOLDED) : [literal])
  return Buffer.byteLength(longest) < PIECE_BYTES ? '' : longest
}

function longestOf(parts: readonly string[]): string {
  return parts.reduce((most, part) => (part.length > most.length ? part : most), '')
}

/** By LIKE, which alone asks the indexes of pieces of words. */
function contains(part: string): Fragment {
  return sql`${BODY} LIKE ${text(`%${part.replaceAll(/[\\%_]/g, '\\$&')}%`)}`
}

function matches(pattern: string): Fragment {
  return sql`match(${BODY}, ${text(pattern)})`
}

/** An ASCII letter or digit at an end has none beside it. */
function bounded(pattern: string): string {
  const before = WORD_EDGE.test(pattern.at(0) ?? '') ? '(?:^|[^a-z0-9])' : ''
  const after = WORD_EDGE.test(pattern.at(-1) ?? '') ? '(?:[^a-z0-9]|$)' : ''
  return `(?s)${before}${pattern.split('*').map(quoteRegex).join('.*')}${after}`
}
