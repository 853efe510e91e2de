import type { ChdbStoreOptions } from './chdb/store.ts'

/** An embedded store for benches: rows of any age stay, and no question is cut short. */
export function benchStoreOptions(directory: string): ChdbStoreOptions {
  return {
    directory,
    memoryBytes: 4e9,
    retention: { spansDays: 20_000, rollupDays: 20_000 },
    limits: { seconds: 60, memoryBytes: 2e9, rowsRead: 1e9, resultRows: 1e6, queued: 16 },
    readers: 4,
    writers: 1,
    migrate: true,
  }
}
