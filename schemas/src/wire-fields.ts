import { WireType } from './otlp-wire.ts'

/** One field of a protobuf message. */
export interface WireField {
  number: number
  /** Varints as unsigned 64 bits; fixed64 as its bits; 0 for bytes. */
  bits: bigint
  bytes: Uint8Array
}

const NO_BYTES = new Uint8Array(0)

/**
 * Fields of a message in order. Bytes that are cut short or make no sense end it: what came before is still worth showing,
 * and nothing here can throw or read outside its slice.
 */
export function* wireFields(message: Uint8Array): Generator<WireField> {
  let at = 0
  while (at < message.byteLength) {
    const tag = readVarint(message, at)
    const read = tag === null ? null : readValue(message, tag.next, Number(tag.value & 7n))
    if (tag === null || read === null) return
    at = read.next
    yield { number: Number(tag.value >> 3n), bits: read.bits, bytes: read.bytes }
  }
}

function readValue(message: Uint8Array, at: number, type: number): { bits: bigint; bytes: Uint8Array; next: number } | null {
  if (type === WireType.fixed64 || type === WireType.fixed32) return readFixed(message, at, type === WireType.fixed64 ? 8 : 4)
  const varint = readVarint(message, at)
  if (varint === null) return null
  if (type === WireType.varint) return { bits: varint.value, bytes: NO_BYTES, next: varint.next }
  if (type !== WireType.bytes || varint.value > BigInt(message.byteLength - varint.next)) return null
  const next = varint.next + Number(varint.value)
  return { bits: 0n, bytes: message.subarray(varint.next, next), next }
}

function readFixed(message: Uint8Array, at: number, size: 4 | 8): { bits: bigint; bytes: Uint8Array; next: number } | null {
  if (at + size > message.byteLength) return null
  const view = new DataView(message.buffer, message.byteOffset + at, size)
  return { bits: size === 8 ? view.getBigUint64(0, true) : BigInt(view.getUint32(0, true)), bytes: NO_BYTES, next: at + size }
}

/** The bits of an `int64`: a number, or beyond the safe ones its decimal text. */
export function integerOf(bits: bigint): number | string {
  const value = BigInt.asIntN(64, bits)
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value.toString()
}

/** The bits of a `double`. */
export function doubleOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, bits)
  return view.getFloat64(0)
}

/** Messages that follow each other, each with its varint length before it. */
export function* lengthPrefixed(messages: Uint8Array): Generator<Uint8Array> {
  let at = 0
  while (at < messages.byteLength) {
    const length = readVarint(messages, at)
    if (length === null || length.value > BigInt(messages.byteLength - length.next)) return
    at = length.next + Number(length.value)
    yield messages.subarray(length.next, at)
  }
}

function readVarint(bytes: Uint8Array, start: number): { value: bigint; next: number } | null {
  let value = 0n
  for (let i = 0; i < 10; i++) {
    const byte = bytes[start + i]
    if (byte === undefined) return null
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), next: start + i + 1 }
  }
  return null
}
