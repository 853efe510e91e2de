import { klogLevel, priorityLevel } from './first-bytes.ts'
import { jsonLevel } from './json-level.ts'
import { isLevelKey, levelValue, levelWord, type LevelWord, Trust } from './level-words.ts'
import { behindEscape, classify, createPiece, keyStart, type Piece, readGap } from './piece.ts'

/** What stands before a piece. `closed`: a bracket or sign; `program`: `gcc:`; `name`: `app-7`, `a.b.C`; `word`: one of letters alone, or a number. */
const Before = { start: 0, time: 1, closed: 2, program: 3, name: 4, word: 5 } as const
type Before = (typeof Before)[keyof typeof Before]

interface Head extends Piece {
  before: Before
  /** A time of day came before. */
  timed: boolean
  /** Words of letters alone so far, outside brackets: a second one begins a sentence, in which no level stands. */
  words: number
  /** The last word was in small letters. */
  small: boolean
  /** `key=value` so far. */
  pairs: number
}

const MOST_WORDS = 1
/** A number of so many digits, or with a colon inside, is a time: a date, or seconds since 1970. */
const TIME_DIGITS = 6
const QUOTE = 0x22
const COLON = 0x3a
const EQUALS = 0x3d
const POINT = 0x2e
const SLASH = 0x2f
const BAR = 0x7c
const BRACKET = 0x5b
const BRACKET_END = 0x5d
const ANGLE = 0x3c
const ANGLE_END = 0x3e
const SPACE = 0x20
const TAB = 0x09
const ESCAPE = 0x1b

export type TextLevel = (bytes: Uint8Array, start: number, until: { end: number; isWhole: boolean }) => number

/** The first level in the head of a line that is no JSON. */
export function createTextLevel(): TextLevel {
  const head: Head = { ...createPiece(), before: Before.start, timed: false, words: 0, small: false, pairs: 0 }
  return (bytes, start, { end, isWhole }) => {
    const said = priorityLevel(bytes, start, end) || klogLevel(bytes, start, end)
    if (said > 0) return said
    begin(head, bytes, start, end)
    return readHead(head, isWhole)
  }
}

function begin(head: Head, bytes: Uint8Array, start: number, end: number): void {
  head.bytes = bytes
  head.at = start
  head.end = end
  head.depth = 0
  head.before = Before.start
  head.timed = false
  head.words = 0
  head.small = false
  head.pairs = 0
}

function readHead(head: Head, isWhole: boolean): number {
  while (nextPiece(head)) {
    const inner = head.object < 0 || head.depth > 1 ? 0 : jsonLevel(head.bytes, head.object, head.end)
    if (inner > 0) return inner
    if (head.opened === BAR || head.closed) head.before = Before.closed
    if (skipQuoted(head)) continue
    classify(head)
    if (head.at >= head.end && !isWhole) return 0
    const found = levelOfPiece(head)
    if (found > 0) return found
    if (head.words > MOST_WORDS) return levelOfPairs(head)
  }
  return 0
}

function nextPiece(head: Head): boolean {
  readGap(head)
  return head.at < head.end
}

/** Takes the piece into account; answers the level that it says, 0 for none. */
function levelOfPiece(head: Head): number {
  if (head.equals >= 0) return pair(head)
  if (head.digits > 0 && head.letters > 0 && head.colon) {
    const numbered = numberedLevel(head)
    if (numbered > 0) return numbered
  }
  if (head.digits > 0) return passNumber(head)
  if (head.letters === 0) {
    head.before = Before.closed
    return 0
  }
  return head.others === 0 ? word(head) : compound(head)
}

function passNumber(head: Head): number {
  const { bytes, from } = head
  const isNumber = bytes[from]! >= 0x30 && bytes[from]! <= 0x39
  if (!isNumber) head.before = head.colon ? Before.closed : Before.name
  else if (head.colons > 0 || head.digits >= TIME_DIGITS) {
    head.timed = true
    head.before = Before.time
  } else if (!head.timed || head.before === Before.word) {
    head.before = Before.word
    head.small = false
  }
  return 0
}

