import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { KeyType } from '@skein/schemas/key'

/**
 * `skn_<type>_<8 id>_<43 base64url = 256 bit>_<6 CRC>`. The CRC is the CRC-32 of everything before its
 * underscore as six base64url digits, highest bits first: mistyped and invented keys are told apart without a look-up.
 */
const SHAPE = /^skn_(sec|pub|tok)_([0-9A-Za-z]{8})_[0-9A-Za-z_-]{43}_([0-9A-Za-z_-]{6})$/
const ID_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const MAX_LENGTH = 128

export function writeKeyText(type: KeyType, id: string, secret: Uint8Array): string {
  const body = `skn_${type}_${id}_${Buffer.from(secret).toString('base64url')}`
  return `${body}_${checkDigits(body)}`
}

/** Type and id of a key text that is well formed and whose CRC fits; else null. */
export function readKeyText(text: string): { type: KeyType; id: string } | null {
  if (text.length > MAX_LENGTH) return null
  const match = SHAPE.exec(text)
  if (match === null) return null
  if (checkDigits(text.slice(0, text.length - 7)) !== match[3]) return null
  return { type: match[1] as KeyType, id: match[2]! }
}

/** Eight characters out of 62, from random bytes; a byte over 247 would prefer some, so it is skipped. */
export function keyIdFrom(randomBytes: (count: number) => Uint8Array): string {
  let id = ''
  while (id.length < 8) {
    for (const byte of randomBytes(16)) if (byte < 248 && id.length < 8) id += ID_ALPHABET[byte % 62]
  }
  return id
}

export function keyDigest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function checkDigits(body: string): string {
  const crc = crc32(body)
  let digits = ''
  for (let shift = 24; shift >= 0; shift -= 6) digits += DIGITS[(crc >>> shift) & 63]
  return `${DIGITS[(crc >>> 30) & 63]}${digits}`
}
