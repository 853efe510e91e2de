/**
 * A text that is looked through, as bytes of UTF-8; units of anything else serve when what is not ASCII is 0x80 or more. Finders
 * read between `from` and `to`. What they find begins at `start`, which a finder may move before where it was called, but not
 * before `free`, where the last finding ended.
 */
export interface Look {
  bytes: Uint8Array
  from: number
  to: number
  free: number
  start: number
}

/** Called at a byte of its kind. Where the finding that begins at `look.start` ends, or ~place (negative): nothing, go on there. */
export type Finder = (look: Look, at: number) => number

const DIGIT = 1
const UPPER = 2
const LOWER = 4
const UNDERSCORE = 8
const MINUS = 16
const HEX = 32
const KINDS = kinds()

function kinds(): Uint8Array {
  const table = new Uint8Array(256)
  for (let byte = 0x30; byte <= 0x39; byte++) table[byte] = DIGIT | HEX
  for (let byte = 0x41; byte <= 0x5a; byte++) table[byte] = byte <= 0x46 ? UPPER | HEX : UPPER
  for (let byte = 0x61; byte <= 0x7a; byte++) table[byte] = byte <= 0x66 ? LOWER | HEX : LOWER
  table[0x5f] = UNDERSCORE
  table[0x2d] = MINUS
  return table
}

export const isDigit = (byte: number | undefined): boolean => is(byte, DIGIT)
export const isHex = (byte: number | undefined): boolean => is(byte, HEX)
export const isUpperOrDigit = (byte: number | undefined): boolean => is(byte, UPPER | DIGIT)
export const isLetter = (byte: number | undefined): boolean => is(byte, UPPER | LOWER)
export const isAlphanumeric = (byte: number | undefined): boolean => is(byte, UPPER | LOWER | DIGIT)
/** What words and identifiers of programs are made of. */
export const isWord = (byte: number | undefined): boolean => is(byte, UPPER | LOWER | DIGIT | UNDERSCORE)
export const isBase64Url = (byte: number | undefined): boolean => is(byte, UPPER | LOWER | DIGIT | UNDERSCORE | MINUS)
export const isBase64 = (byte: number | undefined): boolean => is(byte, UPPER | LOWER | DIGIT) || byte === 0x2b || byte === 0x2f

function is(byte: number | undefined, kind: number): boolean {
  return byte !== undefined && (KINDS[byte]! & kind) !== 0
}

/** The byte at a place, undefined outside of the text. */
export function byteAt({ bytes, from, to }: Look, at: number): number | undefined {
  return at >= from && at < to ? bytes[at] : undefined
}

/**
 * Where a run of bytes of a kind ends, or so many bytes on. Whoever may be called again inside of the run that he reads must say a
 * bound, or hostile text would be read over and over.
 */
export function runEnd(look: Look, at: number, member: (byte: number | undefined) => boolean, most = Number.POSITIVE_INFINITY): number {
  const last = Math.min(look.to, at + most)
  let end = at
  while (end < last && member(look.bytes[end])) end++
  return end
}

/** Whether the text at a place is this. ASCII; letters of `text` are lower case and stand for both. */
export function isText(look: Look, at: number, text: string): boolean {
  if (at < look.from || at + text.length > look.to) return false
  for (let i = 0; i < text.length; i++) {
    const byte = look.bytes[at + i]!
    if ((is(byte, UPPER) ? byte | 0x20 : byte) !== text.charCodeAt(i)) return false
  }
  return true
}

/** The same to the letter. */
export function isExactly(look: Look, at: number, text: string): boolean {
  if (at < look.from || at + text.length > look.to) return false
  for (let i = 0; i < text.length; i++) if (look.bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}

const BACKSLASH = 0x5c
const PERCENT = 0x25

/**
 * Whether something may begin here: no word goes on into it. The letter of an escape (`\n`, `%3D`) is no part of a word, for
 * many lines hold JSON and URLs.
 */
export function beginsAt(look: Look, at: number): boolean {
  if (!isWord(byteAt(look, at - 1))) return true
  return byteAt(look, at - 2) === BACKSLASH || (byteAt(look, at - 3) === PERCENT && isHex(byteAt(look, at - 2)) && isHex(byteAt(look, at - 1)))
}

export function endsAt(look: Look, end: number): boolean {
  return !isWord(byteAt(look, end))
}
