import { WireType } from '@skein/schemas/otlp-wire'

/**
 * Writes protobuf from its end to its start, so that the length of a message is known when its prefix is written and
 * nothing is measured beforehand. Fields come out in the reverse of the order they are written in.
 */
export interface ReverseWriter {
  /** Position to be given to `closeMessage` of the message that begins to be written. */
  mark(): number
  /** Prefixes everything written since `mark` with tag and length. */
  closeMessage(field: number, mark: number): void
  text(field: number, value: string): void
  bytes(field: number, value: Uint8Array): void
  /** A non-negative integer below 2^53. */
  uint(field: number, value: number): void
  /** Two's complement of a 64-bit integer. */
  int64(field: number, value: bigint): void
  fixed64(field: number, value: bigint): void
  fixed32(field: number, value: number): void
  double(field: number, value: number): void
  finish(): Buffer
}

export function createReverseWriter(initialBytes: number): ReverseWriter {
  let buffer = Buffer.allocUnsafe(Math.max(initialBytes, 64))
  let at = buffer.length

  function room(bytes: number): void {
    if (at >= bytes) return
    const used = buffer.length - at
    const bigger = Buffer.allocUnsafe(Math.max(buffer.length * 2, used + bytes))
    buffer.copy(bigger, bigger.length - used, at)
    buffer = bigger
    at = bigger.length - used
  }

  function varint(value: number): void {
    let length = 1
    for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) length++
    room(length)
    at -= length
    let rest = value
    for (let i = 0; i < length; i++) {
      buffer[at + i] = i === length - 1 ? rest : (rest % 128) + 128
      rest = Math.floor(rest / 128)
    }
  }

  function fixed(field: number, wireType: number, bytes: number): void {
    room(bytes + 5)
    at -= bytes
    // The tag goes in front; the caller then fills the bytes behind it.
    varint((field << 3) | wireType)
  }

  return {
    mark: () => buffer.length - at,
    closeMessage(field, mark) {
      varint(buffer.length - at - mark)
      varint((field << 3) | WireType.bytes)
    },
    text(field, value) {
      const length = Buffer.byteLength(value)
      room(length)
      at -= length
      buffer.write(value, at, length, 'utf8')
      varint(length)
      varint((field << 3) | WireType.bytes)
    },
    bytes(field, value) {
      room(value.length)
      at -= value.length
      buffer.set(value, at)
      varint(value.length)
      varint((field << 3) | WireType.bytes)
    },
    uint(field, value) {
      varint(value)
      varint((field << 3) | WireType.varint)
    },
    int64(field, value) {
      let rest = BigInt.asUintN(64, value)
      const bytes: number[] = []
      while (rest > 127n) {
        bytes.push(Number(rest & 127n) | 128)
        rest >>= 7n
      }
      bytes.push(Number(rest))
      room(bytes.length)
      at -= bytes.length
      buffer.set(bytes, at)
      varint((field << 3) | WireType.varint)
    },
    fixed64(field, value) {
      fixed(field, WireType.fixed64, 8)
      buffer.writeBigUInt64LE(BigInt.asUintN(64, value), tagEnd(buffer, at))
    },
    fixed32(field, value) {
      fixed(field, WireType.fixed32, 4)
      buffer.writeUInt32LE(value >>> 0, tagEnd(buffer, at))
    },
    double(field, value) {
      fixed(field, WireType.fixed64, 8)
      buffer.writeDoubleLE(value, tagEnd(buffer, at))
    },
    finish: () => buffer.subarray(at),
  }
}

function tagEnd(buffer: Buffer, at: number): number {
  let end = at
  while (buffer[end]! > 127) end++
  return end + 1
}
