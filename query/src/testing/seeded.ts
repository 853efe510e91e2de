/** A number in [0, 1) that is always the same for the same parts. */
export function seeded(...parts: (string | number)[]): number {
  let hash = 0x811c9dc5
  for (const char of parts.join('|')) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** `digits` hex digits, always the same for the same parts, never all 0. */
export function seededHex(digits: number, ...parts: (string | number)[]): string {
  let hex = ''
  for (let i = 0; hex.length < digits; i++)
    hex += Math.floor(seeded(i, ...parts) * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  return `${hex.slice(0, digits - 1)}1`
}

/** How busy a TV operator is at a time: least at 05:00, most at 20:00 UTC+8, between 0.2 and 1. */
export function primeTime(timeMs: number): number {
  const hour = (timeMs / 3_600_000 + 8) % 24
  return 0.6 + 0.4 * Math.cos(((hour - 20.5) / 24) * 2 * Math.PI)
}
