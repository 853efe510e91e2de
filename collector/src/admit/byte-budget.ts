/** Bytes that may be in memory at once, over all requests. */
export interface ByteBudget {
  /** A lease of 0 bytes, to be grown. */
  lease(): ByteLease
  readonly usedBytes: number
}

export interface ByteLease {
  /** False, and nothing taken, when the budget has not so much left. */
  grow(bytes: number): boolean
  /** Gives everything back; may be called again. */
  release(): void
}

export function createByteBudget(options: { maxBytes: number }): ByteBudget {
  let usedBytes = 0
  return {
    get usedBytes() {
      return usedBytes
    },
    lease() {
      let heldBytes = 0
      return {
        grow(bytes) {
          if (usedBytes + bytes > options.maxBytes) return false
          usedBytes += bytes
          heldBytes += bytes
          return true
        },
        release() {
          usedBytes -= heldBytes
          heldBytes = 0
        },
      }
    },
  }
}
