import { describe, expect, test } from 'vitest'
import type { BuiltBlock } from '../rows/row-builder.ts'
import { bringsSums, createHeldSums, type HeldSums, holdSums, type RangeSums, withSums } from './held-sums.ts'
import type { RangeResult } from './range-job.ts'

function resultOf(blocks: readonly BuiltBlock[]): RangeResult {
  return { blocks: [...blocks], shares: [], drops: [], repeats: [], dead: [], logTimes: [], forgottenIds: 0, heldBytes: 0 }
}

const block = (table: BuiltBlock['table'], bytes = 1): BuiltBlock => ({ table, block: new Uint8Array(bytes), rows: 1, days: [1] })
const range = (nowMs: number, more: Partial<RangeSums> = {}): RangeSums => ({ partitions: [0, 1], planned: null, mayHold: true, nowMs, sumsMs: 5000, ...more })
/** A range from its question before it is processed on. */
function pass(held: HeldSums, result: RangeResult, of: RangeSums): { sums: boolean; result: RangeResult } {
  return withSums(held, result, { ...of, brings: bringsSums(held, of) })
}

const both = (): RangeResult => resultOf([block('path_time'), block('edges')])
const tables = ({ blocks }: RangeResult): string[] => blocks.map(({ table }) => table).sort()

describe('held sums', () => {
  test('the first come at once, the next together after a while, and no row of another table waits', () => {
    const held = createHeldSums()
    const brought = [0, 1000, 2000, 4999, 5000, 5500].map((nowMs) => tables(pass(held, both(), range(nowMs)).result).join(' '))
    expect(brought).toEqual(['edges path_time', 'edges', 'edges', 'edges', 'edges path_time path_time path_time path_time', 'edges'])
  })

  test('only a range of every partition that is owed some brings them', () => {
    const held = createHeldSums()
    pass(held, both(), range(0))
    pass(held, both(), range(1000))
    expect(pass(held, both(), range(9000, { partitions: [0] })).sums).toBe(false)
    expect(tables(pass(held, both(), range(9500)).result)).toHaveLength(4)
  })

  test('what a predecessor planned is done, whatever the clock says', () => {
    const held = createHeldSums()
    expect(pass(held, both(), range(0, { planned: false })).sums).toBe(false)
    expect(tables(pass(held, both(), range(1, { planned: true })).result)).toEqual(['edges', 'path_time', 'path_time'])
  })

  test('nothing is owed by ranges without sums, where partitions may stay out for ever, or beyond what may be held', () => {
    const held = createHeldSums()
    pass(held, both(), range(0))
    expect(pass(held, resultOf([block('edges')]), range(1)).sums).toBe(true)
    expect(pass(held, both(), range(2, { mayHold: false })).sums).toBe(true)
    expect(pass(held, resultOf([block('path_time', 2 ** 26)]), range(3)).sums).toBe(false)
    expect(pass(held, both(), range(4)).sums).toBe(true)
  })

  test('what workers hold is owed like what is held here, and too much of it is brought by the next range', () => {
    const held = createHeldSums()
    pass(held, both(), range(0))
    expect(pass(held, { ...resultOf([]), heldBytes: 100 }, range(1)).sums).toBe(false)
    expect(pass(held, { ...resultOf([]), heldBytes: 2 ** 26 }, range(2)).sums).toBe(false)
    expect(pass(held, both(), range(3)).sums).toBe(true)
    expect(pass(held, resultOf([]), range(4)).sums).toBe(true)
  })

  test('what workers bring waits here when another partition has begun to make again what it is owed', () => {
    const held = createHeldSums()
    const of = range(0, { partitions: [0] })
    const brings = bringsSums(held, of)
    expect(brings).toBe(true)
    held.partitions.add(1)
    expect(tables(withSums(held, both(), { ...of, brings }).result)).toEqual(['edges'])
    expect(bringsSums(held, range(9000, { partitions: [0] }))).toBe(false)
    holdSums(held, resultOf([block('path_time')]), [1])
    expect(tables(pass(held, both(), range(9001)).result)).toEqual(['edges', 'path_time', 'path_time', 'path_time'])
  })
})
