import { createInput } from './input.ts'

/** Bytes of a number, or a `Map(Int16, Int64)`, which is read as three columns: where the entries of each row end (UInt64), keys, values. */
export type ColumnKind = 1 | 2 | 4 | 8 | 'histogram'

/** Rows as the engine has them, column by column; each its own, aligned copy. */
export interface ReadBlock {
  readonly rows: number
  readonly columns: readonly ArrayBuffer[]
}

/** Reads an answer in Native format. */
export function readColumns(bytes: Uint8Array, kinds: readonly ColumnKind[]): ReadBlock[] {
  const input = createInput(bytes)
  const blocks: ReadBlock[] = []
  while (!input.atEnd()) {
    input.varint()
    const rows = input.varint()
    const columns = kinds.flatMap((kind) => {
      input.skipNames()
      if (kind !== 'histogram') return [input.take(rows * kind)]
      const ends = input.take(rows * 8)
      const entries = rows === 0 ? 0 : new Uint32Array(ends)[rows * 2 - 2]!
      return [ends, input.take(entries * 2), input.take(entries * 8)]
    })
    blocks.push({ rows, columns })
  }
  return blocks
}

/** Reads numbers and ids of so many bytes, all blocks of a column as one: what is read is copied once. */
export function readWholeColumns(bytes: Uint8Array, widths: readonly (1 | 2 | 4 | 8 | 16)[]): ReadBlock {
  const input = createInput(bytes)
  const pieces = widths.map((): Uint8Array[] => [])
  let rows = 0
  while (!input.atEnd()) {
    input.varint()
    const more = input.varint()
    rows += more
    for (const [column, width] of widths.entries()) {
      input.skipNames()
      pieces[column]!.push(input.view(more * width))
    }
  }
  return { rows, columns: pieces.map((own, column) => joined(own, rows * widths[column]!)) }
}

function joined(pieces: readonly Uint8Array[], length: number): ArrayBuffer {
  const whole = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole.buffer
}
