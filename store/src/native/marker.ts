import { TABLES, type TableName } from '../tables.ts'
import { columnShape } from './column-type.ts'
import { createNativeBlock, type NativeBlock } from './block.ts'

const SECONDS_PER_DAY = 86_400

/**
 * The rows by which a block says that it was inserted: one for each day (Unix day number) with tenant '', the token in the table's
 * marker column and defaults elsewhere. They lie in the same parts as the data, so they are durable together.
 */
export function createMarkerBlock(table: TableName, days: readonly number[], token: string): Uint8Array {
  const { columns, day, marker } = TABLES[table]
  const block = createNativeBlock(columns, days.length)
  for (const [column, type] of Object.entries(columns)) {
    if (column === day) writeDays(block, { column, type, days })
    else writeSame(block, { column, type, text: column === marker ? token : '', rows: days.length })
  }
  return block.finish()
}

function writeDays(block: NativeBlock, options: { column: string; type: string; days: readonly number[] }): void {
  const { column, type, days } = options
  if (type === 'Date') block.fixed(column, Uint16Array.from(days))
  else if (type === 'DateTime')
    block.fixed(
      column,
      Uint32Array.from(days, (day) => day * SECONDS_PER_DAY),
    )
  else if (type === 'DateTime64(3)')
    block.integers(
      column,
      days.map((day) => day * SECONDS_PER_DAY * 1000),
    )
  else throw new TypeError(`column ${column} of type ${type} cannot name a day`)
}

function writeSame(block: NativeBlock, options: { column: string; type: string; text: string; rows: number }): void {
  const { column, type, text, rows } = options
  const shape = columnShape(type)
  const none = new Uint32Array(rows)
  switch (shape.kind) {
    case 'fixed':
      return block.fixed(column, new Uint8Array(rows * shape.width))
    case 'text':
      return block.texts(column, Array<string>(rows).fill(text))
    case 'lowCardinality':
      return block.lowCardinality(column, [text], none)
    case 'lowCardinalityArray':
      return block.lowCardinalityArrays(column, none, [], new Uint8Array(0))
    case 'fixedArray':
      return block.fixedArrays(column, none, new Uint8Array(0))
    case 'map':
      return block.maps(column, none, new Int16Array(0), [])
  }
}
