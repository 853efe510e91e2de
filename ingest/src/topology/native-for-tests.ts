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
    hex,
    atEnd: () => at === buffer.length,
  }
}

function readColumn(input: Input, type: string, rows: number): unknown[] {
  const times = <T>(count: number, read: () => T): T[] => Array.from({ length: count }, read)
  const fixed = /^FixedString\((\d+)\)$/.exec(type)
  if (fixed !== null) return times(rows, () => input.hex(Number(fixed[1])))
  switch (type) {
    case 'UInt8':
      return times(rows, () => input.uint(1))
    case 'Int16':
      return times(rows, () => (input.uint(2) << 16) >> 16)
    case 'String':
      return times(rows, () => input.hex(input.varint()))
    case 'UInt16':
      return times(rows, () => input.uint(2))
    case 'DateTime':
      return times(rows, () => input.uint(4))
    case 'UInt64':
      return times(rows, () => Buffer.from(input.hex(8), 'hex').reverse().toString('hex'))
    case 'String':
      return times(rows, input.text)
    case 'Array(UInt64)': {
      const ends = times(rows, input.int64)
      const words = times(ends.at(-1) ?? 0, () => Buffer.from(input.hex(8), 'hex').reverse().toString('hex'))
      return slices(ends, words)
    }
    case 'Int64':
    case 'DateTime64(3)':
      return times(rows, input.int64)
    case 'LowCardinality(String)':
      input.int64()
      return readDictionary(input, rows)
    case 'Array(LowCardinality(String))': {
      input.int64()
      const ends = times(rows, input.int64)
      return slices(ends, readDictionary(input, ends.at(-1) ?? 0))
    }
    case 'Map(Int16, Int64)': {
      const ends = times(rows, input.int64)
      const count = ends.at(-1) ?? 0
      const keys = times(count, () => (input.uint(2) << 16) >> 16)
      const values = times(count, input.int64)
      return slices(
        ends,
        keys.map((key, i) => [key, values[i]]),
      )
    }
    default:
      throw new Error(`no reader of ${type}`)
  }
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
