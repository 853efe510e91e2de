import { type ByteInterner, createByteInterner, viewOf } from './byte-interner.ts'
import { growInt32, growUint8 } from './growth.ts'

/** Attribute names as numbers, with the meaning of those that have one. */
export interface AttributeKeys {
  readonly interner: ByteInterner
  /** Names with a meaning, and how many meanings there are. */
  readonly meanings: Meanings
  /** Key number → semantic slot + 1, 0 = none. Longer than the number of keys. */
  slot: Uint8Array
  /** Key number → position in the list of meanings: the lower one wins when a span has two names for one meaning. */
  rank: Uint8Array
  /** Key number → the key that followed it last: spans of one place in a program list their attributes alike. */
  next: Int32Array
}

export interface Meanings {
  /** Newer name first. */
  slots: readonly (readonly [attribute: string, slot: number])[]
  slotCount: number
}

export function createAttributeKeys(meanings: Meanings): AttributeKeys {
  const keys: AttributeKeys = { interner: createByteInterner(), meanings, slot: new Uint8Array(256), rank: new Uint8Array(256), next: new Int32Array(256) }
  learnSlots(keys)
  return keys
}

/** Forgets all names but those with a meaning. */
export function clearAttributeKeys(keys: AttributeKeys): void {
  keys.interner.clear()
  keys.next.fill(0)
  learnSlots(keys)
}

/** Makes `slot` and `rank` reach every key number below `keys`. */
export function coverKeys(keys: AttributeKeys): void {
  if (keys.interner.size <= keys.slot.length) return
  keys.slot = growUint8(keys.slot, keys.interner.size)
  keys.rank = growUint8(keys.rank, keys.interner.size)
  keys.next = growInt32(keys.next, keys.interner.size)
}

function learnSlots(keys: AttributeKeys): void {
  keys.meanings.slots.forEach(([name, slot], rank) => {
    const bytes = Buffer.from(name)
    const key = keys.interner.intern(bytes, viewOf(bytes), 0, bytes.length)
    keys.slot[key] = slot + 1
    keys.rank[key] = rank
  })
}
