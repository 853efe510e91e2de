/** Three 32-bit integers → a dense id, in the order of first sight. Ids are 0 … size − 1. */
export interface TupleIndex {
  size: number
  /** Three numbers an id. */
  keys: Int32Array
  /** Open addressing: id + 1, 0 = free. */
  slots: Int32Array
}

const INITIAL = 64

export function createTupleIndex(): TupleIndex {
  return { size: 0, keys: new Int32Array(INITIAL * 3), slots: new Int32Array(INITIAL * 2) }
}

/** The id of a tuple; a new one gets the next. */
export function tupleId(index: TupleIndex, a: number, b: number, c: number): number {
  const { keys, slots } = index
  const mask = slots.length - 1
  let slot = hashOf(a, b, c) & mask
  for (let id = slots[slot]! - 1; id >= 0; id = slots[slot]! - 1) {
    const at = id * 3
    if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c) return id
    slot = (slot + 1) & mask
  }
  const id = index.size
  if (id * 3 === keys.length) {
    grow(index)
    return tupleId(index, a, b, c)
  }
  keys[id * 3] = a
  keys[id * 3 + 1] = b
  keys[id * 3 + 2] = c
  slots[slot] = id + 1
  index.size = id + 1
  return id
}

/** Reads where a tuple's id lies, without looking whether it is there: see `readAhead` of `span-table.ts`. −1 when nothing lies there. */
export function idAhead({ slots }: TupleIndex, a: number, b: number, c: number): number {
  return slots[hashOf(a, b, c) & (slots.length - 1)]! - 1
}

/** The id of a tuple, −1 for one that is not known. */
export function findTuple({ keys, slots }: TupleIndex, a: number, b: number, c: number): number {
  const mask = slots.length - 1
  let slot = hashOf(a, b, c) & mask
  for (let id = slots[slot]! - 1; id >= 0; id = slots[slot]! - 1) {
    const at = id * 3
    if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c) return id
    slot = (slot + 1) & mask
  }
  return -1
}

/** Up to so many tuples, cells or entries memory is kept whatever was used of it, and beyond while at least one part of so many was. */
const SMALL = 1 << 14
const LARGE_FILL = 4

/** Whether memory for so many is to be used again: to get it, clear it and grow into it costs as much as what it is for. */
export function isKept(capacity: number, used: number): boolean {
  return capacity <= SMALL || used * LARGE_FILL >= capacity
}

/** Forgets every tuple; keeps its room unless that is large and was hardly used. */
export function clearTuples(index: TupleIndex): void {
  if (!isKept(index.keys.length / 3, index.size)) {
    index.keys = new Int32Array(INITIAL * 3)
    index.slots = new Int32Array(INITIAL * 2)
  } else index.slots.fill(0)
  index.size = 0
}

export function tupleBytes(index: TupleIndex): number {
  return index.keys.byteLength + index.slots.byteLength
}

function hashOf(a: number, b: number, c: number): number {
  let h = Math.imul(a, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 16) ^ b, 0x85ebca77)
  h = Math.imul(h ^ (h >>> 15) ^ c, 0xc2b2ae3d)
  return h ^ (h >>> 16)
}

function grow(index: TupleIndex): void {
  const keys = new Int32Array(index.keys.length * 2)
  keys.set(index.keys)
  const slots = new Int32Array(index.slots.length * 2)
  const mask = slots.length - 1
  for (let id = 0; id < index.size; id++) {
    let slot = hashOf(keys[id * 3]!, keys[id * 3 + 1]!, keys[id * 3 + 2]!) & mask
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = id + 1
  }
  index.keys = keys
  index.slots = slots
}
