import { createInput, type Input } from './input.ts'

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
    input.skipNames()
    const seconds = new Uint32Array(input.take(count * 4))
    const columns = widths.map((width) => {
      input.skipNames()
      return readArrays(input, count, width)
    })
    for (let row = 0; row < count; row++) rows.push({ seconds: seconds[row]!, columns: columns.map((column) => column[row]!) })
  }
  return rows
}

function readArrays(input: Input, rows: number, width: number): ArrayBuffer[] {
  const halves = new Uint32Array(input.take(rows * 8))
  return Array.from({ length: rows }, (_, row) => input.take((halves[row * 2]! - (row === 0 ? 0 : halves[row * 2 - 2]!)) * width))
}
