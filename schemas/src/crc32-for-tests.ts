/** CRC-32 bit by bit, as slow as it is plain. */
export function crc32(bytes: Uint8Array, value = 0): number {
  let crc = ~value
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
