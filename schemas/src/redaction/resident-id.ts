/** GB 11643: weight of each of the first 17 digits; the sum modulo 11 chooses the last character. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'
/** First two digits of the region, by tens: which units there are. */
const PROVINCES = new Set([
  11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
])
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const FIRST_YEAR = 1900
const LAST_YEAR = 2099

/** Whether the 18 characters from `at` on, 17 of them digits, are the number of a Chinese resident: region, birthday and checksum. */
export function isResidentId(bytes: Uint8Array, at: number): boolean {
  const number = (from: number, length: number): number => {
    let value = 0
    for (let i = from; i < from + length; i++) value = value * 10 + bytes[at + i]! - 0x30
    return value
  }
  const year = number(6, 4)
  const days = DAYS[number(10, 2) - 1]
  const day = number(12, 2)
  if (!PROVINCES.has(number(0, 2)) || year < FIRST_YEAR || year > LAST_YEAR || days === undefined || day < 1 || day > days) return false
  let sum = 0
  for (let i = 0; i < 17; i++) sum += (bytes[at + i]! - 0x30) * WEIGHTS[i]!
  return CHECKS.charCodeAt(sum % 11) === (bytes[at + 17]! === 0x78 ? 0x58 : bytes[at + 17]!)
}
