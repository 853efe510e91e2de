/** Unix ns as two words of 32 bits, as they stand in payloads and columns. */

const NS_PER_MS = 1e6
const HIGH_MS = 2 ** 32 / NS_PER_MS
const NS_PER_SECOND = 1e9
const HIGH_SECONDS = 2 ** 32 / NS_PER_SECOND

/** Unix ms, fractions included. */
export function msOfWords(low: number, high: number): number {
  return high * HIGH_MS + low / NS_PER_MS
}

/** Unix seconds, fractions included. */
export function secondsOfWords(low: number, high: number): number {
  return high * HIGH_SECONDS + low / NS_PER_SECOND
}

export function wordsOfNs(ns: bigint): { low: number; high: number } {
  return { low: Number(ns & 0xffff_ffffn), high: Number((ns >> 32n) & 0xffff_ffffn) }
}

export function nsOfWords(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low)
}
