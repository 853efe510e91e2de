import { MalformedError } from '../scan/malformed.ts'

export type JsonObject = { readonly [name: string]: unknown }

/** Around a value of OTLP's greatest depth lie this many brackets; each deeper value adds at most four. */
const MAX_BRACKETS = 16 + 4 * 64
/** Objects cost far more memory than their text: a body may have this many values. */
const MAX_VALUES = 3_000_000
/** From this many digits on a number may not be exact as a double. */
const LONG_DIGITS = 16

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const MINUS = 0x2d

/**
 * Parses an OTLP/JSON body. Depth and number of values are bounded before anything is built; integers too long for a
 * double are kept as decimal strings. Throws `MalformedError`.
 */
export function parseOtlpJson(body: Buffer): JsonObject {
  const longNumbers = survey(body)
  let value: unknown
  try {
    value = JSON.parse(longNumbers.length === 0 ? body.toString('utf8') : quoted(body, longNumbers))
  } catch (error) {
    throw new MalformedError(`the body is not JSON: ${error instanceof Error ? error.message : String(error)}`, 'body')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new MalformedError('the body must be a JSON object', 'body')
  return value as JsonObject
}

/** One pass over the bytes: checks the bounds, and returns start and end of every long integer. */
function survey(body: Buffer): number[] {
  const longNumbers: number[] = []
  let depth = 0
  let values = 0
  for (let at = 0; at < body.length; at++) {
    const byte = body[at]!
    if (byte === QUOTE) at = stringEnd(body, at)
    else if (byte === 0x7b || byte === 0x5b) {
      values++
      if (++depth > MAX_BRACKETS) throw new MalformedError(`JSON is nested deeper than ${MAX_BRACKETS}`, 'body', 'intake_depth_hard')
    } else if (byte === 0x7d || byte === 0x5d) depth--
    else if (byte === COMMA) values++
    else if (byte === MINUS || isDigit(byte)) at = numberEnd(body, at, longNumbers) - 1
    if (values > MAX_VALUES) throw new MalformedError(`JSON has more than ${MAX_VALUES} values`, 'body')
  }
  return longNumbers
}

/** Index of the closing quote, or the length of the body. */
function stringEnd(body: Buffer, quote: number): number {
  let end = quote
  for (;;) {
    end = body.indexOf(QUOTE, end + 1)
    if (end < 0) return body.length
    let slashes = 0
    while (body[end - 1 - slashes] === BACKSLASH) slashes++
    if (slashes % 2 === 0) return end
  }
}

function numberEnd(body: Buffer, start: number, longNumbers: number[]): number {
  let end = start + 1
  while (end < body.length && isDigit(body[end]!)) end++
  const next = body[end]
  const isInteger = next !== 0x2e && next !== 0x65 && next !== 0x45
  if (isInteger && end - start >= LONG_DIGITS) longNumbers.push(start, end)
  while (end < body.length && isNumberByte(body[end]!)) end++
  return end
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isNumberByte(byte: number): boolean {
  return isDigit(byte) || byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b || byte === MINUS
}

function quoted(body: Buffer, longNumbers: readonly number[]): string {
  const pieces: string[] = []
  let from = 0
  for (let i = 0; i < longNumbers.length; i += 2) {
    const start = longNumbers[i]!
    const end = longNumbers[i + 1]!
    pieces.push(body.toString('utf8', from, start), '"', body.toString('latin1', start, end), '"')
    from = end
  }
  pieces.push(body.toString('utf8', from))
  return pieces.join('')
}
