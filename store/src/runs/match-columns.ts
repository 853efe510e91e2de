/** Step matches as columns, in any order. */
export interface MatchColumns {
  readonly length: number
  /** Low and high half of the hash of each key; 0 = the record has none. */
  readonly keys: Uint32Array
  /** ns after the origin of the question. */
  readonly at: Float64Array
  /** Step × 2, and 1 more when the record is an error. */
  readonly code: Uint8Array
  /** ns. */
  readonly took: Float64Array
}

const SMALL = 24

/** Numbers of the matches, key by key, each key's by time; matches of one time by step, then without error first, then by duration. */
export function sortMatches(matches: MatchColumns): Uint32Array {
  const { length, keys } = matches
  const order = new Uint32Array(length)
  const bits = Math.min(20, Math.max(1, 31 - Math.clz32(length | 1)))
  const ends = new Uint32Array(2 ** bits + 1)
  const binOf = (match: number): number => keys[match * 2 + 1]! >>> (32 - bits)
  for (let match = 0; match < length; match++) ends[binOf(match) + 1]!++
  for (let bin = 0; bin < ends.length - 1; bin++) ends[bin + 1]! += ends[bin]!
  const next = ends.slice()
  for (let match = 0; match < length; match++) order[next[binOf(match)]!++] = match
  for (let bin = 0; bin + 1 < ends.length; bin++) sortBin(matches, order, ends[bin]!, ends[bin + 1]!)
  return order
}

function sortBin(matches: MatchColumns, order: Uint32Array, from: number, to: number): void {
  if (to - from > SMALL) {
    order.subarray(from, to).sort((a, b) => compare(matches, a, b))
    return
  }
  for (let at = from + 1; at < to; at++) {
    const match = order[at]!
    let place = at
    for (; place > from && compare(matches, order[place - 1]!, match) > 0; place--) order[place] = order[place - 1]!
    order[place] = match
  }
}

function compare({ keys, at, code, took }: MatchColumns, a: number, b: number): number {
  return keys[a * 2 + 1]! - keys[b * 2 + 1]! || keys[a * 2]! - keys[b * 2]! || at[a]! - at[b]! || code[a]! - code[b]! || took[a]! - took[b]!
}

export function sameKey({ keys }: MatchColumns, a: number, b: number): boolean {
  return keys[a * 2] === keys[b * 2] && keys[a * 2 + 1] === keys[b * 2 + 1]
}

export function hasKey({ keys }: MatchColumns, match: number): boolean {
  return keys[match * 2] !== 0 || keys[match * 2 + 1] !== 0
}
