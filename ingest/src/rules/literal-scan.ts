/** Looks for many short texts in one pass. What it finds is at least all there is: letters of ASCII are alike in either case. */
export interface LiteralScan {
  /** Sets the bits of the texts that stand in a range of bytes; the others are 0. */
  scan(bytes: Uint8Array, start: number, end: number, found: Uint32Array): void
  /** Words of 32 bits that `found` needs. */
  words: number
}

interface Literal {
  bytes: Uint8Array
  /** Where its pair begins. */
  pairAt: number
  bit: number
}

/** How often bytes are in logs, roughly: of a text, the rarest pair is looked for. */
const FREQUENT = ' etaoinsrldcupmhg10-:."/=_,2bfyvw'

/** `texts`: bit i is for text i. A text of less than two bytes is not looked for, and its bit is always set. */
export function createLiteralScan(texts: readonly string[]): LiteralScan {
  const fold = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte))
  const words = Math.max(1, Math.ceil(texts.length / 32))
  const always = new Uint32Array(words)
  /** Folded pair → group + 1, 0 = begins nothing. */
  const table = new Uint8Array(65_536)
  const groups: Literal[][] = []
  for (const [bit, text] of texts.entries()) {
    const bytes = Uint8Array.from(Buffer.from(text), (byte) => fold[byte]!)
    if (bytes.length < 2) {
      always[bit >>> 5]! |= 1 << (bit & 31)
      continue
    }
    const pairAt = rarestPair(bytes)
    const pair = (bytes[pairAt]! << 8) | bytes[pairAt + 1]!
    if (table[pair] === 0) {
      // More than 255 pairs share the last group: it is looked at more often, and finds the same.
      if (groups.length < 255) groups.push([])
      table[pair] = groups.length
    }
    groups[table[pair]! - 1]!.push({ bytes, pairAt, bit })
  }
  return {
    words,
    scan(bytes, start, end, found) {
      found.set(always)
      let before = end > start ? fold[bytes[start]!]! : 0
      for (let at = start + 1; at < end; at++) {
        const byte = fold[bytes[at]!]!
        const group = table[(before << 8) | byte]!
        before = byte
        if (group === 0) continue
        for (const literal of groups[group - 1]!) {
          const from = at - 1 - literal.pairAt
          if (!standsAt(bytes, fold, literal.bytes, { from, start, end })) continue
          found[literal.bit >>> 5]! |= 1 << (literal.bit & 31)
        }
      }
    },
  }
}

function rarestPair(bytes: Uint8Array): number {
  let best = 0
  let bestScore = -1
  for (let at = 0; at + 1 < bytes.length; at++) {
    const score = rarity(bytes[at]!) + rarity(bytes[at + 1]!)
    if (score <= bestScore) continue
    best = at
    bestScore = score
  }
  return best
}

function rarity(byte: number): number {
  const place = FREQUENT.indexOf(String.fromCharCode(byte))
  return place < 0 ? FREQUENT.length : place
}

function standsAt(bytes: Uint8Array, fold: Uint8Array, literal: Uint8Array, { from, start, end }: { from: number; start: number; end: number }): boolean {
  if (from < start || from + literal.length > end) return false
  for (let i = 0; i < literal.length; i++) if (fold[bytes[from + i]!] !== literal[i]) return false
  return true
}
