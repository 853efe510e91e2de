/**
 * Memory that requests use one after the other. V8 counts every fresh buffer outside of its heap and collects the whole
 * heap each time some 64 MB of them came together: without a pool that was every 12,000 spans.
 */
export interface BufferPool {
  /** At least `bytes` long; what it holds is another request's. */
  take(bytes: number): Buffer
  /** Nobody may read or write the buffer any more. A buffer that is never given back is simply collected. */
  giveBack(buffer: Buffer): void
}

/** Below this size nothing is gained. */
const SMALLEST_BYTES = 64 * 1024

/** `maxIdleBytes`: as many bytes are kept for the next requests, the last used ones. */
export function createBufferPool(options: { maxIdleBytes: number }): BufferPool {
  const idle: Buffer[] = []
  let idleBytes = 0
  return {
    take(bytes) {
      const size = sizeFor(bytes)
      // From the end on: what was used last is still in the processor's cache.
      for (let i = idle.length - 1; i >= 0; i--) {
        const buffer = idle[i]!
        if (buffer.length !== size) continue
        idle.splice(i, 1)
        idleBytes -= size
        return buffer
      }
      return Buffer.allocUnsafeSlow(size)
    },
    giveBack(buffer) {
      idle.push(buffer)
      idleBytes += buffer.length
      while (idleBytes > options.maxIdleBytes) idleBytes -= idle.shift()!.length
    },
  }
}

/** The next power of two, so that few sizes are in use. */
function sizeFor(bytes: number): number {
  let size = SMALLEST_BYTES
  while (size < bytes) size *= 2
  return size
}
