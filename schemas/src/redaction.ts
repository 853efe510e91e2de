import { digitRun } from './redaction/digit-run.ts'
import { email, encodedEmail } from './redaction/email.ts'
import { ipv6 } from './redaction/ip.ts'
import { byteAt, type Finder, isDigit, type Look } from './redaction/look.ts'
import { namedKey } from './redaction/named-key.ts'
import { internationalPhone } from './redaction/phone.ts'
import { azureSecret, capitalKey, jwt, signKey } from './redaction/token.ts'

/** What can be recognised without being told how it looks. */
export const REDACTION_PRESETS = ['phone', 'chinese_id', 'bank_card', 'email', 'ip', 'jwt', 'cloud_key'] as const
export type RedactionPreset = (typeof REDACTION_PRESETS)[number]

/**
 * Finds what presets describe, in one pass, without regular expressions. Pure: the same text gives the same findings. Findings do
 * not overlap and come in order. One redactor may be used for any number of texts, one after another.
 */
export interface Redactor {
  /**
   * Overwrites every finding in `bytes` from `from` to `to`, UTF-8, with as many asterisks, and returns how many there were. A
   * number that is a member of a JSON object is overwritten with ones, so that JSON stays JSON.
   */
  mask(bytes: Uint8Array, from: number, to: number): number
  /** The text with every finding replaced; the very text when there is none. */
  replace(text: string, replacement: (found: string) => string): string
}

const ASTERISK = 0x2a
const ONE = 0x31
const QUOTE = 0x22
const COLON = 0x3a
const SPACE = 0x20
const NOT_ASCII = 0x80

export function createRedactor(presets: readonly RedactionPreset[]): Redactor {
  const kinds = new Uint8Array(256)
  const finders = findersOf(new Set(presets), kinds)
  const look: Look = { bytes: new Uint8Array(0), from: 0, to: 0, free: 0, start: 0 }
  let units = new Uint8Array(1024)

  function begin(bytes: Uint8Array, from: number, to: number): void {
    look.bytes = bytes
    look.from = from
    look.to = to
    look.free = from
  }

  /** Where the next finding ends, of which the start is in `look`; −1 when there is none. */
  function next(): number {
    const { bytes, to } = look
    let at = look.free
    while (at < to) {
      const kind = kinds[bytes[at]!]!
      if (kind === 0) at++
      else {
        const end = finders[kind]!(look, at)
        if (end >= 0) {
          look.free = end
          return end
        }
        at = ~end
      }
    }
    return -1
  }

  return {
    mask(bytes, from, to) {
      let count = 0
      begin(bytes, from, to)
      for (let end = next(); end >= 0; end = next()) {
        count++
        bytes.fill(isJsonNumber(look, look.start, end) ? ONE : ASTERISK, look.start, end)
      }
      return count
    },
    replace(text, replacement) {
      if (units.length < text.length) units = new Uint8Array(text.length * 2)
      // One unit for each of the text, so that places are the same; what is not ASCII is alike to all finders.
      for (let i = 0; i < text.length; i++) units[i] = Math.min(text.charCodeAt(i), NOT_ASCII)
      const pieces: string[] = []
      let from = 0
      begin(units, 0, text.length)
      for (let end = next(); end >= 0; end = next()) {
        pieces.push(text.slice(from, look.start), replacement(text.slice(look.start, end)))
        from = end
      }
      if (from === 0) return text
      pieces.push(text.slice(from))
      return pieces.join('')
    },
  }
}

/** Fills `kinds`, byte → index of its finder; 0 for the many that begin nothing. */
function findersOf(presets: ReadonlySet<RedactionPreset>, kinds: Uint8Array): readonly Finder[] {
  const finders: Finder[] = [(_look, at) => ~(at + 1)]
  const add = (bytes: string, finder: Finder): void => {
    const kind = finders.push(finder) - 1
    for (const byte of bytes) kinds[byte.charCodeAt(0)] = kind
  }
  const digits = {
    phone: presets.has('phone'),
    chineseId: presets.has('chinese_id'),
    bankCard: presets.has('bank_card'),
    ip: presets.has('ip'),
    email: presets.has('email'),
  }
  if (digits.phone || digits.chineseId || digits.bankCard || digits.ip) add('0123456789', digitRun(digits))
  if (digits.phone) add('+', internationalPhone)
  if (digits.email) {
    add('@', email)
    add('%', encodedEmail)
  }
  if (digits.ip) add(':', ipv6)
  if (presets.has('jwt')) add('J', jwt)
  if (presets.has('cloud_key')) {
    add('ALGS', capitalKey)
    add('_-', signKey)
    add('~', azureSecret)
    add('kK', namedKey)
  }
  return finders
}

/** `"member": 13800138000`: digits alone, straight after the name of a member. */
function isJsonNumber(look: Look, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isDigit(look.bytes[at])) return false
  let before = start - 1
  while (byteAt(look, before) === SPACE) before--
  return byteAt(look, before) === COLON && byteAt(look, before - 1) === QUOTE
}
