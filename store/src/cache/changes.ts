import type { TenantWindow } from '../contract-terms.ts'
import type { TableName } from '../tables.ts'

/** What was inserted through this process, where no other one inserts. */
export interface Changes {
  /**
   * Grows with every insert into the days of a window; undefined while one is running, and where others insert too: then the table must be
   * asked.
   */
  version(table: TableName, window: Pick<TenantWindow, 'startMs' | 'endMs'>): number | undefined
  /** Runs an insert of rows of these Unix days. */
  during(table: TableName, days: readonly number[], insert: () => Promise<void>): Promise<void>
}

interface Day {
  ended: number
  running: number
}

const DAY_MS = 86_400_000

export function createChanges(): Changes {
  const tables = new Map<TableName, Map<number, Day>>()

  function dayOf(table: TableName, number: number): Day {
    const days = tables.get(table) ?? new Map<number, Day>()
    tables.set(table, days)
    const day = days.get(number) ?? { ended: 0, running: 0 }
    days.set(number, day)
    return day
  }

  return {
    version(table, { startMs, endMs }) {
      let version = 0
      for (const [number, { ended, running }] of tables.get(table) ?? []) {
        if ((number + 1) * DAY_MS <= startMs || number * DAY_MS >= endMs) continue
        if (running > 0) return undefined
        version += ended
      }
      return version
    },
    async during(table, days, insert) {
      const own = days.map((number) => dayOf(table, number))
      for (const day of own) day.running++
      try {
        await insert()
      } finally {
        // Also of one that failed: some of it may be there.
        for (const day of own) {
          day.running--
          day.ended++
        }
      }
    },
  }
}

export const UNKNOWN_CHANGES: Changes = { version: () => undefined, during: (_table, _days, insert) => insert() }
