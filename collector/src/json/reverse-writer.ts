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

/** The written bytes are the last of `buffer`, from `at` on. */
interface Tail {
  buffer: Buffer
  at: number
}

export function createReverseWriter(initialBytes: number): ReverseWriter {
  const buffer = Buffer.allocUnsafe(Math.max(initialBytes, 64))
  const tail: Tail = { buffer, at: buffer.length }
  return {
    mark: () => tail.buffer.length - tail.at,
    closeMessage(field, mark) {
      writeVarint(tail, tail.buffer.length - tail.at - mark)
      writeVarint(tail, (field << 3) | WireType.bytes)
    },
    text(field, value) {
      const length = Buffer.byteLength(value)
      makeRoom(tail, length)
      tail.at -= length
      tail.buffer.write(value, tail.at, length, 'utf8')
      writeVarint(tail, length)
      writeVarint(tail, (field << 3) | WireType.bytes)
    },
    bytes(field, value) {
      makeRoom(tail, value.length)
      tail.at -= value.length
      tail.buffer.set(value, tail.at)
      writeVarint(tail, value.length)
      writeVarint(tail, (field << 3) | WireType.bytes)
    },
    uint(field, value) {
      writeVarint(tail, value)
      writeVarint(tail, (field << 3) | WireType.varint)
    },
    int64(field, value) {
      writeInt64(tail, value)
      writeVarint(tail, (field << 3) | WireType.varint)
    },
    fixed64: (field, value) => writeFixed(tail, (field << 3) | WireType.fixed64, 8, (at) => tail.buffer.writeBigUInt64LE(BigInt.asUintN(64, value), at)),
    fixed32: (field, value) => writeFixed(tail, (field << 3) | WireType.fixed32, 4, (at) => tail.buffer.writeUInt32LE(value >>> 0, at)),
    double: (field, value) => writeFixed(tail, (field << 3) | WireType.fixed64, 8, (at) => tail.buffer.writeDoubleLE(value, at)),
    finish: () => tail.buffer.subarray(tail.at),
  }
}

function makeRoom(tail: Tail, bytes: number): void {
  if (tail.at >= bytes) return
  const used = tail.buffer.length - tail.at
  const bigger = Buffer.allocUnsafe(Math.max(tail.buffer.length * 2, used + bytes))
  tail.buffer.copy(bigger, bigger.length - used, tail.at)
  tail.buffer = bigger
  tail.at = bigger.length - used
}

function writeVarint(tail: Tail, value: number): void {
  let length = 1
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) length++
  makeRoom(tail, length)
  tail.at -= length
  let rest = value
  for (let i = 0; i < length; i++) {
    tail.buffer[tail.at + i] = i === length - 1 ? rest : (rest % 128) + 128
    rest = Math.floor(rest / 128)
  }
}

function writeInt64(tail: Tail, value: bigint): void {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, value)
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  makeRoom(tail, bytes.length)
  tail.at -= bytes.length
  tail.buffer.set(bytes, tail.at)
}

function writeFixed(tail: Tail, tag: number, bytes: number, write: (at: number) => void): void {
  makeRoom(tail, bytes)
  tail.at -= bytes
  write(tail.at)
  writeVarint(tail, tag)
}
