/**
 * A line cut into words. Words are runs between blanks, quotes, brackets and `= , ; : |`; a comma or colon between two digits stays inside (`12:30:05`).
 * Chinese, Japanese and Korean text ends a word of other letters and begins one. A word with a digit in it, a very long one and `<*>` itself are
 * variable: their hash is `VARIABLE`. Only the first line of a body counts, and at most `MAX_TOKENS` words of its first `MAX_TEMPLATE_BYTES` bytes.
 *
 * Law: the text of a template, with `<*>` for what varies, is cut into the same words as the lines it came from.
 */
export interface Tokens {
  count: number
  /** Where what was looked at ends. */
  end: number
  readonly hashes: Int32Array
  readonly starts: Int32Array
  readonly ends: Int32Array
}

export const VARIABLE = 0
export const MAX_TOKENS = 64
export const MAX_TEMPLATE_BYTES = 512
const LONG_WORD_BYTES = 80

const WORD = 0
const BLANK = 1
const DIGIT = 2
/** Ends a word unless digits stand on both sides. */
const SOFT = 3
const NEW_LINE = 4
const WIDE = 5
const FOLLOWING = 6
/** `<`, which may begin a mark. */
const OPEN = 7
const CLASS = classes()

function classes(): Uint8Array {
  const table = new Uint8Array(256)
  for (const char of ' \t\r\0="\'`;()[]{}|') table[char.charCodeAt(0)] = BLANK
  for (const char of ',:') table[char.charCodeAt(0)] = SOFT
  for (let digit = 0x30; digit <= 0x39; digit++) table[digit] = DIGIT
  table[0x0a] = NEW_LINE
  table[0x3c] = OPEN
  for (let byte = 0x80; byte < 0xc0; byte++) table[byte] = FOLLOWING
  for (let byte = 0xe3; byte <= 0xed; byte++) table[byte] = WIDE
  return table
}

export function createTokens(): Tokens {
  return { count: 0, end: 0, hashes: new Int32Array(MAX_TOKENS), starts: new Int32Array(MAX_TOKENS), ends: new Int32Array(MAX_TOKENS) }
}

/** Cuts `bytes[start, end)` into `out`, whose places are relative to `bytes`. */
export function cutTokens(bytes: Uint8Array, start: number, end: number, out: Tokens): void {
  cutText(bytes, start, wholeCharacters(bytes, start, Math.min(end, start + MAX_TEMPLATE_BYTES), end), out)
}

/** The same without a limit of bytes: a mark is longer than the digit it stands for. */
export function cutText(bytes: Uint8Array, start: number, last: number, out: Tokens): void {
  out.count = 0
  let at = start
  while (at < last && out.count < MAX_TOKENS) {
    const kind = CLASS[bytes[at]!]
    if (kind === NEW_LINE) {
      if (out.count > 0) break
      at++
    } else if (kind === BLANK || kind === SOFT) at++
    else if (kind === OPEN && isMark(bytes, at, last)) at = push(out, VARIABLE, at, at + 3)
    else at = kind === WIDE ? wideWord(bytes, at, last, out) : plainWord(bytes, at, last, out)
  }
  out.end = at
}

/** `last`, or a few bytes before it where it would part a character. */
function wholeCharacters(bytes: Uint8Array, start: number, last: number, end: number): number {
  if (last === end) return last
  let at = last
  while (at > start && CLASS[bytes[at]!] === FOLLOWING) at--
  return at
}

/** `<*>` */
function isMark(bytes: Uint8Array, at: number, last: number): boolean {
  return bytes[at] === 0x3c && at + 2 < last && bytes[at + 1] === 0x2a && bytes[at + 2] === 0x3e
}

function wideWord(bytes: Uint8Array, start: number, last: number, out: Tokens): number {
  let hash = 0x811c9dc5
  let at = start
  for (; at < last; at++) {
    const kind = CLASS[bytes[at]!]
    if (kind !== WIDE && kind !== FOLLOWING) break
    hash = Math.imul(hash ^ bytes[at]!, 0x01000193)
  }
  return push(out, literal(hash), start, at)
}

/** Its hash is worked out up to the first digit: behind one it varies, whatever it is. */
function plainWord(bytes: Uint8Array, start: number, last: number, out: Tokens): number {
  let hash = 0x811c9dc5
  let at = start
  for (; at < last; at++) {
    const byte = bytes[at]!
    const kind = CLASS[byte]!
    if (kind !== WORD && kind !== FOLLOWING) {
      if (kind === DIGIT) return push(out, VARIABLE, start, wordEnd(bytes, at + 1, last))
      if (kind !== OPEN || isMark(bytes, at, last)) break
    }
    hash = Math.imul(hash ^ byte, 0x01000193)
  }
  return push(out, at - start > LONG_WORD_BYTES ? VARIABLE : literal(hash), start, at)
}

/** Where the word that has a digit before `from` ends. */
function wordEnd(bytes: Uint8Array, from: number, last: number): number {
  let at = from
  for (; at < last; at++) {
    const kind = CLASS[bytes[at]!]!
    if (kind === WORD || kind === DIGIT || kind === FOLLOWING) continue
    if (kind === SOFT ? !betweenDigits(bytes, at, last) : kind !== OPEN || isMark(bytes, at, last)) break
  }
  return at
}

function betweenDigits(bytes: Uint8Array, at: number, last: number): boolean {
  return at + 1 < last && CLASS[bytes[at - 1]!] === DIGIT && CLASS[bytes[at + 1]!] === DIGIT
}

function literal(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return mixed ^ (mixed >>> 13) || 1
}

function push(out: Tokens, hash: number, start: number, end: number): number {
  out.hashes[out.count] = hash
  out.starts[out.count] = start
  out.ends[out.count] = end
  out.count++
  return end
}
