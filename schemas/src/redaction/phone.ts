import { beginsAt, byteAt, endsAt, type Finder, isDigit, type Look, runEnd } from './look.ts'

const ZERO = 0x30
const ONE = 0x31
const PLUS = 0x2b
const SPACE = 0x20
const MINUS = 0x2d
const POINT = 0x2e
const OPEN = 0x28
const CLOSE = 0x29

/** A Chinese mobile number that is this whole run of digits, with 86, 0086 or nothing before it. */
export function isPlainPhone(bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at
  if (length === 11) return isMobile(bytes, at)
  const country = length === 13 ? at : length === 15 && bytes[at] === ZERO && bytes[at + 1] === ZERO ? at + 2 : -1
  return country >= 0 && bytes[country] === 0x38 && bytes[country + 1] === 0x36 && isMobile(bytes, country + 2)
}

/** 130 to 199. */
function isMobile(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === ONE && bytes[at + 1]! >= 0x33
}

/**
 * A number written in groups without a plus, whose first group of digits is from `at` to `end`: 138 0013 8000 and 138-0013-8000,
 * 010-12345678 and (0755) 1234567, 415-555-2671 and (415) 555-2671. 0 when it is none.
 */
export function groupedPhoneEnd(look: Look, at: number, end: number): number {
  if (end >= look.to) return 0
  const separator = look.bytes[end]!
  if (separator === CLOSE) return byteAt(look, at - 1) === OPEN ? bracketedPhoneEnd(look, at, end) : 0
  if ((separator !== SPACE && !isPoint(separator)) || !isDigit(byteAt(look, end + 1))) return 0
  if (isInLongerRow(look, at)) return 0
  if (look.bytes[at] === ZERO) return separator === MINUS ? landlineEnd(look, at, end, end + 1) : 0
  if (end - at !== 3) return 0
  return isMobile(look.bytes, at) ? twoMore(look, end + 1, [4, 4], separator) : americanEnd(look, at, end + 1, separator)
}

/** Digits and a dash or point before it make it part of something else. */
function isInLongerRow(look: Look, at: number): boolean {
  return isPoint(byteAt(look, at - 1)) && isDigit(byteAt(look, at - 2)) && !isTrunkOne(look, at)
}

function bracketedPhoneEnd(look: Look, at: number, end: number): number {
  look.start = at - 1
  const next = byteAt(look, end + 1) === SPACE ? end + 2 : end + 1
  if (!isDigit(byteAt(look, next))) return 0
  if (look.bytes[at] === ZERO) return landlineEnd(look, at, end, next)
  return end - at === 3 ? americanEnd(look, at, next, MINUS) : 0
}

function isPoint(byte: number | undefined): boolean {
  return byte === MINUS || byte === POINT
}

/** A one before the area code, as in 1-415-555-2671, belongs to the number. */
function isTrunkOne(look: Look, at: number): boolean {
  if (byteAt(look, at - 2) !== ONE || !beginsAt(look, at - 2) || isPoint(byteAt(look, at - 3))) return false
  look.start = at - 2
  return true
}

function landlineEnd(look: Look, at: number, end: number, next: number): number {
  const second = look.bytes[at + 1]!
  const isArea = end - at === 3 ? second === ONE || second === 0x32 : second >= 0x33
  const numberEnd = runEnd(look, next, isDigit)
  const length = numberEnd - next
  return isArea && (length === 7 || length === 8) && isClosed(look, numberEnd) ? numberEnd : 0
}

/** Area code and exchange begin with 2 to 9. Spaces alone between three numbers say too little. */
function americanEnd(look: Look, at: number, next: number, separator: number): number {
  if (separator === SPACE || look.bytes[at]! < 0x32 || look.bytes[next]! < 0x32) return 0
  return twoMore(look, next, [3, 4], separator)
}

function twoMore(look: Look, at: number, lengths: readonly [number, number], separator: number): number {
  const middle = at + lengths[0]
  const end = middle + 1 + lengths[1]
  if (runEnd(look, at, isDigit) !== middle || byteAt(look, middle) !== separator) return 0
  return runEnd(look, middle + 1, isDigit) === end && isClosed(look, end) ? end : 0
}

function isClosed(look: Look, end: number): boolean {
  return endsAt(look, end) && !(isPoint(byteAt(look, end)) && isDigit(byteAt(look, end + 1)))
}

/** E.164: at most so many digits, country code included; shorter than the least is no subscriber's. */
const MAX_DIGITS = 15
const MIN_DIGITS = 9
/** With so many a number is whole, and digits after a space are something else. */
const WHOLE_DIGITS = 11

/** +86 138 0013 8000, +1 (415) 555-2671, +442079460958: called at the plus. */
export const internationalPhone: Finder = (look, at) => {
  const first = byteAt(look, at + 1) ?? 0
  if (first < ONE || first > 0x39 || !beginsAt(look, at) || byteAt(look, at - 1) === PLUS) return ~(at + 1)
  const number = readGroups(look, at + 1)
  const isOfPlan = first === ONE || first === 0x37 ? number.digits === WHOLE_DIGITS : number.digits >= MIN_DIGITS && number.digits <= MAX_DIGITS
  if (!isOfPlan || !isClosed(look, number.end)) return ~number.end
  look.start = at
  return number.end
}

function readGroups(look: Look, at: number): { end: number; digits: number } {
  let end = runEnd(look, at, isDigit)
  let digits = end - at
  while (digits < WHOLE_DIGITS) {
    const next = afterSeparator(look, end)
    if (!isDigit(byteAt(look, next))) break
    const groupEnd = runEnd(look, next, isDigit)
    if (digits + groupEnd - next > MAX_DIGITS) break
    digits += groupEnd - next
    end = groupEnd
  }
  return { end, digits }
}

/** One space, dash or point, or brackets around an area code with a space before or after them. */
function afterSeparator(look: Look, at: number): number {
  const byte = byteAt(look, at)
  if (byte === OPEN || byte === CLOSE) return byteAt(look, at + 1) === SPACE || byteAt(look, at + 1) === MINUS ? at + 2 : at + 1
  if (byte !== SPACE && !isPoint(byte)) return -1
  return byteAt(look, at + 1) === OPEN ? at + 2 : at + 1
}
