/** Numbers by id for one trace: what it adds is counted once a trace, however many of its spans say it. Used again for every trace. */
export interface Tally {
  size: number
  width: number
  /** Entry → id, and `width` numbers. */
  ids: Int32Array
  numbers: Float64Array
  /** Entry → the most of any span, and which span that was. */
  mostNs: Float64Array
  most: Int32Array
  /** Id → entry + 1, 0 = none. */
  entries: Int32Array
}

const INITIAL = 64

export function createTally(width: number): Tally {
  return {
    ...{ size: 0, width, ids: new Int32Array(INITIAL), numbers: new Float64Array(INITIAL * width) },
    ...{ mostNs: new Float64Array(INITIAL), most: new Int32Array(INITIAL), entries: new Int32Array(INITIAL) },
  }
}

/** The entry of an id, with zeros when it is new. */
export function entryOf(tally: Tally, id: number): number {
  if (id >= tally.entries.length) {
    const entries = new Int32Array(Math.max(id + 1, tally.entries.length * 2))
    entries.set(tally.entries)
    tally.entries = entries
  }
  const known = tally.entries[id]!
  if (known > 0) return known - 1
  if (tally.size === tally.ids.length) grow(tally)
  const entry = tally.size++
  tally.entries[id] = entry + 1
  tally.ids[entry] = id
  tally.mostNs[entry] = -1
  tally.most[entry] = -1
  tally.numbers.fill(0, entry * tally.width, (entry + 1) * tally.width)
  return entry
}

export function addNumber(tally: Tally, entry: number, which: number, amount: number): void {
  const at = entry * tally.width + which
  tally.numbers[at] = tally.numbers[at]! + amount
}

/** Remembers the span that took most. */
export function seeSpan(tally: Tally, entry: number, span: number, ns: number): void {
  if (ns <= tally.mostNs[entry]!) return
  tally.mostNs[entry] = ns
  tally.most[entry] = span
}

export function clearTally(tally: Tally): void {
  for (let entry = 0; entry < tally.size; entry++) tally.entries[tally.ids[entry]!] = 0
  tally.size = 0
}

function grow(tally: Tally): void {
  const capacity = tally.ids.length * 2
  const ids = new Int32Array(capacity)
  ids.set(tally.ids)
  const numbers = new Float64Array(capacity * tally.width)
  numbers.set(tally.numbers)
  const mostNs = new Float64Array(capacity)
  mostNs.set(tally.mostNs)
  const most = new Int32Array(capacity)
  most.set(tally.most)
  Object.assign(tally, { ids, numbers, mostNs, most })
}
