/** What the writer must know of a ClickHouse type as TABLES declares it. */
export type ColumnShape =
  | { kind: 'fixed'; width: number }
  | { kind: 'text' }
  | { kind: 'lowCardinality' }
  | { kind: 'lowCardinalityArray' }
  | { kind: 'fixedArray'; width: number }
  | { kind: 'map' }

const FIXED_WIDTHS: Readonly<Record<string, number>> = {
  UInt8: 1,
  UInt16: 2,
  UInt32: 4,
  UInt64: 8,
  Int16: 2,
  Int64: 8,
  Float64: 8,
  Date: 2,
  DateTime: 4,
  'DateTime64(3)': 8,
  'DateTime64(9)': 8,
}

const SHAPES: Readonly<Record<string, ColumnShape>> = {
  String: { kind: 'text' },
  'LowCardinality(String)': { kind: 'lowCardinality' },
  'Array(LowCardinality(String))': { kind: 'lowCardinalityArray' },
  'Map(Int16, Int64)': { kind: 'map' },
}

export function columnShape(type: string): ColumnShape {
  const known = SHAPES[type]
  if (known !== undefined) return known
  const array = /^Array\((.+)\)$/.exec(type)?.[1]
  const width = fixedWidth(array ?? type)
  if (width === undefined) throw new TypeError(`the Native writer has no column of type ${type}`)
  return { kind: array === undefined ? 'fixed' : 'fixedArray', width }
}

function fixedWidth(type: string): number | undefined {
  const text = /^FixedString\((\d+)\)$/.exec(type)?.[1]
  return text === undefined ? FIXED_WIDTHS[type] : Number(text)
}
