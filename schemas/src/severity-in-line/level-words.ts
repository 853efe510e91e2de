import { severityOf } from '../severity.ts'

/**
 * How sure a word is. `plain`: in capitals it is a level wherever a level may stand. `marked`: only with a sign of it (`[error]`, `error:`, `| error |`), in
 * any case. `loud`: only in capitals and with a sign. `boxed`: only in brackets. `neutral` is no level but stands before one: months, zones of time, PHP.
 */
export const Trust = { plain: 0, marked: 1, loud: 2, boxed: 3, neutral: 4 } as const
type Trust = (typeof Trust)[keyof typeof Trust]

export interface LevelWord {
  /** In small letters. */
  bytes: Uint8Array
  severity: number
  trust: Trust
}

const WORDS: Readonly<Record<keyof typeof Trust, string>> = {
  plain: 'trace debug info warn warning error fatal critical severe notice trc dbg inf wrn err ftl',
  marked: 'information verbose vrb panic dpanic alert emergency emerg crit fail trce dbug',
  loud: 'log fine finer finest success erro debu fata pani trac pnc',
  boxed: 'note',
  neutral:
    'jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun am pm utc gmt cst cet cest est edt mst mdt pst pdt bst ist jst msk eet php z',
}
const LONGEST = 'information'.length
const LETTERS = 26
const SMALL_A = 0x61

/** Small letters → the word, by length and first letter: few bytes are compared, and no string is made. */
const BY_SHAPE: readonly (readonly LevelWord[])[] = byShape()

function byShape(): LevelWord[][] {
  const table = Array.from({ length: (LONGEST + 1) * LETTERS }, (): LevelWord[] => [])
  for (const [trust, words] of Object.entries(WORDS)) {
    for (const word of words.split(' ')) {
      const bytes = asciiOf(word)
      const severity = trust === 'neutral' ? 0 : (severityOf(word) ?? 0)
      table[shapeOf(bytes.length, bytes[0] ?? 0)]?.push({ bytes, severity, trust: Trust[trust as keyof typeof Trust] })
    }
  }
  return table
}

function asciiOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0))
}

function shapeOf(length: number, small: number): number {
  return length * LETTERS + small - SMALL_A
}

/** The word that stands in `[from, to)`, whatever the case of its letters. */
export function levelWord(bytes: Uint8Array, from: number, to: number): LevelWord | undefined {
  const length = to - from
  const small = (bytes[from] ?? 0) | 0x20
  if (length === 0 || length > LONGEST || small < SMALL_A || small >= SMALL_A + LETTERS) return undefined
  for (const word of BY_SHAPE[shapeOf(length, small)]!) if (isSame(bytes, from, word.bytes)) return word
  return undefined
}

function isSame(bytes: Uint8Array, from: number, small: Uint8Array): boolean {
  for (let i = 0; i < small.length; i++) if ((bytes[from + i]! | 0x20) !== small[i]) return false
  return true
}

const LEVEL_KEYS = ['level', 'lvl', 'severity', 'loglevel', 'log_level', 'log.level', 'log-level', 'levelname', 'severity_text', 'severitytext', '@l'].map(
  asciiOf,
)
const NUMBER_KEYS = ['severity_number', 'severitynumber'].map(asciiOf)

/** Whether a name is one that loggers give to the level: `level`, `lvl`, `severity` … in any case. */
export function isLevelKey(bytes: Uint8Array, from: number, to: number): boolean {
  return isOneOf(LEVEL_KEYS, bytes, from, to)
}

/** Whether a name is one of OTel's severity number. */
export function isNumberKey(bytes: Uint8Array, from: number, to: number): boolean {
  return isOneOf(NUMBER_KEYS, bytes, from, to)
}

function isOneOf(keys: readonly Uint8Array[], bytes: Uint8Array, from: number, to: number): boolean {
  for (const key of keys) if (key.length === to - from && isFolded(bytes, from, key)) return true
  return false
}

function isFolded(bytes: Uint8Array, from: number, key: Uint8Array): boolean {
  for (let i = 0; i < key.length; i++) if (foldedAt(bytes, from + i) !== key[i]) return false
  return true
}

function foldedAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]!
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
}

/** Severity of a value that stands under such a name, `[from, to)` without quotes; 0 for none. */
export function levelValue(bytes: Uint8Array, from: number, to: number): number {
  const word = levelWord(bytes, from, to)
  if (word !== undefined) return word.severity
  // 10, 20 … 60 of pino and bunyan
  const tens = bytes[from]! - 0x30
  return to - from === 2 && bytes[from + 1] === 0x30 && tens >= 1 && tens <= 6 ? tens * 4 - 3 : 0
}