/** `DEBUG1:` of PostgreSQL. */
function numberedLevel({ bytes, from, to, digits, capitals, letters }: Head): number {
  if (digits !== 1 || capitals !== letters || letters !== to - from - 1) return 0
  return levelWord(bytes, from, to - 1)?.severity ?? 0
}

/** `level=error`, `level="error"`, where pairs stand side by side or before any word. */
function pair(head: Head): number {
  const { bytes, equals } = head
  head.pairs++
  head.before = Before.name
  if (!isLevelKey(bytes, head.from, equals) || (head.words > 0 && head.pairs === 1)) return 0
  if (equals + 1 < head.to || byteAt(head, head.to) !== QUOTE) return levelValue(bytes, equals + 1, head.to)
  const from = head.to + 1
  const length = bytes.subarray(from, head.end).indexOf(QUOTE)
  return length < 0 ? 0 : levelValue(bytes, from, from + length)
}

/** Letters alone, or with a colon behind them. */
function word(head: Head): number {
  const { bytes, from, to, colon, capitals, letters } = head
  const known = levelWord(bytes, from, to)
  const loud = capitals === letters
  if (known !== undefined && known.trust === Trust.neutral) return 0
  if (known !== undefined && isLevel(head, known, loud)) return known.severity
  if (colon) return passProgram(head)
  if (byteAt(head, to) === BRACKET) head.before = Before.name
  else passWord(head)
  return 0
}

/** `gcc:` `java.lang.Error:` */
function passProgram(head: Head): number {
  head.before = Before.program
  if (!head.timed && head.depth === 0) head.words++
  return 0
}

function passWord(head: Head): void {
  head.before = Before.word
  head.small = head.capitals === 0
  if (head.depth === 0) head.words++
}

function isLevel(head: Head, { trust }: LevelWord, loud: boolean): boolean {
  if (isBoxed(head)) return loud || trust !== Trust.loud
  if (trust === Trust.boxed) return false
  if (head.colon) return loud ? head.before < Before.word || mayStandHere(head) : trust !== Trust.loud && head.before <= Before.program
  return loud && mayStandHere(head) && (byteAt(head, head.to) === BRACKET || (trust === Trust.plain && !isRequest(head)))
}

/** 0 behind the end. */
function byteAt({ bytes, end }: Head, at: number): number {
  return at < end ? bytes[at]! : 0
}

/** In brackets, between bars or tabs; angles only behind something, so that no markup is taken for it. */
function isBoxed(head: Head): boolean {
  const { bytes, opened, from, to, before } = head
  const isFirst = before === Before.start
  if (!isFirst && bytes[from - 1] === TAB && byteAt(head, to) === TAB) return true
  if (opened === BRACKET) return nextSign(head) === BRACKET_END
  if (opened === BAR) return nextSign(head) === BAR
  return opened === ANGLE && !isFirst && nextSign(head) === ANGLE_END
}

/** What comes behind the piece and blanks. */
function nextSign(head: Head): number {
  let at = head.to
  for (;;) {
    const byte = byteAt(head, at)
    if (byte !== SPACE && byte !== ESCAPE) return byte
    at = byte === ESCAPE ? behindEscape(head.bytes, at, head.end) : at + 1
  }
}

/** Behind a time, a bracket, a sign or a name; behind one word in small letters only where a time came before: `10:00:00 root ERROR`. */
function mayStandHere({ before, timed, small, words }: Head): boolean {
  if (before === Before.word) return timed && small
  return before < Before.program || timed || words === 0
}

/** `TRACE /path` is a request. */
function isRequest(head: Head): boolean {
  const next = byteAt(head, head.to) === SPACE ? byteAt(head, head.to + 1) : 0
  return (next === SLASH || next === 0x2a) && head.to - head.from === 'trace'.length && (head.bytes[head.from]! | 0x20) === 0x74
}

