const OTHER = 0
const HEX = 1
const PART = 2
/** What may stand between the name of a member or pair and its value: quotes, escaped ones too, blanks, `:`, `=` and brackets. */
const BETWEEN = 4

const KINDS = new Uint8Array(256).fill(OTHER)
for (const [signs, kind] of [
  ['0123456789abcdefABCDEF', HEX | PART],
  ['ghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ_', PART],
  [' \t"\'\\:=[(<', BETWEEN],
] as const)
  for (const sign of signs) KINDS[sign.charCodeAt(0)] = kind
/** Bytes of letters beyond ASCII. */
KINDS.fill(PART, 0x80)

/** No name is farther from its value. */
const MOST_BETWEEN = 8

export function isHex(byte: number): boolean {
  return (KINDS[byte]! & HEX) !== 0
}

/** Of a word: what stands beside an id must not be. */
export function isPart(byte: number): boolean {
  return (KINDS[byte]! & PART) !== 0
}

/** The start of a value whose name ends before `from`; −1 where nothing parts them. */
export function skipTo(bytes: Uint8Array, from: number, end: number): number {
  const most = Math.min(end, from + MOST_BETWEEN)
  let at = from
  while (at < most && (KINDS[bytes[at]!]! & BETWEEN) !== 0) at++
  return at > from && at < end ? at : -1
}
