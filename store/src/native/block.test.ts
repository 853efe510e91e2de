import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { query } from 'chdb'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TABLES, type TableName } from '../tables.ts'
import { createNativeBlock } from './block.ts'
import { createMarkerBlock } from './marker.ts'
import { createOutput } from './output.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'skein-native-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** What ClickHouse reads from the blocks, as rows. */
function readBack(...blocks: Uint8Array[]): unknown[][] {
  const file = join(directory, 'block.native')
  writeFileSync(file, Buffer.concat(blocks))
  const text = query(`SELECT * FROM file('${file}', 'Native') SETTINGS output_format_json_quote_64bit_integers = 1`, 'JSONCompactEachRow')
  return text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown[])
}

function ranges(texts: string[]): { bytes: Buffer; starts: Int32Array; ends: Int32Array } {
  const bytes = Buffer.from(texts.join(''))
  const ends = Int32Array.from(texts.map((_, i) => Buffer.byteLength(texts.slice(0, i + 1).join(''))))
  return { bytes, starts: Int32Array.from(ends, (end, i) => end - Buffer.byteLength(texts[i] ?? '')), ends }
}

test('its bytes are the format, byte by byte', () => {
  const block = createNativeBlock({ n: 'UInt16', c: 'LowCardinality(String)' }, 2)
  block.fixed('n', Uint16Array.of(1, 0x0203))
  block.lowCardinality('c', ['a'], Uint8Array.of(0, 0))
  const hex = Buffer.from(block.finish()).toString('hex')
  expect(hex).toBe(
    [
      '02', // columns
      '02', // rows
      '016e0655496e743136', // n UInt16
      '01000302',
      '0163164c6f7743617264696e616c69747928537472696e6729', // c LowCardinality(String)
      '0100000000000000', // keys version
      '0006000000000000', // own keys, index of one byte
      '0100000000000000', // keys
      '0161',
      '0200000000000000', // rows
      '0000',
    ].join(''),
  )
})

test('every kind of column is read back as written', () => {
  const columns = {
    small: 'UInt8',
    when: 'DateTime64(9)',
    id: 'FixedString(2)',
    text: 'String',
    dictionary: 'LowCardinality(String)',
    list: 'Array(LowCardinality(String))',
    ids: 'Array(FixedString(2))',
    counts: 'Map(Int16, Int64)',
  }
  const block = createNativeBlock(columns, 3)
  block.fixed('small', Uint8Array.of(7, 8, 9))
  block.integers('when', [0, 1.5e9, -1])
  block.fixed('id', Buffer.from('aabbcc'))
  block.texts('text', ['', 'é'.repeat(100), '\u0000"'])
  block.lowCardinality('dictionary', ranges(['first', '']), Uint8Array.of(1, 0, 1))
  block.lowCardinalityArrays('list', Uint32Array.of(0, 2, 3), ['x=1', 'y=2'], Uint16Array.of(0, 1, 0))
  block.fixedArrays('ids', Int32Array.of(1, 1, 3), Buffer.from('aabbcc'))
  block.maps('counts', Uint32Array.of(2, 2, 3), Int16Array.of(-1, 1919, 5), [1, -2, 2 ** 53 - 1])
  expect(readBack(block.finish())).toEqual([
    [7, '1970-01-01 00:00:00.000000000', 'aa', '', '', [], ['aa'], { '-1': '1', '1919': '-2' }],
    [8, '1970-01-01 00:00:01.500000000', 'bb', 'é'.repeat(100), 'first', ['x=1', 'y=2'], [], {}],
    [9, '1969-12-31 23:59:59.999999999', 'cc', '\u0000"', '', ['x=1'], ['bb', 'cc'], { '5': '9007199254740991' }],
  ])
})

test('blocks one after the other are one file', () => {
  const block = (text: string): Uint8Array => {
    const one = createNativeBlock({ c: 'LowCardinality(String)', l: 'Array(LowCardinality(String))' }, 1)
    one.lowCardinality('c', [text], Uint8Array.of(0))
    one.lowCardinalityArrays('l', Uint32Array.of(0), [], new Uint8Array(0))
    return one.finish()
  }
  expect(readBack(block('a'), block('b'))).toEqual([
    ['a', []],
    ['b', []],
  ])
})

test('ranges follow the order given, and a start below 0 is the empty text', () => {
  const texts = ['one', 'x'.repeat(200), 'three']
  const source = ranges(texts)
  const block = createNativeBlock({ t: 'String' }, 4, createOutput(1))
  source.starts[2] = -1
  block.ranges('t', source, Uint32Array.of(1, 0, 2, 1))
  expect(readBack(block.finish())).toEqual([[texts[1]], ['one'], [''], [texts[1]]])
})

