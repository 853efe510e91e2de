import type { StoredValue } from './contract-terms.ts'

/**
 * One attribute as one text, the form of `items` and `rest` in table `spans`. All of it is UTF-8; every special byte is ASCII, so the
 * same law holds on bytes.
 *
 *   pair    = key mark value
 *   mark    = `=` string · `#` number · `?` boolean · `:` everything else as JSON
 *   value   = string: its characters
 *             number: an integer in decimal (`-7`; all 64 bits), a double as JavaScript's `String(x)` (`0.1`, `1e+21`, `NaN`, `-Infinity`)
 *             boolean: `true` or `false`
 *             JSON: `null` for an empty value, an array, an object (kvlist), bytes as `{"$bytes":"<base64>"}`; integers beyond ±2^53
 *             and non-finite doubles inside are JSON strings
 *   escapes = ESCAPE before one digit, in keys and values: `0` ESCAPE itself, `1` SEPARATOR; in keys also `2` `=`, `3` `#`, `4` `?`, `5` `:`
 *
 * `items` is an array of pairs. `rest` is '' or SEPARATOR pair SEPARATOR pair … SEPARATOR: a pair always stands between two of them.
 * Order between `items` and `rest` is not kept; order inside each is.
 */
export const SEPARATOR = '\x1e'
export const ESCAPE = '\x1d'
export const STRING_MARK = '='
export const NUMBER_MARK = '#'
export const BOOLEAN_MARK = '?'
export const JSON_MARK = ':'
/** Character at index n is written as ESCAPE and the digit n; values escape the first `ESCAPED_IN_VALUES` of them. */
export const ESCAPED = `${ESCAPE}${SEPARATOR}${STRING_MARK}${NUMBER_MARK}${BOOLEAN_MARK}${JSON_MARK}`
export const ESCAPED_IN_VALUES = 2

const KEY_ESCAPES = new RegExp(`[${ESCAPED}]`, 'g')
const VALUE_ESCAPES = new RegExp(`[${ESCAPE}${SEPARATOR}]`, 'g')
const ESCAPED_PAIR = new RegExp(`${ESCAPE}([0-5])`, 'g')
const MARK = /[=#?:]/

export function encodeAttribute(key: string, value: StoredValue): string {
  const name = escape(key, KEY_ESCAPES)
  switch (typeof value) {
    case 'string':
      return `${name}${STRING_MARK}${escape(value, VALUE_ESCAPES)}`
    case 'number':
      return `${name}${NUMBER_MARK}${value}`
    case 'boolean':
      return `${name}${BOOLEAN_MARK}${value}`
    default:
      return `${name}${JSON_MARK}${escape(JSON.stringify(value), VALUE_ESCAPES)}`
  }
}

/** An integer beyond ±2^53 is given as its decimal text, bytes as their base64, a pair without a mark as a string attribute without value. */
export function decodeAttribute(pair: string): [key: string, value: StoredValue] {
  const at = pair.search(MARK)
  if (at < 0) return [unescape(pair), '']
  const key = unescape(pair.slice(0, at))
  const text = unescape(pair.slice(at + 1))
  switch (pair[at]) {
    case NUMBER_MARK:
      return [key, decodeNumber(text)]
    case BOOLEAN_MARK:
      return [key, text === 'true']
    case JSON_MARK:
      return [key, decodeJson(text)]
    default:
      return [key, text]
  }
}

export function encodeRest(pairs: readonly string[]): string {
  return pairs.length === 0 ? '' : `${SEPARATOR}${pairs.join(SEPARATOR)}${SEPARATOR}`
}

export function decodeRest(rest: string): string[] {
  return rest.split(SEPARATOR).filter((pair) => pair !== '')
}

/** The pairs a search for `key=value` means: the string, and the number and the boolean when the text is one. */
export function searchedPairs(key: string, value: string): string[] {
  const pairs = [encodeAttribute(key, value)]
  const name = escape(key, KEY_ESCAPES)
  if (/^-?\d{1,19}$/.test(value)) pairs.push(`${name}${NUMBER_MARK}${BigInt(value)}`)
  else if (value.trim() !== '' && !Number.isNaN(Number(value))) pairs.push(`${name}${NUMBER_MARK}${Number(value)}`)
  else if (value === 'NaN') pairs.push(`${name}${NUMBER_MARK}NaN`)
  if (value === 'true' || value === 'false') pairs.push(`${name}${BOOLEAN_MARK}${value}`)
  return pairs
}

/** The pairs whose value, as a text, is exactly this one. */
export function exactPairs(key: string, value: string): string[] {
  const pairs = [encodeAttribute(key, value)]
  const name = escape(key, KEY_ESCAPES)
  if (/^(?:0|-?[1-9]\d{0,18})$/.test(value) || (value.trim() !== '' && String(Number(value)) === value)) pairs.push(`${name}${NUMBER_MARK}${value}`)
  if (value === 'true' || value === 'false') pairs.push(`${name}${BOOLEAN_MARK}${value}`)
  return pairs
}

function escape(text: string, which: RegExp): string {
  return text.replace(which, (character) => `${ESCAPE}${ESCAPED.indexOf(character)}`)
}

function unescape(text: string): string {
  return text.includes(ESCAPE) ? text.replace(ESCAPED_PAIR, (_, digit: string) => ESCAPED[Number(digit)] ?? '') : text
}

function decodeNumber(text: string): StoredValue {
  const value = Number(text)
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? text : value
}

function decodeJson(text: string): StoredValue {
  try {
    return JSON.parse(text, (_, value: unknown) => bytesText(value) ?? value) as StoredValue
  } catch {
    return text
  }
}

function bytesText(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && '$bytes' in value && typeof value.$bytes === 'string' ? value.$bytes : undefined
}
