/** Reads a Native block back (UInt64 as 16 hex digits, String as hex), for the column types of rollup tables: the other half of the writer, written on its own. */
export function readNative(bytes: Uint8Array): Record<string, unknown[]> {
  const input = createInput(bytes)
  const [columns, rows] = [input.varint(), input.varint()]
  const out: Record<string, unknown[]> = {}
  for (let i = 0; i < columns; i++) {
    const name = input.text()
    out[name] = readColumn(input, input.text(), rows)
  }
  if (!input.atEnd()) throw new Error('bytes behind the last column')
  return out
}

interface Input {
  varint(): number
  text(): string
  uint(width: number): number
  int64(): number
  double(): number
  hex(width: number): string
  atEnd(): boolean
}

function createInput(bytes: Uint8Array): Input {
  const buffer = Buffer.from(bytes)
  let at = 0
  const move = (width: number): number => {
    at += width
    return at - width
  }
  const varint = (): number => {
    const byte = buffer.readUInt8(move(1))
    return byte < 128 ? byte : (byte & 127) + 128 * varint()
  }
  const hex = (width: number): string => buffer.toString('hex', at, move(width) + width)
  return {
    varint,
    text: () => Buffer.from(hex(varint()), 'hex').toString(),
    uint: (width) => buffer.readUIntLE(move(width), width),
    int64: () => Number(buffer.readBigInt64LE(move(8))),
    double: () => buffer.readDoubleLE(move(8)),
    hex,
    atEnd: () => at === buffer.length,
  }
}

type Read = (input: Input, rows: number) => unknown[]

function times<T>(count: number, read: () => T): T[] {
  return Array.from({ length: count }, read)
}

function fixed(width: number): Read {
  return (input, rows) => times(rows, () => input.uint(width))
}

function hexOf(input: Input): string {
  return Buffer.from(input.hex(8), 'hex').reverse().toString('hex')
}

const integers: Read = (input, rows) => times(rows, input.int64)

const READERS: Readonly<Record<string, Read>> = {
  UInt8: fixed(1),
  UInt16: fixed(2),
  Int16: (input, rows) => times(rows, () => (input.uint(2) << 16) >> 16),
  UInt32: fixed(4),
  Date: fixed(2),
  DateTime: fixed(4),
  Int64: integers,
  Float64: (input, rows) => times(rows, input.double),
  'DateTime64(3)': integers,
  'DateTime64(9)': integers,
  UInt64: (input, rows) => times(rows, () => hexOf(input)),
  // a character a byte, since some are no text
  String: (input, rows) => times(rows, () => Buffer.from(input.hex(input.varint()), 'hex').toString('latin1')),
  'LowCardinality(String)': (input, rows) => {
    input.int64()
    return readDictionary(input, rows)
  },
  'Array(LowCardinality(String))': (input, rows) => {
    input.int64()
    const ends = times(rows, input.int64)
    return slices(ends, readDictionary(input, ends.at(-1) ?? 0))
  },
  'Array(UInt64)': (input, rows) => {
    const ends = times(rows, input.int64)
    return slices(
      ends,
      times(ends.at(-1) ?? 0, () => hexOf(input)),
    )
  },
  'Map(Int16, Int64)': (input, rows) => {
    const ends = times(rows, input.int64)
    const count = ends.at(-1) ?? 0
    const keys = times(count, () => (input.uint(2) << 16) >> 16)
    const values = times(count, input.int64)
    return slices(
      ends,
      keys.map((key, i) => [key, values[i]]),
    )
  },
}

function readColumn(input: Input, type: string, rows: number): unknown[] {
  const width = /^FixedString\((\d+)\)$/.exec(type)?.[1]
  if (width !== undefined) return times(rows, () => input.hex(Number(width)))
  const read = READERS[type]
  if (read === undefined) throw new Error(`no reader of ${type}`)
  return read(input, rows)
}

function readDictionary(input: Input, count: number): string[] {
  if (count === 0) return []
  const width = 1 << (input.int64() & 0xff)
  const keys = Array.from({ length: input.int64() }, input.text)
  return Array.from({ length: input.int64() }, () => keys[input.uint(width)] ?? '')
}

function slices<T>(ends: number[], values: T[]): T[][] {
  return ends.map((end, i) => values.slice(ends[i - 1] ?? 0, end))
}