test('blocks written over each other say what they say alone, and large memory goes when hardly any of it is used', () => {
  const out = createOutput(0)
  const written = (texts: readonly string[], to = createOutput(0)): Uint8Array => {
    const block = createNativeBlock({ t: 'String' }, texts.length, to)
    block.texts('t', texts)
    return block.finish()
  }
  const large = Array.from({ length: 1000 }, (_, i) => String(i).repeat(1000))
  for (const texts of [large, ['a'], large, ['b', 'c'], []]) expect(Buffer.compare(written(texts, out), written(texts))).toBe(0)
  const held = out.bytes.length
  written(large, out)
  written(large, out)
  expect(held).toBeLessThan(out.bytes.length)
})

test('a dictionary of any size gets an index that reaches it', () => {
  for (const size of [256, 257, 65_537]) {
    const words = Array.from({ length: size }, (_, i) => `w${i}`)
    const block = createNativeBlock({ c: 'LowCardinality(String)' }, 2)
    block.lowCardinality('c', words, Int32Array.of(size - 1, 0))
    expect(readBack(block.finish())).toEqual([[`w${size - 1}`], ['w0']])
  }
})

test('a text that stands twice in a dictionary is one value to the store', () => {
  const block = createNativeBlock({ c: 'LowCardinality(String)' }, 3)
  block.lowCardinality('c', ['a', 'b', 'a'], Uint8Array.of(0, 1, 2))
  const file = join(directory, 'twice.native')
  writeFileSync(file, block.finish())
  expect(query(`SELECT c, count() FROM file('${file}', 'Native') GROUP BY c ORDER BY c`, 'CSV')).toBe('"a",2\n"b",1\n')
})

test('any texts and any maps survive', () => {
  const word = fc.string({ unit: 'grapheme', maxLength: 60 })
  const entry = fc.tuple(fc.integer({ min: -1, max: 1919 }), fc.maxSafeInteger())
  const row = fc.record({ word, list: fc.array(word, { maxLength: 4 }), map: fc.uniqueArray(entry, { selector: ([key]) => key, maxLength: 5 }) })
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
      const block = createNativeBlock({ s: 'String', r: 'String', l: 'Array(LowCardinality(String))', m: 'Map(Int16, Int64)' }, rows.length)
      block.texts(
        's',
        rows.map((each) => each.word),
      )
      block.ranges('r', ranges(rows.map((each) => each.word)))
      const items = rows.flatMap((each) => each.list)
      const dictionary = [...new Set(items)]
      block.lowCardinalityArrays(
        'l',
        ends(rows.map((each) => each.list.length)),
        dictionary,
        Uint32Array.from(items, (item) => dictionary.indexOf(item)),
      )
      const entries = rows.flatMap((each) => each.map)
      block.maps(
        'm',
        ends(rows.map((each) => each.map.length)),
        Int16Array.from(entries, ([key]) => key),
        entries.map(([, value]) => value),
      )
      expect(readBack(block.finish())).toEqual(
        rows.map((each) => [each.word, each.word, each.list, Object.fromEntries(each.map.map(([key, value]) => [String(key), String(value)]))]),
      )
    }),
    { numRuns: 50 },
  )
})

test('a wrong order, a wrong type, a wrong count and a missing column are refused', () => {
  const block = createNativeBlock({ a: 'UInt8', b: 'String' }, 1)
  expect(() => block.texts('b', [''])).toThrow('column a is due')
  expect(() => block.texts('a', [''])).toThrow('column a is UInt8')
  expect(() => block.finish()).toThrow('column a')
  expect(() => createNativeBlock({ a: 'UInt8' }, 1).fixed('a', new Uint8Array(2))).toThrow('column a got 2')
  expect(() => createNativeBlock({ a: 'LowCardinality(String)' }, 1).lowCardinality('a', ['x'], Uint8Array.of(1))).toThrow('outside')
  expect(() => createNativeBlock({ a: 'Tuple(UInt8)' }, 1).fixed('a', new Uint8Array(1))).toThrow('Tuple')
})

function ends(lengths: number[]): Uint32Array {
  let end = 0
  return Uint32Array.from(lengths, (length) => (end += length))
}

test('a marker block names the token once a day in every table, for no tenant', () => {
  for (const [table, definition] of Object.entries(TABLES)) {
    const names = Object.keys(definition.columns)
    const rows = readBack(createMarkerBlock(table as TableName, [20_000, 20_001], `t:0:1-2:${table}`))
    expect(rows.map((row) => row[names.indexOf('tenant')])).toEqual(['', ''])
    expect(rows.map((row) => row[names.indexOf(definition.marker)])).toEqual([`t:0:1-2:${table}`, `t:0:1-2:${table}`])
    expect(rows.map((row) => String(row[names.indexOf(definition.day)]).slice(0, 10))).toEqual(['2024-10-04', '2024-10-05'])
  }
})
