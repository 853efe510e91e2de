import { createNativeBlock, type NativeBlock } from '@skein/store/native/block'
import { TABLES, type TableName } from '@skein/store/tables'
import type { Buckets } from '../topology/histogram-table.ts'
import { dictionaryOf } from './dictionary.ts'
import type { BuiltBlock } from './row-builder.ts'

const MINUTES_PER_DAY = 1440

/** Rows of a table that is summed up by minute (Unix minutes), as a block; none for none. `columns` writes every column of the table in its order. */
export function encodeRows<Row extends { minute: number }>(table: TableName, rows: readonly Row[], columns: (write: Columns<Row>) => void): BuiltBlock[] {
  if (rows.length === 0) return []
  const block = createNativeBlock(TABLES[table].columns, rows.length)
  columns(createColumns(block, rows))
  return [{ table, block: block.finish(), rows: rows.length, days: daysOfMinutes(rows.map(({ minute }) => minute)) }]
}

/** Unix minutes → the Unix days that they lie in, each once and in order. */
export function daysOfMinutes(minutes: Iterable<number>): number[] {
  const days = new Set<number>()
  for (const minute of minutes) days.add(Math.floor(minute / MINUTES_PER_DAY))
  return [...days].sort((a, b) => a - b)
}

/** Writes one column of all rows. */
export interface Columns<Row> {
  text(column: string, value: (row: Row) => string): void
  textArrays(column: string, value: (row: Row) => readonly string[]): void
  integer(column: string, value: (row: Row) => number): void
  /** UInt32. */
  word(column: string, value: (row: Row) => number): void
  float(column: string, value: (row: Row) => number): void
  bytes(column: string, width: number, value: (row: Row) => ArrayLike<number>): void
  /** Elements of a fixed width. */
  wideArrays(column: string, width: number, value: (row: Row) => Uint8Array): void
  buckets(column: string, value: (row: Row) => Buckets): void
  minute(): void
}

function createColumns<Row extends { minute: number }>(block: NativeBlock, rows: readonly Row[]): Columns<Row> {
  return {
    text(column, value) {
      const { dictionary, indexes } = dictionaryOf(rows.map(value))
      block.lowCardinality(column, dictionary, indexes)
    },
    textArrays(column, value) {
      const lists = rows.map(value)
      const { dictionary, indexes } = dictionaryOf(lists.flat())
      block.lowCardinalityArrays(column, ends(lists), dictionary, indexes)
    },
    integer: (column, value) => block.integers(column, rows.map(value)),
    word: (column, value) => block.fixed(column, Uint32Array.from(rows.map(value))),
    float: (column, value) => block.fixed(column, Float64Array.from(rows.map(value))),
    bytes(column, width, value) {
      const bytes = new Uint8Array(rows.length * width)
      let at = 0
      for (const row of rows) {
        const given = value(row)
        for (let i = 0; i < width; i++) bytes[at++] = given[i]!
      }
      block.fixed(column, bytes)
    },
    wideArrays(column, width, value) {
      const lists = rows.map(value)
      let end = 0
      block.fixedArrays(
        column,
        Uint32Array.from(lists, (list) => (end += list.length / width)),
        Buffer.concat(lists),
      )
    },
    buckets(column, value) {
      const lists = rows.map(value)
      const offsets = ends(lists)
      const entries = offsets.at(-1) ?? 0
      const keys = new Int16Array(entries)
      const counts = new Float64Array(entries)
      lists.reduce((at, list) => writeEntries(list, { keys, counts, at }), 0)
      block.maps(column, offsets, keys, counts)
    },
    minute: () => block.fixed('minute', Uint32Array.from(rows.map((row) => row.minute * 60))),
  }
}

/** Returns where the next list begins. */
function writeEntries(list: Buckets, { keys, counts, at }: { keys: Int16Array; counts: Float64Array; at: number }): number {
  for (let i = 0; i < list.length; i++) {
    keys[at + i] = list[i]![0]
    counts[at + i] = list[i]![1]
  }
  return at + list.length
}

function ends(lists: readonly { length: number }[]): Uint32Array {
  let end = 0
  return Uint32Array.from(lists.map((list) => (end += list.length)))
}
