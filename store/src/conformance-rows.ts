import type { Suite } from './conformance-suite.ts'
import type { TableBlock } from './contract.ts'
import { createNativeBlock, type NativeBlock } from './native/block.ts'
import { TABLES, type TableName } from './tables.ts'

/** A row by hand: times in ms (`DateTime64(9)` in ns), ids in hex, histograms as `[bucket, count]` pairs; what is missing is empty or 0. */
export type HandRow = Readonly<Record<string, HandValue>>
type HandValue = string | number | bigint | readonly string[] | readonly (readonly [number, number])[]

const DAY_MS = 86_400_000

/** A table's block of rows made by hand. */
export function handBlock(table: TableName, rows: readonly HandRow[]): TableBlock {
  const definition = TABLES[table]
  const columns: Readonly<Record<string, string>> = definition.columns
  for (const row of rows) for (const name of Object.keys(row)) if (columns[name] === undefined) throw new TypeError(`table ${table} has no column ${name}`)
  const block = createNativeBlock(columns, rows.length)
  for (const [name, type] of Object.entries(columns)) writeColumn(block, { name, type, values: rows.map((row) => row[name]) })
  const days = new Set(rows.map((row) => Math.floor(Number(row[definition.day]) / DAY_MS)))
  return { table, blocks: [block.finish()], rows: rows.length, days: [...days].sort((a, b) => a - b) }
}

/** Inserts rows of a tenant under a range of their own. */
export async function insertRows(suite: Suite, table: TableName, tenant: string, rows: readonly HandRow[]): Promise<void> {
  const block = handBlock(
    table,
    rows.map((row) => ({ tenant, ...row })),
  )
  await suite.store().ingest.insert(`${suite.fresh('topic')}:0:0-9`, block, false)
}

type Write = (block: NativeBlock, name: string, values: readonly (HandValue | undefined)[]) => void

const WRITERS: Readonly<Record<string, Write>> = {
  String: (block, name, values) =>
    block.texts(
      name,
      values.map((value) => String(value ?? '')),
    ),
  'LowCardinality(String)': (block, name, values) => {
    const texts = values.map((value) => String(value ?? ''))
    const dictionary = [...new Set(texts)]
    block.lowCardinality(
      name,
      dictionary,
      Uint32Array.from(texts, (text) => dictionary.indexOf(text)),
    )
  },
  'Array(LowCardinality(String))': (block, name, values) => {
    const lists = values.map((value) => (value ?? []) as readonly string[])
    const dictionary = [...new Set(lists.flat())]
    block.lowCardinalityArrays(
      name,
      ends(lists),
      dictionary,
      Uint32Array.from(lists.flat(), (text) => dictionary.indexOf(text)),
    )
  },
  'Array(FixedString(18))': (block, name, values) => {
    const lists = values.map((value) => (value ?? []) as readonly string[])
    block.fixedArrays(name, ends(lists), Buffer.from(lists.flat().join(''), 'hex'))
  },
  'Array(UInt64)': (block, name, values) => {
    const lists = values.map((value) => ((value ?? []) as readonly string[]).map(BigInt))
    block.fixedArrays(name, ends(lists), BigUint64Array.from(lists.flat()))
  },
  'Map(Int16, Int64)': (block, name, values) => {
    const maps = values.map((value) => (value ?? []) as readonly (readonly [number, number])[])
    const entries = maps.flat()
    block.maps(
      name,
      ends(maps),
      Int16Array.from(entries, ([key]) => key),
      entries.map(([, count]) => count),
    )
  },
  Date: (block, name, values) =>
    block.fixed(
      name,
      Uint16Array.from(values, (value) => Number(value ?? 0) / DAY_MS),
    ),
  DateTime: (block, name, values) =>
    block.fixed(
      name,
      Uint32Array.from(values, (value) => Number(value ?? 0) / 1000),
    ),
  Int16: (block, name, values) =>
    block.fixed(
      name,
      Int16Array.from(values, (value) => Number(value ?? 0)),
    ),
  UInt8: (block, name, values) =>
    block.fixed(
      name,
      Uint8Array.from(values, (value) => Number(value ?? 0)),
    ),
  UInt16: (block, name, values) =>
    block.fixed(
      name,
      Uint16Array.from(values, (value) => Number(value ?? 0)),
    ),
  Float64: (block, name, values) =>
    block.fixed(
      name,
      Float64Array.from(values, (value) => Number(value ?? 0)),
    ),
  UInt32: (block, name, values) =>
    block.fixed(
      name,
      Uint32Array.from(values, (value) => Number(value ?? 0)),
    ),
}

function writeColumn(block: NativeBlock, column: { name: string; type: string; values: readonly (HandValue | undefined)[] }): void {
  const { name, type, values } = column
  const width = /^FixedString\((\d+)\)$/.exec(type)?.[1]
  const write = WRITERS[type]
  if (write !== undefined) write(block, name, values)
  else if (width !== undefined) block.fixed(name, Buffer.from(values.map((value) => String(value ?? '').padEnd(Number(width) * 2, '0')).join(''), 'hex'))
  else
    block.fixed(
      name,
      BigInt64Array.from(values, (value) => BigInt.asIntN(64, BigInt((value as bigint | number | string | undefined) ?? 0))),
    )
}

function ends(lists: readonly (readonly unknown[])[]): Uint32Array {
  let end = 0
  return Uint32Array.from(lists, (list) => (end += list.length))
}
