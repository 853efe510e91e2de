/** Bytes written one after the other; grows by doubling and is used again with `length = 0`. */
export interface ByteOutput {
  bytes: Buffer
  length: number
}

export function createByteOutput(capacityBytes: number): ByteOutput {
  return { bytes: Buffer.allocUnsafeSlow(capacityBytes), length: 0 }
}

/** Makes room for `more` bytes; `bytes` may be another buffer afterwards. */
export function reserveBytes(out: ByteOutput, more: number): void {
  const needed = out.length + more
  if (needed <= out.bytes.length) return
  const grown = Buffer.allocUnsafeSlow(Math.max(needed, out.bytes.length * 2))
  out.bytes.copy(grown, 0, 0, out.length)
  out.bytes = grown
}
