import type { BufferPool } from './buffer-pool.ts'

/** Collects the chunks of a body in memory of the pool. */
export interface BodyBuffer {
  /** Takes the chunk over: its own memory is let go at once. */
  push(chunk: Buffer): void
  /** A view of everything pushed, valid until `release`. */
  bytes(): Buffer
  /** Gives the memory back; may be called again. */
  release(): void
}

/** A body is believed to be so many times longer than its first chunk, if it says so: a claim alone takes no memory. */
const FIRST_GUESS = 16

export function createBodyBuffer(pool: BufferPool, claimedBytes: number): BodyBuffer {
  let buffer: Buffer | null = null
  let total = 0

  function grow(bytes: number): Buffer {
    const bigger = pool.take(bytes)
    if (buffer !== null) {
      buffer.copy(bigger, 0, 0, total)
      pool.giveBack(buffer)
    }
    buffer = bigger
    return bigger
  }

  return {
    push(chunk) {
      const needed = total + chunk.length
      let target = buffer
      if (target === null) target = grow(Math.max(needed, Math.min(claimedBytes, needed * FIRST_GUESS)))
      else if (target.length < needed) target = grow(needed)
      chunk.copy(target, total)
      total = needed
      letGo(chunk)
    },
    bytes: () => buffer?.subarray(0, total) ?? Buffer.alloc(0),
    release() {
      if (buffer !== null) pool.giveBack(buffer)
      buffer = null
    },
  }
}

/** Frees memory that is this chunk's alone without waiting for the garbage collector. */
function letGo(chunk: Buffer): void {
  if (chunk.length === chunk.buffer.byteLength && chunk.buffer instanceof ArrayBuffer) chunk.buffer.transfer(0)
}
