import { byteAt, type Finder, isAlphanumeric, isBase64, isText, type Look, runEnd } from './look.ts'

/** What a secret is called around the word "key", without the signs between words, and how long its value is. */
interface Named {
  before: string
  after: string
  min: number
  max: number
}

const NAMES: readonly Named[] = [
  // AWS secret_access_key, Aliyun AccessKeySecret, Tencent SecretKey, Azure AccountKey and SharedAccessKey.
  { before: 'secretaccess', after: '', min: 40, max: 40 },
  { before: 'access', after: 'secret', min: 30, max: 30 },
  { before: 'secret', after: '', min: 32, max: 64 },
  { before: 'account', after: '', min: 40, max: 120 },
  { before: 'sharedaccess', after: '', min: 40, max: 120 },
]
const MAX_SIGNS = 6
const PADDING = 0x3d

/** The value of a secret that can be told by its name alone, called at the k of "key". The name stays. */
export const namedKey: Finder = (look, at) => {
  if (!isText(look, at, 'key')) return ~(at + 1)
  for (const { before, after, min, max } of NAMES) {
    if (!endsWith(look, at, before)) continue
    const name = nameEnd(look, at + 3, after)
    if (name === 0) continue
    const start = valueStart(look, name)
    const end = runEnd(look, start, isBase64, max + 1)
    if (start === name || end - start < min || end - start > max) continue
    look.start = start
    return runEnd(look, end, (byte) => byte === PADDING)
  }
  return ~(at + 3)
}

function isJoint(byte: number | undefined): boolean {
  return byte === 0x5f || byte === 0x2d || byte === 0x20
}

/** Whether the word before `at` ends with this, signs between words left out. */
function endsWith(look: Look, at: number, word: string): boolean {
  let place = at - 1
  for (let i = word.length - 1; i >= 0; i--) {
    if (isJoint(byteAt(look, place))) place--
    if (!isText(look, place, word[i]!)) return false
    place--
  }
  return true
}

function nameEnd(look: Look, at: number, after: string): number {
  if (after === '') return at
  const from = isJoint(byteAt(look, at)) ? at + 1 : at
  return isText(look, from, after) ? from + after.length : 0
}

/** Behind an equals sign or colon with spaces, quotes and backslashes around it; `at` when there is none. */
function valueStart(look: Look, at: number): number {
  let start = at
  let isAssigned = false
  while (start < at + MAX_SIGNS && start < look.to && !isAlphanumeric(look.bytes[start]) && !isBase64(look.bytes[start])) {
    if (look.bytes[start] === 0x3d || look.bytes[start] === 0x3a) isAssigned = true
    start++
  }
  return isAssigned ? start : at
}
