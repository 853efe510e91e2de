/** Values by key, the longest unused let go once together they take more than `maxBytes`. */
export interface ByteLru {
  get(key: string): unknown
  put(key: string, value: unknown, bytes: number): void
}

/** What the key, the map's entry and the wrapper of a value take at least. */
const ENTRY_BYTES = 200

export function createByteLru(maxBytes: number): ByteLru {
  const entries = new Map<string, { value: unknown; bytes: number }>()
  let taken = 0
  const remove = (key: string): void => {
    taken -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
  }
  return {
    get(key) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      entries.delete(key)
      entries.set(key, entry)
      return entry.value
    },
    put(key, value, valueBytes) {
      remove(key)
      const bytes = valueBytes + ENTRY_BYTES
      if (bytes > maxBytes) return
      entries.set(key, { value, bytes })
      taken += bytes
      for (const oldest of entries.keys()) {
        if (taken <= maxBytes) return
        remove(oldest)
      }
    },
  }
}
