import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBodyBuffer } from './body-buffer.ts'
import { type BufferPool, createBufferPool } from './buffer-pool.ts'

const MIB = 1024 * 1024

function countingPool(): BufferPool & { out: Set<Buffer>; takenBytes: number } {
  const pool = createBufferPool({ maxIdleBytes: 4 * MIB })
  const counting = {
    out: new Set<Buffer>(),
    takenBytes: 0,
    take(bytes: number) {
      const buffer = pool.take(bytes)
      expect(counting.out.has(buffer)).toBe(false)
      counting.out.add(buffer)
      counting.takenBytes += buffer.length
      return buffer
    },
    giveBack(buffer: Buffer) {
      expect(counting.out.delete(buffer)).toBe(true)
      pool.giveBack(buffer)
    },
  }
  return counting
}

describe('a body buffer', () => {
  it('holds the chunks in order, whatever length was claimed, and gives everything back once', () => {
    const pool = countingPool()
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 12 }), fc.integer({ min: 0, max: MIB }), (lengths, claimed) => {
        const chunks = lengths.map((length, index) => Buffer.alloc(length, index + 1))
        const expected = Buffer.concat(chunks)
        const body = createBodyBuffer(pool, claimed)
        for (const chunk of chunks) body.push(chunk)
        expect(body.bytes().equals(expected)).toBe(true)
        body.release()
        body.release()
        expect(pool.out.size).toBe(0)
      }),
      { numRuns: 50 },
    )
  })

  it('frees a chunk that has its memory to itself, and leaves one that shares it alone', () => {
    const body = createBodyBuffer(countingPool(), 0)
    const own = Buffer.allocUnsafeSlow(10)
    const shared = Buffer.alloc(100).subarray(10, 20)
    body.push(own)
    body.push(shared)
    expect(own.buffer.byteLength).toBe(0)
    expect(shared.buffer.byteLength).toBeGreaterThan(0)
  })

  it('takes no memory for a claim, only for what came', () => {
    const pool = countingPool()
    const body = createBodyBuffer(pool, 16 * MIB)
    expect(pool.takenBytes).toBe(0)
    body.push(Buffer.alloc(1))
    expect(pool.takenBytes).toBe(64 * 1024)
  })
})

describe('a buffer pool', () => {
  it('hands out what was given back, never the same twice, and always long enough', () => {
    const pool = createBufferPool({ maxIdleBytes: MIB })
    const first = pool.take(100_000)
    expect(first.length).toBeGreaterThanOrEqual(100_000)
    pool.giveBack(first)
    const again = pool.take(70_000)
    expect(again).toBe(first)
    expect(pool.take(70_000)).not.toBe(first)
  })

  it('keeps no more idle bytes than it may, and of those the last used', () => {
    const pool = createBufferPool({ maxIdleBytes: 128 * 1024 })
    const buffers = [pool.take(1), pool.take(1), pool.take(1)]
    for (const buffer of buffers) pool.giveBack(buffer)
    const kept = [pool.take(1), pool.take(1), pool.take(1)]
    expect(kept[0]).toBe(buffers[2])
    expect(kept[1]).toBe(buffers[1])
    expect(kept[2]).not.toBe(buffers[0])
  })
})
