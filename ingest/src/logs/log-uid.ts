import { HEX_DIGITS } from './hex-digits.ts'

const FILE_DIGITS = 16
const COLON = 0x3a
/** More decimals would not be exact. */
const MAX_OFFSET_DIGITS = 15

/** Reads `<16 hex digits>:<decimal>` in `[start, end)` into a row of a batch. False for any other text. */
export function readFileUid(
  bytes: Uint8Array,
  range: { start: number; end: number },
  into: { file: Uint32Array; fileOffset: Float64Array; row: number },
): boolean {
  const { start, end } = range
  const digits = end - start - FILE_DIGITS - 1
  if (digits < 1 || digits > MAX_OFFSET_DIGITS || bytes[start + FILE_DIGITS] !== COLON) return false
  let offset = 0
  for (let at = start + FILE_DIGITS + 1; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30
    if (digit < 0 || digit > 9) return false
    offset = offset * 10 + digit
  }
  const high = hexWord(bytes, start)
  const low = hexWord(bytes, start + 8)
  if (high < 0 || low < 0) return false
  into.file[into.row * 2] = low
  into.file[into.row * 2 + 1] = high
  into.fileOffset[into.row] = offset
  return true
}

/** Eight hex digits as an unsigned number; −1 when one is none. */
function hexWord(bytes: Uint8Array, at: number): number {
  let word = 0
  for (let i = at; i < at + 8; i++) {
    const digit = HEX_DIGITS[bytes[i] as number] as number
    if (digit < 0) return -1
    word = word * 16 + digit
  }
  return word
}
