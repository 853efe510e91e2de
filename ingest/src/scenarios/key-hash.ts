/** Two halves of a hash whose high half spreads keys evenly: samples of keys are ranges of it. '' is 0, and nothing else is. */
export function hashKey(key: string, into: Uint32Array, at: number): void {
  if (key === '') {
    into.fill(0, at, at + 2)
    return
  }
  let low = 0x811c9dc5
  let high = 0x9747b28c
  for (const byte of Buffer.from(key)) {
    low = Math.imul(low ^ byte, 0x01000193)
    high = Math.imul((high << 5) ^ (high >>> 27) ^ byte, 0x5bd1e995)
  }
  into[at] = mixed(low) || 1
  into[at + 1] = mixed(high ^ low)
}

function mixed(value: number): number {
  let mix = value
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b)
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35)
  return (mix ^ (mix >>> 16)) >>> 0
}
