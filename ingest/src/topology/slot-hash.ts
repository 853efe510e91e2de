/**
 * Open addressing from ids to slots of a table. Each place is two numbers, slot + 1 (0 = free; −1 − slot where its owner keeps another kind) and the hash: a probe that meets
 * another id, and a removal, read nothing of the table itself, which would be a cache miss each. Places are their even position.
 */
export type SlotHash = Int32Array

export function createSlotHash(places: number): SlotHash {
  return new Int32Array(places * 2)
}

/** Mixed word by word: ids need not be random. */
export function hashIds(id0: number, id1: number, trace: number): number {
  let h = Math.imul(id0, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 16) ^ id1, 0x85ebca77)
  h = Math.imul(h ^ (h >>> 15) ^ trace, 0xc2b2ae3d)
  return h ^ (h >>> 16)
}

/** Where the probing for a hash begins. */
export function firstPlace(hash: number, slots: SlotHash): number {
  return (hash << 1) & (slots.length - 1)
}

export function nextPlace(place: number, slots: SlotHash): number {
  return (place + 2) & (slots.length - 1)
}

export function putSlot(slots: SlotHash, hash: number, slot: number): void {
  putValue(slots, hash, slot + 1)
}

function putValue(slots: SlotHash, hash: number, value: number): void {
  let place = firstPlace(hash, slots)
  while (slots[place] !== 0) place = nextPlace(place, slots)
  slots[place] = value
  slots[place + 1] = hash
}

/** Where a value (slot + 1, or what its owner put below 0) lies, −1 when it does not. */
export function placeOf(slots: SlotHash, hash: number, value: number): number {
  for (let place = firstPlace(hash, slots); slots[place] !== 0; place = nextPlace(place, slots)) if (slots[place] === value) return place
  return -1
}

/** Linear probing without tombstones: what follows moves up when its home allows. */
export function removePlace(slots: SlotHash, hole: number): void {
  const mask = slots.length - 1
  let place = hole
  for (let next = nextPlace(place, slots); slots[next] !== 0; next = nextPlace(next, slots)) {
    const home = firstPlace(slots[next + 1]!, slots)
    if (((next - home) & mask) < ((next - place) & mask)) continue
    slots[place] = slots[next]!
    slots[place + 1] = slots[next + 1]!
    place = next
  }
  slots[place] = 0
}

/** The same in twice the room, for slots of a ring of `capacity` of which those before `head` move behind the others. */
export function growSlotHash(slots: SlotHash, head: number, capacity: number): SlotHash {
  const bigger = new Int32Array(slots.length * 2)
  for (let place = 0; place < slots.length; place += 2) {
    const value = slots[place]!
    if (value === 0) continue
    const moved = (value > 0 ? value : -value) <= head ? capacity : 0
    putValue(bigger, slots[place + 1]!, value > 0 ? value + moved : value - moved)
  }
  return bigger
}
