const text = new TextEncoder()

/** 64 bits of a service and the template as it was made: partitions that meet the same line first give it the same id. Never 0. */
export function patternId(service: string, template: Uint8Array): { low: number; high: number } {
  const bytes = new Uint8Array([...text.encode(service), 0, ...template])
  const low = hash(bytes, 0x811c9dc5)
  return { low: low === 0 ? 1 : low, high: hash(bytes, 0x9e3779b1) }
}

/** FNV-1a, finished like murmur3; unsigned. */
function hash(bytes: Uint8Array, seed: number): number {
  let h = seed
  for (const byte of bytes) h = Math.imul(h ^ byte, 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
