/** A seeded random number in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

/** A copy that is cut short, has a piece left out, or has some bytes changed. */
export function mutate(original: Uint8Array, random: () => number): Buffer {
  const bytes = Buffer.from(original)
  const place = (): number => Math.floor(random() * bytes.length)
  const kind = random()
  if (kind < 0.2) return bytes.subarray(0, place())
  if (kind < 0.4) {
    const at = place()
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + Math.floor(random() * 40))])
  }
  for (let changes = 1 + Math.floor(random() * 5); changes > 0; changes--) bytes[place()] = kind < 0.7 ? Math.floor(random() * 256) : 0xff
  return bytes
}
