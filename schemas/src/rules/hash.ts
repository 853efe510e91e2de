/** Even over 32 bits; the same text has the same hash everywhere and for ever. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** 16 hex digits. The second half begins from another state: texts that are alike in one half are not in the other. */
export function hash64(text: string): string {
  return hex(hash32(text)) + hex(hash32(`#${text}`))
}

function hex(half: number): string {
  return half.toString(16).padStart(8, '0')
}

const SHAPE_CHARS = 500

/** What lines that one statement wrote have in common: words with digits in them are taken for what varies. */
export function shapeOf(body: string): string {
  return body.slice(0, SHAPE_CHARS).replaceAll(/[^\s=:,;()[\]{}"'|]*\d[^\s=:,;()[\]{}"'|]*/g, '#')
}

/** 16 hex digits that are the same for the same text and salt, and say nothing of the text to who does not know the salt. */
export function saltedHash(text: string, salt: string): string {
  const halves = [sipHalf(text, salt, 0), sipHalf(text, salt, 1)]
  return halves.map(hex).join('')
}

/** HalfSipHash-2-4 with a key of the salt's digits: short, keyed, and hard to turn around without the key. */
function sipHalf(text: string, salt: string, part: number): number {
  const key0 = Number.parseInt(salt.slice(part * 16, part * 16 + 8), 16) | 0
  const key1 = Number.parseInt(salt.slice(part * 16 + 8, part * 16 + 16), 16) | 0
  const state: [number, number, number, number] = [key0, key1, 0x6c796765 ^ key0, 0x74656462 ^ key1]
  const bytes = new TextEncoder().encode(text)
  const end = bytes.length - (bytes.length % 4)
  for (let at = 0; at < end; at += 4) compress(state, bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24))
  let last = bytes.length << 24
  for (let at = end; at < bytes.length; at++) last |= bytes[at]! << ((at - end) * 8)
  compress(state, last)
  state[2] ^= 0xff
  for (let i = 0; i < 4; i++) round(state)
  return (state[1] ^ state[3]) >>> 0
}

function compress(state: [number, number, number, number], word: number): void {
  state[3] ^= word
  round(state)
  round(state)
  state[0] ^= word
}

function round(v: [number, number, number, number]): void {
  v[0] = (v[0] + v[1]) | 0
  v[1] = rotate(v[1], 5) ^ v[0]
  v[0] = rotate(v[0], 16)
  v[2] = (v[2] + v[3]) | 0
  v[3] = rotate(v[3], 8) ^ v[2]
  v[0] = (v[0] + v[3]) | 0
  v[3] = rotate(v[3], 7) ^ v[0]
  v[2] = (v[2] + v[1]) | 0
  v[1] = rotate(v[1], 13) ^ v[2]
  v[2] = rotate(v[2], 16)
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}
