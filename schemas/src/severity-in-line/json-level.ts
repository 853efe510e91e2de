import { MAX_SEVERITY } from '../severity.ts'
import { isLevelKey, isNumberKey, levelValue } from './level-words.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const COMMA = 0x2c
const OPEN = 0x7b
const CLOSE = 0x7d
const LOG = 0x676f6c

interface Reading {
  bytes: Uint8Array
  at: number
  end: number
}

/** The severity that a member of the JSON object at `start` says (`"level":"error"`, pino's `"level":50`, `"log":{"level":…}`); 0 for none, −1 for no object. */
export function jsonLevel(bytes: Uint8Array, start: number, end: number): number {
  const read: Reading = { bytes, at: start + 1, end }
  skipBlank(read)
  if (bytes[read.at] !== QUOTE) return bytes[read.at] === CLOSE && read.at < end ? 0 : -1
  while (read.at < end && bytes[read.at] === QUOTE) {
    const found = member(read)
    if (found !== 0) return Math.max(0, found)
    skipBlank(read)
    if (bytes[read.at] !== COMMA) return 0
    read.at++
    skipBlank(read)
  }
  return 0
}

/** Severity of the member that begins here, 0 for none, −1 where this is no JSON any more. */
function member(read: Reading): number {
  const { bytes } = read
  const keyFrom = read.at + 1
  const keyTo = skipString(read)
  skipBlank(read)
  if (read.at >= read.end || bytes[read.at] !== COLON) return -1
  read.at++
  skipBlank(read)
  const from = read.at
  const first = bytes[from]
  if (first === QUOTE) {
    const to = skipString(read)
    return read.at <= read.end && isLevelKey(bytes, keyFrom, keyTo) ? levelValue(bytes, from + 1, to) : 0
  }
  if (first === OPEN || first === 0x5b) {
    const inner = first === OPEN && isLog(bytes, keyFrom, keyTo) ? Math.max(0, jsonLevel(bytes, from, read.end)) : 0
    skipNested(read)
    return inner
  }
  skipScalar(read)
  if (isLevelKey(bytes, keyFrom, keyTo)) return levelValue(bytes, from, read.at)
  return isNumberKey(bytes, keyFrom, keyTo) ? severityNumber(bytes, from, read.at) : 0
}

function isLog(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from === 3 && (bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16)) === LOG
}

function severityNumber(bytes: Uint8Array, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at++) {
    const digit = bytes[at]! - 0x30
    if (digit < 0 || digit > 9 || number > MAX_SEVERITY) return 0
    number = number * 10 + digit
  }
  return number > MAX_SEVERITY ? 0 : number
}

function skipBlank(read: Reading): void {
  while (read.at < read.end && read.bytes[read.at]! <= 0x20) read.at++
}

/** Behind the string that begins here; answers where its text ends. */
function skipString(read: Reading): number {
  const { bytes, end } = read
  let at = read.at + 1
  while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  read.at = at + 1
  return Math.min(at, end)
}

function skipNested(read: Reading): void {
  const { bytes, end } = read
  let depth = 0
  while (read.at < end) {
    const byte = bytes[read.at]!
    if (byte === QUOTE) {
      skipString(read)
      continue
    }
    read.at++
    if (byte === OPEN || byte === 0x5b) depth++
    else if ((byte === CLOSE || byte === 0x5d) && --depth === 0) return
  }
}

function skipScalar(read: Reading): void {
  const { bytes, end } = read
  while (read.at < end && bytes[read.at]! > 0x20 && bytes[read.at] !== COMMA && bytes[read.at] !== CLOSE) read.at++
}
