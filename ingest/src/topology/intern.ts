/** Texts longer than this are cut (at a character) before they name anything in a rollup. */
export const MAX_TEXT_BYTES = 512

/** Byte texts → small integers, the same text always the same one; `dropped` never, so whoever owns it starts anew when it is large. */
export interface Interner {
  size: number
  /** Bytes of all texts, one after the other; text i is `pool[ends[i − 1], ends[i])`. */
  pool: Buffer
  ends: Int32Array
  /** Open addressing: text + 1, 0 = free. */
  slots: Int32Array
  hashes: Int32Array
  /** Decoded when first asked for. */
  texts: (string | undefined)[]
}

export function createInterner(): Interner {
  return { size: 0, pool: Buffer.allocUnsafe(4096), ends: new Int32Array(64), slots: new Int32Array(128), hashes: new Int32Array(64), texts: [] }
}

/** The id of the text `bytes[start, end)`. */
export function internRange(interner: Interner, bytes: Buffer, start: number, end: number): number {
  const cut = end - start > MAX_TEXT_BYTES ? cutAt(bytes, start, end) : end
  let hash = 0x811c9dc5
  for (let i = start; i < cut; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  hash ^= hash >>> 15
  const { slots, hashes } = interner
  const mask = slots.length - 1
  let slot = hash & mask
  for (let id = slots[slot]! - 1; id >= 0; id = slots[slot]! - 1) {
    if (hashes[id] === hash && sameText(interner, id, bytes, start, cut)) return id
    slot = (slot + 1) & mask
  }
  return appendText(interner, hash, bytes.subarray(start, cut))
}

export function internText(interner: Interner, text: string): number {
  const bytes = Buffer.from(text)
  return internRange(interner, bytes, 0, bytes.length)
}

export function textOf(interner: Interner, id: number): string {
  const known = interner.texts[id]
  if (known !== undefined) return known
  const text = interner.pool.toString('utf8', id === 0 ? 0 : interner.ends[id - 1]!, interner.ends[id]!)
  interner.texts[id] = text
  return text
}

export function internerBytes(interner: Interner): number {
  return interner.pool.length + interner.ends.byteLength + interner.slots.byteLength + interner.hashes.byteLength
}

function sameText(interner: Interner, id: number, bytes: Buffer, start: number, end: number): boolean {
  const from = id === 0 ? 0 : interner.ends[id - 1]!
  if (interner.ends[id]! - from !== end - start) return false
  const { pool } = interner
  for (let i = start, j = from; i < end; i++, j++) if (bytes[i] !== pool[j]) return false
  return true
}

function appendText(interner: Interner, hash: number, text: Uint8Array): number {
  const id = interner.size
  const from = id === 0 ? 0 : interner.ends[id - 1]!
  const end = from + text.length
  if (end > interner.pool.length) {
    const pool = Buffer.allocUnsafe(Math.max(end, interner.pool.length * 2))
    interner.pool.copy(pool, 0, 0, from)
    interner.pool = pool
  }
  if (id === interner.ends.length) grow(interner)
  interner.pool.set(text, from)
  interner.ends[id] = end
  interner.hashes[id] = hash
  interner.texts.push(undefined)
  interner.size = id + 1
  place(interner.slots, hash, id)
  return id
}

function grow(interner: Interner): void {
  const ends = new Int32Array(interner.ends.length * 2)
  ends.set(interner.ends)
  const hashes = new Int32Array(ends.length)
  hashes.set(interner.hashes)
  const slots = new Int32Array(ends.length * 2)
  for (let id = 0; id < interner.size; id++) place(slots, hashes[id]!, id)
  interner.ends = ends
  interner.hashes = hashes
  interner.slots = slots
}

function place(slots: Int32Array, hash: number, id: number): void {
  const mask = slots.length - 1
  let slot = hash & mask
  while (slots[slot] !== 0) slot = (slot + 1) & mask
  slots[slot] = id + 1
}

/** The end of the last whole character within MAX_TEXT_BYTES. */
export function cutAt(bytes: Uint8Array, start: number, end: number): number {
  let cut = Math.min(end, start + MAX_TEXT_BYTES)
  while (cut > start && (bytes[cut]! & 0xc0) === 0x80) cut--
  return cut
}
