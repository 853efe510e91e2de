/** Reads an answer in Native format from its start. */
export interface Input {
  varint(): number
  /** An aligned copy. */
  take(length: number): ArrayBuffer
  /** The bytes where they lie. */
  view(length: number): Uint8Array
  /** A column's name and type. */
  skipNames(): void
  atEnd(): boolean
}

export function createInput(bytes: Uint8Array): Input {
  let at = 0
  const varint = (): number => {
    const byte = bytes[at++]
    if (byte === undefined) throw new RangeError('the answer ends in the middle of a block')
    return byte < 128 ? byte : (byte & 127) + 128 * varint()
  }
  const skip = (length: number): void => {
    if (at + length > bytes.length) throw new RangeError('the answer ends in the middle of a block')
    at += length
  }
  return {
    varint,
    take(length) {
      skip(length)
      return Uint8Array.prototype.slice.call(bytes, at - length, at).buffer as ArrayBuffer
    },
    view(length) {
      skip(length)
      return bytes.subarray(at - length, at)
    },
    skipNames() {
      skip(varint())
      skip(varint())
    },
    atEnd: () => at >= bytes.length,
  }
}
