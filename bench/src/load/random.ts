/** A seeded source of numbers: the same seed gives the same load everywhere. */
export interface Random {
  /** In [0, 1). */
  fraction(): number
  /** An integer in [0, below). */
  below(limit: number): number
  pick<T>(items: readonly [T, ...T[]]): T
  /** `digits` hex digits. */
  hex(digits: number): string
  uuid(): string
  /** Fills the bytes, never all with 0. */
  id(bytes: number): Uint8Array
}

/** mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed | 0
  const uint32 = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number): number => Math.floor((uint32() / 0x1_0000_0000) * limit)
  const hex = (digits: number): string => {
    let text = ''
    while (text.length < digits) text += uint32().toString(16).padStart(8, '0')
    return text.slice(0, digits)
  }
  return {
    fraction: () => uint32() / 0x1_0000_0000,
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    id: (bytes) => {
      const id = new Uint8Array(bytes)
      const view = new DataView(id.buffer)
      for (let at = 0; at < bytes; at += 4) view.setUint32(at, uint32())
      id[0] = (id[0] ?? 0) | 1
      return id
    },
  }
}

/** One of them, each as often as its weight says; undefined when there are none. */
export function pickWeighted<T>(random: Random, choices: readonly (readonly [T, number])[]): T | undefined {
  let rest = random.fraction() * choices.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [choice, weight] of choices) {
    rest -= weight
    if (rest < 0) return choice
  }
  return choices[0]?.[0]
}
