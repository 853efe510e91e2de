/** CRC-32 (IEEE) as zlib has it: bits reversed. A checksum is a polynomial over GF(2), of which bit 31 is the constant term. */
const POLYNOMIAL = 0xedb88320
const ONE = 0x80000000 | 0

/**
 * Checksum of two runs of bytes, one behind the other, from the checksum of each and the length of the second: a microsecond however long they
 * are, where reading 40 KiB takes eight.
 */
export function joinCrc32(first: number, second: number, secondBytes: number): number {
  return (multiply(zeroBytes(secondBytes), first) ^ second) >>> 0
}

/** x to the power of 8 × `count`: what so many zero bytes behind a run multiply its checksum by. */
function zeroBytes(count: number): number {
  let product = ONE
  for (let rest = count, power = 3; rest > 0; rest = Math.floor(rest / 2), power++) {
    if (rest % 2 === 1) product = multiply(SQUARES[power % SQUARES.length] as number, product)
  }
  return product
}

/** Product modulo the polynomial; signed 32-bit integers in and out. */
function multiply(left: number, right: number): number {
  let product = 0
  let shifted = right
  for (let mask = ONE; mask !== 0; mask >>>= 1) {
    if ((left & mask) !== 0) product ^= shifted
    shifted = (shifted & 1) !== 0 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1
  }
  return product
}

/** x to the power of 2 to the power of the index; the 32nd is the 0th again. */
const SQUARES: readonly number[] = squares()

function squares(): number[] {
  const found = [0x40000000]
  while (found.length < 32) {
    const last = found.at(-1) as number
    found.push(multiply(last, last))
  }
  return found
}
