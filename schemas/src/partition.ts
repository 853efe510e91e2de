/**
 * Which partition a trace goes to. Every producer of `skein.traces` uses this, so all spans of a trace meet in one partition.
 *
 * The low 8 bytes of the 16-byte trace id (the part that is random even in 64-bit ids padded to 128) are read as two
 * big-endian 32-bit words, high and low. The hash is fmix32(fmix32(high) XOR low), fmix32 being murmur3's 32-bit
 * finaliser; the inner one keeps ids with two equal words, which people write by hand, from all meeting in one place. The
 * partition is the hash, unsigned, modulo the number of partitions.
 */

/** Murmur3's 32-bit finaliser; the result is a signed 32-bit integer. */
export function fmix32(value: number): number {
  let h = value ^ (value >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Hash of the trace id whose 16 bytes start at `offset`; signed 32-bit. */
export function traceHash(bytes: Uint8Array, offset: number): number {
  const high = (bytes[offset + 8]! << 24) | (bytes[offset + 9]! << 16) | (bytes[offset + 10]! << 8) | bytes[offset + 11]!
  const low = (bytes[offset + 12]! << 24) | (bytes[offset + 13]! << 16) | (bytes[offset + 14]! << 8) | bytes[offset + 15]!
  return fmix32(fmix32(high) ^ low)
}

/** `hash` of `traceHash` or `textHash` → 0 … partitions − 1. */
export function partitionOfHash(hash: number, partitions: number): number {
  return (hash >>> 0) % partitions
}

export function partitionOfTrace(traceId: Uint8Array, partitions: number): number {
  return partitionOfHash(traceHash(traceId, 0), partitions)
}

const FNV_START = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** For what has no trace: FNV-1a over the UTF-8 bytes, then `fmix32`. */
export function textHash(text: string): number {
  let h = FNV_START
  for (const byte of new TextEncoder().encode(text)) h = Math.imul(h ^ byte, FNV_PRIME)
  return fmix32(h)
}

/** For records without a trace: the same over the bytes of ranges `first` … `last` − 1, each its start and its end in `ranges`. */
export function rangesHash(bytes: Uint8Array, ranges: Int32Array, first: number, last: number): number {
  let h = FNV_START
  for (let range = first; range < last; range++) {
    const end = ranges[range * 2 + 1]!
    for (let at = ranges[range * 2]!; at < end; at++) h = Math.imul(h ^ bytes[at]!, FNV_PRIME)
  }
  return fmix32(h)
}
