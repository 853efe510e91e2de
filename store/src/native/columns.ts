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
