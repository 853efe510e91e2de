import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BATCH_ID_BYTES, createBatchIds } from './batch-ids.ts'

const HOUR_MS = 3_600_000

function idOf(seed: number): Uint8Array {
  const id = Buffer.alloc(BATCH_ID_BYTES, seed & 0xff)
  id.writeUInt32LE((seed * 2_654_435_761) >>> 0, 3)
  id.writeUInt32LE(seed, 14)
  return id
}

describe('batch ids', () => {
  test('an id is known for an hour of log time, and for two at most', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ seed: fc.nat(30), stepMs: fc.oneof(fc.nat(60_000), fc.nat(HOUR_MS)) }), { maxLength: 200 }), (adds) => {
        const ids = createBatchIds({ windowMs: HOUR_MS, maxBytes: 1 << 20 })
        const added = new Map<number, number>()
        let logTimeMs = 1_000_000
        for (const { seed, stepMs } of adds) {
          logTimeMs += stepMs
          const before = added.get(seed)
          const isNew = ids.add(idOf(seed), 0, logTimeMs)
          if (before === undefined || logTimeMs - before >= 2 * HOUR_MS) expect(isNew).toBe(true)
          else if (logTimeMs - before < HOUR_MS) expect(isNew).toBe(false)
          if (isNew) added.set(seed, logTimeMs)
        }
      }),
    )
  })

  test('ten thousand ids are told apart, wherever in the bytes they stand', () => {
    const ids = createBatchIds({ windowMs: HOUR_MS, maxBytes: 1 << 24 })
    const bytes = Buffer.concat(Array.from({ length: 10_000 }, (_, i) => Buffer.concat([Buffer.of(1), idOf(i)])))
    const add = (i: number): boolean => ids.add(bytes, i * (BATCH_ID_BYTES + 1) + 1, 1000 + i)
    expect(Array.from({ length: 10_000 }, (_, i) => add(i)).every(Boolean)).toBe(true)
    expect(Array.from({ length: 10_000 }, (_, i) => add(i)).some(Boolean)).toBe(false)
    expect(ids.forgotten).toBe(0)
  })

  test('beyond its bytes the oldest go first, counted', () => {
    const ids = createBatchIds({ windowMs: HOUR_MS, maxBytes: 100_000 })
    for (let i = 0; i < 20_000; i++) ids.add(idOf(i), 0, i * 500)
    expect(ids.forgotten).toBeGreaterThan(0)
    expect(ids.add(idOf(19_999), 0, 20_000 * 500)).toBe(false)
  })
})
