/** A line is looked at in pieces: what stands between blanks, brackets, quotes, bars and commas. Escape sequences of terminals are blanks. */
export interface Piece {
  bytes: Uint8Array
  /** What comes next, and where looking ends. */
  at: number
  end: number
  /** Its bytes by kind. */
  counts: Int32Array
  /** The piece, without a colon at its end. */
  from: number
  to: number
  letters: number
  capitals: number
  digits: number
  colons: number
  /** Signs but for a colon at its end. */
  others: number
  /** Where its first `=` stands, −1 for none. */
  equals: number
  /** A colon is its end. */
  colon: boolean
  /** The last sign in the gap before it, 0 for blanks alone, and whether a bracket closed there. */
  opened: number
  closed: boolean
  /** Brackets that are open. */
  depth: number
  /** Where an object may begin in that gap, −1 for nowhere. */
  object: number
}

/** What bytes of pieces are, and what bytes of gaps are. */
const OTHER = 0
const LETTER = 1
const CAPITAL = 2
const DIGIT = 3
const COLON_KIND = 4
const EQUALS_KIND = 5
const BLANK = 6
const OPENER = 7
const CLOSER = 8
const SIGN = 9
const ESCAPE = 0x1b
const COLON = 0x3a
const EQUALS = 0x3d
const QUOTE = 0x22
/** Longer escape sequences are none. */
const LONGEST_ESCAPE = 20

const KINDS = kinds()

function kinds(): Uint8Array {
  const table = new Uint8Array(256)
  for (let byte = 0; byte <= 0x20; byte++) table[byte] = BLANK
  for (const char of '[({<') table[char.charCodeAt(0)] = OPENER
  for (const char of '])}>') table[char.charCodeAt(0)] = CLOSER
  for (const char of '|,;') table[char.charCodeAt(0)] = SIGN
  table[QUOTE] = SIGN
  table[COLON] = COLON_KIND
  table[EQUALS] = EQUALS_KIND
  for (let byte = 0x61; byte <= 0x7a; byte++) table[byte] = LETTER
  for (let byte = 0x80; byte <= 0xff; byte++) table[byte] = LETTER
  for (let byte = 0x41; byte <= 0x5a; byte++) table[byte] = CAPITAL
  for (let byte = 0x30; byte <= 0x39; byte++) table[byte] = DIGIT
  return table
}

export function createPiece(): Piece {
  return {
    bytes: new Uint8Array(0),
    at: 0,
    end: 0,
    counts: new Int32Array(BLANK),
    from: 0,
    to: 0,
    letters: 0,
    capitals: 0,
    digits: 0,
    colons: 0,
    others: 0,
    equals: -1,
    colon: false,
    opened: 0,
    closed: false,
    depth: 0,
    object: -1,
  }
}

/** Goes on to what is no gap: a piece or a quote. */
export function readGap(piece: Piece): void {
  const { bytes, end } = piece
  piece.opened = 0
  piece.closed = false
  piece.object = -1
  while (piece.at < end) {
    const byte = bytes[piece.at]!
    const kind = KINDS[byte]!
    if (kind < BLANK || byte === QUOTE) return
    if (byte === ESCAPE) {
      piece.at = behindEscape(bytes, piece.at, end)
      continue
    }
    if (kind === OPENER) piece.depth++
    else if (kind === CLOSER) {
      piece.depth = Math.max(0, piece.depth - 1)
      // ( ) are of sentences as well
      if (byte !== 0x29) piece.closed = true
    }
    if (kind !== BLANK) piece.opened = byte
    if (byte === 0x7b) piece.object = piece.at
    piece.at++
  }
}

/** Behind an escape sequence as `ESC [ 3 2 m`. */
export function behindEscape(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 1
  if (bytes[at] !== 0x5b) return at
  const last = Math.min(end, start + LONGEST_ESCAPE)
  for (at++; at < last; at++) if (bytes[at]! >= 0x40 && bytes[at]! <= 0x7e) break
  return at + 1
}

/** Reads the piece that begins here. */
export function classify(piece: Piece): void {
  const { bytes, end, counts } = piece
  for (let kind = 0; kind < BLANK; kind++) counts[kind] = 0
  let at = piece.at
  for (; at < end; at++) {
    const kind = KINDS[bytes[at]!]!
    if (kind >= BLANK) break
    counts[kind]!++
  }
  piece.from = piece.at
  piece.at = at
  piece.colon = bytes[at - 1] === COLON && at > piece.from + 1
  piece.to = piece.colon ? at - 1 : at
  piece.capitals = counts[CAPITAL]!
  piece.letters = counts[LETTER]! + piece.capitals
  piece.digits = counts[DIGIT]!
  piece.colons = counts[COLON_KIND]! - (piece.colon ? 1 : 0)
  piece.others = counts[OTHER]! + counts[EQUALS_KIND]! + piece.colons
  piece.equals = counts[EQUALS_KIND] === 0 ? -1 : bytes.indexOf(EQUALS, piece.from)
  if (!piece.colon && at < end && bytes[at] === ESCAPE) colonBehindEscape(piece)
}

/** A level may have its own colour, and the colon behind it none. */
function colonBehindEscape(piece: Piece): void {
  const { bytes, end } = piece
  let at = piece.at
  while (at < end && bytes[at] === ESCAPE) at = behindEscape(bytes, at, end)
  if (at >= end || bytes[at] !== COLON) return
  piece.colon = true
  piece.at = at + 1
}

/** Where the piece begins, at `first` or behind, that ends before `at`. */
export function keyStart(bytes: Uint8Array, first: number, at: number): number {
  let start = at
  while (start > first && KINDS[bytes[start - 1]!]! < BLANK) start--
  return start
}
