import type { TableName } from '../tables.ts'

/** What was inserted through this process, where no other one inserts. */
export interface Changes {
  /** Grows with every insert into the table; undefined while one is running, and where others insert too: then the table must be asked. */
  version(table: TableName): number | undefined
  /** Runs an insert. */
  during(table: TableName, insert: () => Promise<void>): Promise<void>
}

export function createChanges(): Changes {
  const tables = new Map<TableName, { ended: number; running: number }>()
  return {
    version(table) {
      const { ended, running } = tables.get(table) ?? { ended: 0, running: 0 }
      return running === 0 ? ended : undefined
    },
    async during(table, insert) {
      const state = tables.get(table) ?? { ended: 0, running: 0 }
      tables.set(table, state)
      state.running++
      try {
        await insert()
      } finally {
        // Also of one that failed: some of it may be there.
        state.running--
        state.ended++
      }
    },
  }
}

export const UNKNOWN_CHANGES: Changes = { version: () => undefined, during: (_, insert) => insert() }