/** Letters with signs between: `ERROR:root:`, `INFO/MainProcess`, `level:error`, `app.ERROR:`, `core:error]`, `com.example.App`, `don't`. */
function compound(head: Head): number {
  const found = firstPart(head) || lastPart(head)
  if (found > 0) return found
  if (head.colon) return passProgram(head)
  if (isProse(head)) passWord(head)
  else head.before = Before.name
  return 0
}

/** `ERROR:root:` of Python, `INFO/MainProcess` of Celery, `level:error`. */
function firstPart(head: Head): number {
  const { bytes, from, to } = head
  let first = from
  while (first < to && bytes[first] !== COLON && bytes[first] !== SLASH) first++
  if (first === to) return 0
  if (bytes[first] === COLON && head.words === 0 && isLevelKey(bytes, from, first)) return levelValue(bytes, first + 1, to)
  return mayStandHere(head) ? loudLevel(bytes, from, first) : 0
}

/** `app.ERROR:` of Monolog, `[core:error]` of Apache. */
function lastPart(head: Head): number {
  const { bytes, from, to, colon, opened } = head
  let at = to
  while (at > from && bytes[at - 1] !== COLON && bytes[at - 1] !== POINT) at--
  if (at === from) return 0
  if (bytes[at - 1] === POINT) return colon ? loudLevel(bytes, at, to) : 0
  return !colon && opened === BRACKET && byteAt(head, to) === BRACKET_END ? (levelWord(bytes, at, to)?.severity ?? 0) : 0
}

/** Severity of a word in capitals. */
function loudLevel(bytes: Uint8Array, from: number, to: number): number {
  const known = isLoud(bytes, from, to) ? levelWord(bytes, from, to) : undefined
  return known !== undefined && known.trust <= Trust.marked ? known.severity : 0
}

function isLoud(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (bytes[at]! < 0x41 || bytes[at]! > 0x5a) return false
  return true
}

/** Ends as a sentence does, or is a word that is cut short. */
function isProse({ bytes, from, to }: Head): boolean {
  const last = bytes[to - 1]
  if (last === POINT || last === 0x21 || last === 0x3f) return true
  for (let at = from; at < to; at++) if (bytes[at] === 0x27) return true
  return false
}

/** False where no quoted text begins. Behind one of several words no level stands, but a pair may. */
function skipQuoted(head: Head): boolean {
  const { bytes, at, end } = head
  if (bytes[at] !== QUOTE) return false
  let to = at + 1
  let blanks = 0
  while (to < end && bytes[to] !== QUOTE) {
    if (bytes[to] === 0x20) blanks++
    to += bytes[to] === 0x5c ? 2 : 1
  }
  head.at = to + 1
  head.before = Before.name
  if (blanks > 0 && head.pairs === 0) head.words = MOST_WORDS
  return true
}

/** What is left of a sentence: a level as one of several pairs. Only names before an `=` are looked at: most sentences have none. */
function levelOfPairs(head: Head): number {
  const { bytes, end } = head
  let { at } = head
  let behind = at
  while (at < end) {
    const byte = bytes[at]!
    if (byte === EQUALS) {
      const start = keyStart(bytes, behind, at)
      if (isLevelKey(bytes, start, at)) {
        const found = levelPair(head, start, at)
        if (found > 0) return found
      } else head.pairs++
      behind = ++at
    } else if (byte === QUOTE) {
      head.at = at
      skipQuoted(head)
      at = behind = head.at
    } else at++
  }
  return 0
}

/** The pair that begins at `start`, and whose `=` stands at `equals`: what comes behind it is not looked at here. */
function levelPair(head: Head, start: number, equals: number): number {
  head.at = start
  classify(head)
  head.at = equals
  return pair(head)
}
