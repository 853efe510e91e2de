import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNativeBlock } from './block.ts'
import { readColumns, readWholeColumns } from './columns.ts'

const COLUMNS = { seconds: 'UInt32', id: 'UInt64', duration: 'Map(Int16, Int64)' }

interface Row {
  seconds: number
  id: bigint
  duration: [number, bigint][]
}

const row: fc.Arbitrary<Row> = fc.record({
  seconds: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  id: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  duration: fc.array(fc.tuple(fc.integer({ min: -1, max: 1919 }), fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n })), { maxLength: 3 }),
})

function blockOf(rows: readonly Row[]): Uint8Array {
  const block = createNativeBlock(COLUMNS, rows.length)
  const entries = rows.flatMap(({ duration }) => duration)
  let end = 0
  block.fixed(
    'seconds',
    Uint32Array.from(rows, ({ seconds }) => seconds),
  )
  block.fixed(
    'id',
    BigUint64Array.from(rows, ({ id }) => id),
  )
  block.maps(
    'duration',
    Uint32Array.from(rows, ({ duration }) => (end += duration.length)),
    Int16Array.from(entries, ([bucket]) => bucket),
    entries.map(([, count]) => Number(count)),
  )
  return block.finish()
}

function rowsOf(bytes: Uint8Array): Row[] {
  return readColumns(bytes, [4, 8, 'histogram']).flatMap(({ rows, columns }) => {
    const [seconds, ids, ends, buckets, counts] = columns
    const own = [...new BigUint64Array(ends!)].map(Number)
    const entries = Array.from(new Int16Array(buckets!), (bucket, at): [number, bigint] => [bucket, new BigInt64Array(counts!)[at]!])
    return Array.from({ length: rows }, (_, at) => ({
      seconds: new Uint32Array(seconds!)[at]!,
      id: new BigUint64Array(ids!)[at]!,
      duration: entries.slice(own[at - 1] ?? 0, own[at]),
    }))
  })
}

test('rows of any blocks are read as they were written', () => {
  fc.assert(
    fc.property(fc.array(fc.array(row, { maxLength: 5 }), { maxLength: 3 }), (blocks) => {
      const written = blocks
        .flat()
        .map((each) => ({ ...each, duration: each.duration.map(([bucket, count]): [number, bigint] => [bucket, BigInt(Number(count))]) }))
      expect(rowsOf(Buffer.concat(blocks.map(blockOf)))).toEqual(written)
    }),
  )
})

test('blocks read as whole columns are their rows one after the other', () => {
  const numbers = { seconds: 'UInt32', id: 'UInt64' }
  const blocks: [number, bigint][][] = [
    [
      [1, 2n],
      [3, 4n],
    ],
    [],
    [[5, 6n]],
  ]
  const bytes = blocks.map((rows) => {
    const block = createNativeBlock(numbers, rows.length)
    block.fixed(
      'seconds',
      Uint32Array.from(rows, ([seconds]) => seconds),
    )
    block.fixed(
      'id',
      BigUint64Array.from(rows, ([, id]) => id),
    )
    return block.finish()
  })
  const { rows, columns } = readWholeColumns(Buffer.concat(bytes), [4, 8])
  expect([rows, new Uint32Array(columns[0]!), new BigUint64Array(columns[1]!)]).toEqual([3, Uint32Array.of(1, 3, 5), BigUint64Array.of(2n, 4n, 6n)])
  expect(() => readWholeColumns(Buffer.concat(bytes).subarray(0, -1), [4, 8])).toThrow('ends in the middle')
})

test('an answer that ends in the middle of a block is an error', () => {
  const bytes = blockOf([{ seconds: 1, id: 2n, duration: [[3, 4n]] }])
  for (let length = 1; length < bytes.length; length++) expect(() => rowsOf(bytes.subarray(0, length))).toThrow('ends in the middle')
})
