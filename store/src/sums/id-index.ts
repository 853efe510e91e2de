/** 64-bit ids numbered in the order in which they came, without an object for any: open addressing over their halves. */
export interface IdIndex {
  size: number
  /** Low and high half of each id. */
  ids: Int32Array
  /** Number + 1 of the id in a slot; 0 is free. */
  slots: Int32Array
}

export function createIdIndex(expected: number): IdIndex {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(8, expected) * 2))
  return { size: 0, ids: new Int32Array(slots), slots: new Int32Array(slots) }
}

/** The number of an id; a new one gets the next. */
export function numberOf(index: IdIndex, low: number, high: number): number {
  const mask = index.slots.length - 1
  let slot = slotOf(low, high, mask)
  for (;;) {
    const number = index.slots[slot]! - 1
    if (number < 0) return append(index, low, high, slot)
    if (index.ids[number * 2] === low && index.ids[number * 2 + 1] === high) return number
    slot = (slot + 1) & mask
  }
}

function append(index: IdIndex, low: number, high: number, slot: number): number {
  const number = index.size++
  index.ids[number * 2] = low
  index.ids[number * 2 + 1] = high
  index.slots[slot] = number + 1
  if (index.size * 2 >= index.slots.length) grow(index)
  return number
}

function grow(index: IdIndex): void {
  const slots = new Int32Array(index.slots.length * 2)
  const ids = new Int32Array(slots.length)
  ids.set(index.ids)
  const mask = slots.length - 1
  for (let number = 0; number < index.size; number++) {
    let slot = slotOf(ids[number * 2]!, ids[number * 2 + 1]!, mask)
    while (slots[slot] !== 0) slot = (slot + 1) & mask
    slots[slot] = number + 1
  }
  index.ids = ids
  index.slots = slots
}

function slotOf(low: number, high: number, mask: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x9e37_79b1), 0x85eb_ca6b)
  return (mixed ^ (mixed >>> 15)) & mask
}
