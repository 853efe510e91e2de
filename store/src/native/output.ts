/** A byte buffer that grows by doubling; `length` bytes of it are written. */
export interface Output {
  bytes: Buffer
  length: number
}

/** Text as byte ranges: row → `bytes[starts[row], ends[row])`; a start below 0 is the empty text. */
export interface TextRanges {
  bytes: Buffer
  starts: Int32Array | Uint32Array
  ends: Int32Array | Uint32Array
  /** How many ranges count; all by default. */
  length?: number
}

/** Below this many bytes a loop copies faster than a native call. */
const LOOP_COPY_BYTES = 24
/** Three UTF-8 bytes a UTF-16 unit at most, so a text of up to this many units has a one-byte length. */
const ONE_BYTE_LENGTH_UNITS = 42

export function createOutput(capacityBytes: number): Output {
  return { bytes: Buffer.allocUnsafe(Math.max(64, capacityBytes)), length: 0 }
}

/** So much memory is kept whatever was written to it, and more while at least one part of so many was. */
const KEPT_BYTES = 1 << 18
const KEPT_FILL = 4

/** To write anew, where possible to the same memory: new pages cost as much as what is written to them. `used`: how much of it was needed last. */
export function clearOutput(out: Output, used = out.length): void {
  if (out.bytes.length > KEPT_BYTES && used * KEPT_FILL < out.bytes.length) out.bytes = Buffer.allocUnsafe(KEPT_BYTES)
  out.length = 0
}

/** Makes room for `more` bytes. */
export function reserve(out: Output, more: number): void {
  const needed = out.length + more
  if (needed <= out.bytes.length) return
  const grown = Buffer.allocUnsafe(Math.max(needed, out.bytes.length * 2))
  out.bytes.copy(grown, 0, 0, out.length)
  out.bytes = grown
}

export function writeVarint(out: Output, value: number): void {
  reserve(out, 8)
  out.length = putVarint(out.bytes, out.length, value)
}

/** `value` below 2^31; returns the position behind it. */
function putVarint(bytes: Buffer, at: number, value: number): number {
  while (value > 0x7f) {
    bytes[at++] = (value & 0x7f) | 0x80
    value >>>= 7
  }
  bytes[at++] = value
  return at
}

export function writeUint64(out: Output, value: number): void {
  reserve(out, 8)
  putUint64(out.bytes, out.length, value)
  out.length += 8
}

/** Exact for every integer of a double; negative ones in two's complement. */
function putUint64(bytes: Buffer, at: number, value: number): void {
  const low = value >>> 0
  const high = Math.floor(value / 0x1_0000_0000) >>> 0
  bytes[at] = low
  bytes[at + 1] = low >>> 8
  bytes[at + 2] = low >>> 16
  bytes[at + 3] = low >>> 24
  bytes[at + 4] = high
  bytes[at + 5] = high >>> 8
  bytes[at + 6] = high >>> 16
  bytes[at + 7] = high >>> 24
}

/** Each number as 8 bytes, little-endian. */
export function writeUint64s(out: Output, values: ArrayLike<number>, count: number): void {
  reserve(out, count * 8)
  const { bytes } = out
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let at = out.length
  for (let i = 0; i < count; i++, at += 8) {
    const value = values[i] ?? 0
    view.setUint32(at, value >>> 0, true)
    view.setUint32(at + 4, Math.floor(value / 0x1_0000_0000) >>> 0, true)
  }
  out.length = at
}

/** The bytes of a view as they lie in memory (little-endian, like ClickHouse). */
export function writeView(out: Output, view: ArrayBufferView): void {
  reserve(out, view.byteLength)
  out.bytes.set(new Uint8Array(view.buffer, view.byteOffset, view.byteLength), out.length)
  out.length += view.byteLength
}

export function writeText(out: Output, text: string): void {
  if (text.length <= ONE_BYTE_LENGTH_UNITS) {
    reserve(out, 1 + text.length * 3)
    const written = out.bytes.write(text, out.length + 1)
    out.bytes[out.length] = written
    out.length += 1 + written
    return
  }
  const size = Buffer.byteLength(text)
  reserve(out, size + 5)
  out.length = putVarint(out.bytes, out.length, size)
  out.length += out.bytes.write(text, out.length)
}

/** Every range with its length before it, in the order of `order` when given. */
export function writeRanges(out: Output, ranges: TextRanges, count: number, order: Uint32Array | Int32Array | undefined): void {
  const { bytes: source, starts, ends } = ranges
  reserve(out, rangesSize(ranges, count, order))
  const target = out.bytes
  let at = out.length
  for (let i = 0; i < count; i++) {
    const row = order === undefined ? i : (order[i] ?? 0)
    const start = starts[row] ?? -1
    const size = start < 0 ? 0 : (ends[row] ?? 0) - start
    at = putVarint(target, at, size)
    if (size < LOOP_COPY_BYTES) for (let b = 0; b < size; b++) target[at + b] = source[start + b] ?? 0
    else source.copy(target, at, start, start + size)
    at += size
  }
  out.length = at
}

function rangesSize(ranges: TextRanges, count: number, order: Uint32Array | Int32Array | undefined): number {
  const { starts, ends } = ranges
  let size = count * 5
  for (let i = 0; i < count; i++) {
    const row = order === undefined ? i : (order[i] ?? 0)
    const start = starts[row] ?? -1
    if (start < 0) continue
    const length = (ends[row] ?? 0) - start
    if (length < 0) throw new RangeError(`range ${row} ends before it starts`)
    size += length
  }
  return size
}
