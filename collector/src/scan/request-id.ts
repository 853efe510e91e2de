import { textHash } from '@skein/schemas/partition'

/**
 * Request id of a traces request: the same spans in the same order give the same id, whatever the transport or encoding,
 * so that a client's retry is recognised as a repeat.
 *
 * 16 bytes: 0–7 a 64-bit fold of the ids, 8–11 the number of accepted spans, 12–15 a further 32-bit fold, XOR the hash of
 * the tenant, so that the same spans sent to two tenants are two requests; all little-endian.
 * The fold takes each accepted span's trace id and span id as six little-endian 32-bit words, in order.
 */
export interface IdFold {
  a: number
  b: number
  c: number
}

export function createIdFold(): IdFold {
  return { a: 0, b: 0, c: 0 }
}

export function resetIdFold(fold: IdFold): void {
  fold.a = 0x243f6a88 | 0
  fold.b = 0x85a308d3 | 0
  fold.c = 0x13198a2e | 0
}

export function foldIds(fold: IdFold, bytes: Uint8Array, traceId: number, spanId: number): void {
  let a = fold.a
  let b = fold.b
  let c = fold.c
  for (let word = 0; word < 6; word++) {
    const at = word < 4 ? traceId + word * 4 : spanId + (word - 4) * 4
    const w = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    a = Math.imul(a ^ w, 0x9e3779b1)
    a ^= a >>> 15
    b = Math.imul(b + w, 0x85ebca77) ^ (b >>> 13)
    c = Math.imul((c << 7) | (c >>> 25), 0xc2b2ae3d) ^ w
  }
  fold.a = a
  fold.b = b
  fold.c = c
}

export function writeRequestId(target: Uint8Array, fold: IdFold, spans: number): void {
  const words = [fold.a, fold.b, spans, fold.c]
  for (let word = 0; word < 4; word++) {
    const value = words[word]!
    for (let byte = 0; byte < 4; byte++) target[word * 4 + byte] = value >>> (byte * 8)
  }
}

/** The id for one tenant, from what the scan found. */
export function requestIdOf(scanned: Uint8Array, tenant: string): Uint8Array {
  const id = Uint8Array.from(scanned)
  const hash = textHash(tenant)
  for (let byte = 0; byte < 4; byte++) id[12 + byte]! ^= hash >>> (byte * 8)
  return id
}
