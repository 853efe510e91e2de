import { beginsAt, byteAt, type Finder, isDigit, isHex, isLetter, isText, isWord, type Look, runEnd } from './look.ts'

const POINT = 0x2e
const COLON = 0x3a
const NINE = 0x39
const SLASH = 0x2f
const MINUS = 0x2d
const LONGEST = 45

/** Where four numbers up to 255 with points between them end; the first is from `at` to `end`. 0 for anything else, a version too. */
export function ipv4End(look: Look, at: number, end: number): number {
  if (byteAt(look, at - 1) === POINT) return 0
  const found = quadEnd(look, at, end)
  if (found === 0 || isWord(byteAt(look, found)) || (byteAt(look, found) === POINT && isDigit(byteAt(look, found + 1)))) return 0
  return isVersion(look, at, found) || isOwn(look, at, found) ? 0 : found
}

function quadEnd(look: Look, at: number, firstEnd: number): number {
  let from = at
  let end = firstEnd
  for (let part = 0; part < 4; part++) {
    if (part > 0) {
      if (byteAt(look, end) !== POINT) return 0
      from = end + 1
      end = runEnd(look, from, isDigit)
    }
    let value = 0
    for (let i = from; i < end && i < from + 4; i++) value = value * 10 + look.bytes[i]! - 0x30
    if (end === from || end - from > 3 || value > 255) return 0
  }
  return end
}

/** Chrome/120.0.0.0, lib-1.2.3.4.jar, version 1.2.3.4. An address after a name and a slash is followed by its port. */
function isVersion(look: Look, at: number, end: number): boolean {
  const before = byteAt(look, at - 1)
  if (before === SLASH && isLetter(byteAt(look, at - 2))) return !(byteAt(look, end) === COLON && isDigit(byteAt(look, end + 1)))
  if (before === MINUS && isLetter(byteAt(look, at - 2))) return true
  if (byteAt(look, end) === MINUS && isLetter(byteAt(look, end + 1))) return true
  let word = at - 1
  while (word > at - 5 && !isLetter(byteAt(look, word))) word--
  return isText(look, word - 6, 'version') || isText(look, word - 2, 'ver')
}

/** Loopback and "any": of this machine, nobody's. */
function isOwn(look: Look, at: number, end: number): boolean {
  return isText(look, at, '127.') || (end - at === 7 && isText(look, at, '0.0.0.0'))
}

/** IPv6, called at a colon: the first group lies before it. */
export const ipv6: Finder = (look, at) => {
  let start = at
  while (start > look.free && start > at - 5 && isHex(look.bytes[start - 1])) start--
  const plain = runEnd(look, at, isHexOrColon, LONGEST + 1)
  // Passed over as a whole, never to be read again.
  if (plain - at > LONGEST) return ~plain
  const quad = trailingQuad(look, start, plain)
  // A single colon behind an address is the sentence's.
  const end = quad > 0 ? quad : isLoneColon(look, plain - 1) ? plain - 1 : plain
  if (!isOpen(look, start, end) || !mayBeIpv6(look.bytes, start, end, quad > 0)) return ~(at + 1)
  const groupsEnd = quad > 0 ? beforeQuad(look.bytes, quad) : end
  if (!isIpv6(look.bytes, start, groupsEnd, quad > 0)) return ~(at + 1)
  look.start = start
  return end
}

function isHexOrColon(byte: number | undefined): boolean {
  return byte === COLON || isHex(byte)
}

function isLoneColon(look: Look, at: number): boolean {
  return byteAt(look, at) === COLON && byteAt(look, at - 1) !== COLON
}

/** A colon before it may be the sentence's, too. */
function isOpen(look: Look, start: number, end: number): boolean {
  if (isWord(byteAt(look, end))) return false
  return byteAt(look, start - 1) === COLON ? !isHexOrColon(byteAt(look, start - 2)) : beginsAt(look, start)
}

/** Where ::ffff:10.0.0.1 ends when the last group before `end` is the first number of an IPv4 address, else 0. */
function trailingQuad(look: Look, start: number, end: number): number {
  if (byteAt(look, end) !== POINT) return 0
  const first = look.bytes.lastIndexOf(COLON, end) + 1
  return first > start && runEnd(look, first, isDigit) === end ? quadEnd(look, first, end) : 0
}

/** Where the groups before a quad end; of `::` before it both colons are theirs. */
function beforeQuad(bytes: Uint8Array, quad: number): number {
  const colon = bytes.lastIndexOf(COLON, quad)
  return bytes[colon - 1] === COLON ? colon + 1 : colon
}

/** Seven colons, or two together: nearly all with colons in them, such as times, have neither. */
function mayBeIpv6(bytes: Uint8Array, start: number, end: number, withQuad: boolean): boolean {
  if (end - start > LONGEST) return false
  let colons = 0
  for (let at = start; at < end; at++) {
    if (bytes[at] !== COLON) continue
    if (bytes[at + 1] === COLON) return true
    colons++
  }
  return colons === (withQuad ? 6 : 7)
}

/**
 * Eight groups of one to four hexadecimal digits, or fewer and one `::`; a quad behind them counts as two. With less than two decimal
 * digits, or as `::1`, it is nobody's address (`std::deque`, loopback).
 */
function isIpv6(bytes: Uint8Array, start: number, end: number, withQuad: boolean): boolean {
  let groups = withQuad ? 2 : 0
  let digits = groups
  let length = 0
  let gapAt = -1
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte !== COLON) {
      if (length++ === 0) groups++
      if (length > 4) return false
      digits += byte <= NINE ? 1 : 0
      continue
    }
    if (at + 1 < end && bytes[at + 1] === COLON) {
      if (gapAt >= 0) return false
      gapAt = at++
    } else if (length === 0) return false
    length = 0
  }
  return digits >= 2 && isWhole(groups, gapAt >= 0)
}

function isWhole(groups: number, withGap: boolean): boolean {
  return withGap ? groups >= 2 && groups <= 7 : groups === 8
}
