import { cardEnd, groupedCardEnd } from './card.ts'
import { ipv4End } from './ip.ts'
import { beginsAt, byteAt, endsAt, type Finder, isDigit, isWord, type Look } from './look.ts'
import { groupedPhoneEnd, isPlainPhone } from './phone.ts'
import { isResidentId } from './resident-id.ts'

/** Which of the things that begin with a digit are looked for. `email`: a number before @ is left to the address it belongs to. */
export interface DigitPresets {
  phone: boolean
  chineseId: boolean
  bankCard: boolean
  ip: boolean
  email: boolean
}

const POINT = 0x2e
const MINUS = 0x2d
const AT = 0x40
/** Longer runs are nothing that is known. */
const LONGEST = 19

/** Judges a whole run of digits by its length first: nearly all are too short or too long for anything. */
export function digitRun(presets: DigitPresets): Finder {
  return (look, at) => {
    let end = at + 1
    while (end < look.to && isDigit(look.bytes[end])) end++
    const length = end - at
    if (length > LONGEST || (length > 4 && length < 11) || !beginsAt(look, at)) return ~end
    look.start = at
    const found = length <= 4 ? groupsEnd(look, at, end, presets) : wholeEnd(look, at, end, presets)
    return found > 0 ? found : ~end
  }
}

/** 0 when nothing is found. */
function groupsEnd(look: Look, at: number, end: number, presets: DigitPresets): number {
  if (end - at < 4 && presets.ip && look.bytes[end] === POINT) {
    const found = ipv4End(look, at, end)
    if (found > 0) return found
  }
  if (end - at < 3) return 0
  const phone = presets.phone ? groupedPhoneEnd(look, at, end) : 0
  if (phone > 0) return phone
  return presets.bankCard && end - at === 4 ? groupedCardEnd(look, at, end) : 0
}

function wholeEnd(look: Look, at: number, end: number, presets: DigitPresets): number {
  if (isPartOfNumber(look, at, end) || (presets.email && byteAt(look, end) === AT)) return 0
  const id = presets.chineseId ? residentIdEnd(look, at, end) : 0
  if (id > 0 || !endsAt(look, end)) return id
  if (presets.phone && isPlainPhone(look.bytes, at, end)) return end
  return presets.bankCard ? cardEnd(look.bytes, at, end) : 0
}

function residentIdEnd(look: Look, at: number, end: number): number {
  const idEnd = end - at === 17 && isX(byteAt(look, end)) ? end + 1 : end
  return idEnd - at === 18 && endsAt(look, idEnd) && isResidentId(look.bytes, at) ? idEnd : 0
}

function isX(byte: number | undefined): boolean {
  return byte === 0x58 || byte === 0x78
}

/** A part of a decimal number, of a version, or of the middle of an identifier with dashes. */
function isPartOfNumber(look: Look, at: number, end: number): boolean {
  const before = byteAt(look, at - 1)
  const after = byteAt(look, end)
  if (before === POINT && isDigit(byteAt(look, at - 2))) return true
  if (after === POINT && isDigit(byteAt(look, end + 1))) return true
  return before === MINUS && after === MINUS && isWord(byteAt(look, at - 2)) && isWord(byteAt(look, end + 1))
}
