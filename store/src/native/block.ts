import { type ColumnShape, columnShape } from './column-type.ts'
import { type Dictionary, type Indexes, LOW_CARDINALITY_VERSION, writeLowCardinality } from './low-cardinality.ts'
import { clearOutput, createOutput, type Output, type TextRanges, writeRanges, writeText, writeUint64, writeUint64s, writeVarint, writeView } from './output.ts'

export type { Dictionary, Indexes } from './low-cardinality.ts'
export type { TextRanges } from './output.ts'

/** Row → end of its elements (cumulative), as many as the block has rows. */
export type Offsets = Uint32Array | Int32Array

/**
 * One block of ClickHouse's Native format, written column by column in the order of the table. Every method names its column and
 * throws when another one is due, when the type does not fit, or when there are more or fewer values than rows. Blocks that follow
 * one another in a file are one file.
 */
export interface NativeBlock {
  /** UInt8 … UInt64, Int64, Float64, Date, DateTime, DateTime64, FixedString: the bytes of the values, little-endian, exactly rows × width of them. */
  fixed(column: string, values: ArrayBufferView): void
  /** A column of 8-byte integers from numbers (exact up to 2^53, negative ones too). */
  integers(column: string, values: ArrayLike<number>): void
  /** String from JavaScript strings. */
  texts(column: string, values: readonly string[]): void
  /** String from byte ranges; `order` gives the range of each row when it is not its own number. */
  ranges(column: string, ranges: TextRanges, order?: Uint32Array | Int32Array): void
  lowCardinality(column: string, dictionary: Dictionary, indexes: Indexes): void
  /** Array(LowCardinality(String)): `indexes` of all rows' elements one after the other. */
  lowCardinalityArrays(column: string, offsets: Offsets, dictionary: Dictionary, indexes: Indexes): void
  /** Array of a fixed-width type: the bytes of all rows' elements one after the other. */
  fixedArrays(column: string, offsets: Offsets, values: ArrayBufferView): void
  /** Map(Int16, Int64): keys and values of all rows' entries one after the other. */
  maps(column: string, offsets: Offsets, keys: Int16Array, values: ArrayLike<number>): void
  /** The block's bytes; throws when a column is missing. */
  finish(): Uint8Array
}

/**
 * A block of `rows` rows with `columns` (name → type, as in TABLES), written to memory of its own, or over what `over` holds: then its
 * bytes are good until `over` is written to again.
 */
export function createNativeBlock(columns: Readonly<Record<string, string>>, rows: number, over?: Output): NativeBlock {
  if (over !== undefined) clearOutput(over)
  const out = over ?? createOutput(1024 + rows * 64)
  const begin = createColumnStarter(out, columns, rows)
  writeVarint(out, Object.keys(columns).length)
  writeVarint(out, rows)
  return {
    ...plainColumns(out, rows, begin.next),
    ...nestedColumns(out, rows, begin.next),
    finish: () => {
      begin.finished()
      return out.bytes.subarray(0, out.length)
    },
  }
}

type NextColumn = (column: string, kind: ColumnShape['kind']) => number

function createColumnStarter(out: Output, columns: Readonly<Record<string, string>>, rows: number): { next: NextColumn; finished(): void } {
  const names = Object.keys(columns)
  let written = 0
  return {
    next(column, kind) {
      const due = names[written]
      if (due !== column) throw new Error(`column ${due ?? '(none)'} is due, not ${column}`)
      const type = columns[column] ?? ''
      const shape = columnShape(type)
      if (shape.kind !== kind) throw new TypeError(`column ${column} is ${type}, written as ${kind}`)
      written++
      writeText(out, column)
      writeText(out, type)
      return 'width' in shape ? shape.width : 0
    },
    finished() {
      if (written < names.length) throw new Error(`column ${names[written] ?? ''} of a block of ${rows} rows was not written`)
    },
  }
}

function plainColumns(out: Output, rows: number, next: NextColumn): Pick<NativeBlock, 'fixed' | 'integers' | 'texts' | 'ranges' | 'lowCardinality'> {
  return {
    fixed(column, values) {
      const width = next(column, 'fixed')
      expectCount(column, values.byteLength, rows * width)
      writeView(out, values)
    },
    integers(column, values) {
      expectCount(column, next(column, 'fixed'), 8)
      expectCount(column, values.length, rows)
      writeUint64s(out, values, rows)
    },
    texts(column, values) {
      next(column, 'text')
      expectCount(column, values.length, rows)
      for (let i = 0; i < rows; i++) writeText(out, values[i] ?? '')
    },
    ranges(column, ranges, order) {
      next(column, 'text')
      expectCount(column, order === undefined ? (ranges.length ?? ranges.starts.length) : order.length, rows)
      writeRanges(out, ranges, rows, order)
    },
    lowCardinality(column, dictionary, indexes) {
      next(column, 'lowCardinality')
      expectCount(column, indexes.length, rows)
      if (rows > 0) writeUint64(out, LOW_CARDINALITY_VERSION)
      writeLowCardinality(out, dictionary, indexes, rows)
    },
  }
}

function nestedColumns(out: Output, rows: number, next: NextColumn): Pick<NativeBlock, 'lowCardinalityArrays' | 'fixedArrays' | 'maps'> {
  const writeOffsets = (column: string, offsets: Offsets): number => {
    expectCount(column, offsets.length, rows)
    const unordered = firstUnordered(offsets)
    if (unordered >= 0) throw new RangeError(`offset ${unordered} of column ${column} is below the one before`)
    writeUint64s(out, offsets, rows)
    return offsets[rows - 1] ?? 0
  }
  return {
    lowCardinalityArrays(column, offsets, dictionary, indexes) {
      next(column, 'lowCardinalityArray')
      if (rows > 0) writeUint64(out, LOW_CARDINALITY_VERSION)
      const elements = writeOffsets(column, offsets)
      expectCount(column, indexes.length, elements)
      writeLowCardinality(out, dictionary, indexes, elements)
    },
    fixedArrays(column, offsets, values) {
      const width = next(column, 'fixedArray')
      expectCount(column, values.byteLength, writeOffsets(column, offsets) * width)
      writeView(out, values)
    },
    maps(column, offsets, keys, values) {
      next(column, 'map')
      const entries = writeOffsets(column, offsets)
      expectCount(column, keys.length, entries)
      expectCount(column, values.length, entries)
      writeView(out, keys)
      writeUint64s(out, values, entries)
    },
  }
}

function firstUnordered(offsets: Offsets): number {
  let last = 0
  for (let i = 0; i < offsets.length; i++) {
    if (offsets[i]! < last) return i
    last = offsets[i]!
  }
  return -1
}

function expectCount(column: string, given: number, wanted: number): void {
  if (given !== wanted) throw new RangeError(`column ${column} got ${given}, the block's rows need ${wanted}`)
}
