const ZERO = 0x30
const DAY_SECONDS = 86_400

/**
 * Unix ns of `2026-11-25T20:00:00.123456789Z` or with `+08:00`, digits of the second as many as there are; null for anything else.
 * Reads bytes: a container log has one a line.
 */
export function parseRfc3339(bytes: Buffer, start: number, end: number): bigint | null {
  if (end - start < 20 || !shaped(bytes, start)) return null
  const days = daysFromCivil(digits(bytes, start, 4), digits(bytes, start + 5, 2), digits(bytes, start + 8, 2))
  const seconds = digits(bytes, start + 11, 2) * 3600 + digits(bytes, start + 14, 2) * 60 + digits(bytes, start + 17, 2)
  let at = start + 19
  let nanos = 0
  if (bytes[at] === 0x2e) {
    at++
    let unit = 100_000_000
    for (; at < end && isDigit(bytes[at]); at++) {
      nanos += ((bytes[at] ?? ZERO) - ZERO) * unit
      unit = Math.floor(unit / 10)
    }
  }
  const zone = zoneSeconds(bytes, at, end)
  if (zone === null || Number.isNaN(days + seconds)) return null
  return BigInt(days * DAY_SECONDS + seconds - zone) * 1_000_000_000n + BigInt(nanos)
}

function shaped(bytes: Buffer, start: number): boolean {
  const separator = bytes[start + 10]
  return (
    bytes[start + 4] === 0x2d &&
    bytes[start + 7] === 0x2d &&
    (separator === 0x54 || separator === 0x20) &&
    bytes[start + 13] === 0x3a &&
    bytes[start + 16] === 0x3a
  )
}

function zoneSeconds(bytes: Buffer, at: number, end: number): number | null {
  if (bytes[at] === 0x5a) return at + 1 === end ? 0 : null
  const sign = bytes[at] === 0x2b ? 1 : bytes[at] === 0x2d ? -1 : 0
  if (sign === 0 || at + 6 !== end || bytes[at + 3] !== 0x3a) return null
  return sign * (digits(bytes, at + 1, 2) * 3600 + digits(bytes, at + 4, 2) * 60)
}

/** NaN when one of them is no digit. */
function digits(bytes: Buffer, start: number, count: number): number {
  let value = 0
  for (let at = start; at < start + count; at++) value = isDigit(bytes[at]) ? value * 10 + (bytes[at] ?? ZERO) - ZERO : Number.NaN
  return value
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= 0x39
}

/** Days since 1970-01-01 in the Gregorian calendar; years are counted from March, so that the leap day is the last. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}
