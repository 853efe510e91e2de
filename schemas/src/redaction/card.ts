import { byteAt, endsAt, isDigit, type Look, runEnd } from './look.ts'

/** First and last prefix, digits of a prefix, and the lengths that its numbers have. */
type Issuer = readonly [first: number, last: number, digits: number, lengths: readonly number[]]
const ISSUERS: readonly Issuer[] = [
  [4, 4, 1, [13, 16]],
  [51, 55, 2, [16]],
  [2221, 2720, 4, [16]],
  [34, 34, 2, [15]],
  [37, 37, 2, [15]],
  [300, 305, 3, [14]],
  [36, 36, 2, [14]],
  [38, 39, 2, [14]],
  [3528, 3589, 4, [16]],
  [6011, 6011, 4, [16]],
  [644, 649, 3, [16]],
  [65, 65, 2, [16]],
  [62, 62, 2, [16, 17, 18, 19]],
  [9558, 9559, 4, [16, 19]],
  [2200, 2204, 4, [16]],
  [5018, 5038, 4, [16, 18, 19]],
  [6304, 6304, 4, [16, 18, 19]],
  [6759, 6763, 4, [16, 18, 19]],
]
const MIN_DIGITS = 13
const SPACE = 0x20
const MINUS = 0x2d
/** Digits by group, as they are printed on cards: lengths of the groups as one number → digits in all. */
const LAYOUTS: ReadonlyMap<number, number> = new Map([
  [44443, 19],
  [44442, 18],
  [4444, 16],
  [465, 15],
  [464, 14],
])
const MAX_GROUPS = 5
const MAX_GROUP = 6

/** Where a card number that is this whole run of digits ends: at `end`, or 0. */
export function cardEnd(bytes: Uint8Array, at: number, end: number): number {
  return end - at >= MIN_DIGITS && isCard(bytes, at, end, end - at) ? end : 0
}

/** The same for a number in groups, whose first group is from `at` to `end`; groups are parted by spaces, or by dashes. */
export function groupedCardEnd(look: Look, at: number, end: number): number {
  const separator = byteAt(look, end)
  if ((separator !== SPACE && separator !== MINUS) || isJoined(look, at - 1)) return 0
  let layout = 0
  let from = at
  let found = 0
  for (let group = 0; group < MAX_GROUPS; group++) {
    const groupEnd = runEnd(look, from, isDigit, MAX_GROUP + 1)
    if (groupEnd === from || groupEnd - from > MAX_GROUP) break
    layout = layout * 10 + groupEnd - from
    const isMore = byteAt(look, groupEnd) === separator && isDigit(byteAt(look, groupEnd + 1))
    if ((!isMore || separator === SPACE) && isGroupedCard(look, at, groupEnd, layout)) found = groupEnd
    if (!isMore) break
    from = groupEnd + 1
  }
  return found
}

function isJoined(look: Look, at: number): boolean {
  return byteAt(look, at) === MINUS && isDigit(byteAt(look, at - 1))
}

function isGroupedCard(look: Look, at: number, end: number, layout: number): boolean {
  const count = LAYOUTS.get(layout)
  return count !== undefined && endsAt(look, end) && isCard(look.bytes, at, end, count)
}

/** `count` digits between `at` and `end`, of which the first four, with which issuers are told, stand together. */
function isCard(bytes: Uint8Array, at: number, end: number, count: number): boolean {
  return luhn(bytes, at, end) && ISSUERS.some((issuer) => isOf(issuer, bytes, at, count))
}

function isOf([first, last, digits, lengths]: Issuer, bytes: Uint8Array, at: number, count: number): boolean {
  let prefix = 0
  for (let i = 0; i < digits; i++) prefix = prefix * 10 + bytes[at + i]! - 0x30
  return prefix >= first && prefix <= last && lengths.includes(count)
}

/** The check digit of ISO/IEC 7812. */
function luhn(bytes: Uint8Array, at: number, end: number): boolean {
  let sum = 0
  let isDoubled = false
  for (let place = end - 1; place >= at; place--) {
    const digit = bytes[place]! - 0x30
    if (digit < 0) continue
    const value = isDoubled ? digit * 2 : digit
    sum += value > 9 ? value - 9 : value
    isDoubled = !isDoubled
  }
  return sum % 10 === 0
}
