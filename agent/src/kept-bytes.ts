/**
 * A copy for keeping. Small buffers are cut from pieces of 8 KiB, and one that stays holds its whole piece: of a thousand files that would be tens of
 * megabytes.
 */
export function keptBytes(bytes: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(copy)
  return copy
}
