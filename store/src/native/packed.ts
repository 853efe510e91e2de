/**
 * Reads an answer in Native format whose rows are a time and packed columns: the first column UInt32, every other an array of numbers of
 * `widths` bytes. Each column of a row comes as its own, aligned copy.
 */
export interface PackedRow {
  readonly seconds: number
  readonly columns: readonly ArrayBuffer[]
}

export function readPacked(bytes: Uint8Array, widths: readonly number[]): PackedRow[] {
  const input = createInput(bytes)
  const rows: PackedRow[] = []
  while (!input.atEnd()) {
    input.varint()
    const count = input.varint()
    skipNames(input)
    const seconds = new Uint32Array(input.take(count * 4))
    const columns = widths.map((width) => {
      skipNames(input)
      return readArrays(input, count, width)
    })
    for (let row = 0; row < count; row++) rows.push({ seconds: seconds[row]!, columns: columns.map((column) => column[row]!) })
  }
  return rows
}

interface Input {
  varint(): number
  take(length: number): ArrayBuffer
  atEnd(): boolean
}

function createInput(bytes: Uint8Array): Input {
  let at = 0
  const varint = (): number => {
    const byte = bytes[at++]
    if (byte === undefined) throw new RangeError('the answer ends in the middle of a block')
    return byte < 128 ? byte : (byte & 127) + 128 * varint()
  }
  return {
    varint,
    take(length) {
      if (at + length > bytes.length) throw new RangeError('the answer ends in the middle of a block')
      at += length
      return Uint8Array.prototype.slice.call(bytes, at - length, at).buffer as ArrayBuffer
    },
    atEnd: () => at >= bytes.length,
  }
}

/** A column's name and type. */
function skipNames(input: Input): void {
  input.take(input.varint())
  input.take(input.varint())
}

function readArrays(input: Input, rows: number, width: number): ArrayBuffer[] {
  const halves = new Uint32Array(input.take(rows * 8))
  return Array.from({ length: rows }, (_, row) => input.take((halves[row * 2]! - (row === 0 ? 0 : halves[row * 2 - 2]!)) * width))
}
