import { crc32 } from 'node:zlib'

/** Requests that failed by a fault of ours. A client retries a 503 for ever, so the third time one is refused for good. */
export interface PoisonList {
  /** Notes a failure; true from the third time on. */
  failed(body: Uint8Array): boolean
}

const MAX_ENTRIES = 1000
const LAST_TRY = 3

export function createPoisonList(): PoisonList {
  const failures = new Map<string, number>()
  return {
    failed(body) {
      const name = `${crc32(body)}:${body.length}`
      const count = (failures.get(name) ?? 0) + 1
      failures.delete(name)
      failures.set(name, count)
      if (failures.size > MAX_ENTRIES) failures.delete(failures.keys().next().value!)
      return count >= LAST_TRY
    },
  }
}
