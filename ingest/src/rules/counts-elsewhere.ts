import type { CountsElsewhere } from '@skein/schemas/rules/counters'
import type { PartitionCounts, RangeJob } from '../pipeline/range-job.ts'

/** An id of 16 hex digits, a count of up to seven digits of base 36, and what parts it from the next. */
const ENTRY_BYTES = 24
const ID_CHARS = 16

/** What the counts of others are for the partitions of one job. */
export interface Elsewhere {
  /** Null: others do not count. */
  of(partition: number): CountsElsewhere | null
  /** What they changed. */
  used(): PartitionCounts[]
}

export function createElsewhere(given: RangeJob['elsewhere']): Elsewhere {
  const partitions = new Map<number, CountsElsewhere>()
  return {
    of(partition) {
      if (given === undefined) return null
      const known = partitions.get(partition)
      if (known !== undefined) return known
      const told = given.told === null ? null : readCounts(given.told.find((each) => each.partition === partition)?.counts ?? '')
      const made = { told, used: new Map<string, number>(), room: Math.floor(given.roomBytes / ENTRY_BYTES) }
      partitions.set(partition, made)
      return made
    },
    used: () => [...partitions].flatMap(([partition, { used }]) => (used.size === 0 ? [] : [{ partition, counts: writeCounts(used) }])),
  }
}

function writeCounts(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([id, count]) => `${id}${count.toString(36)}`).join()
}

function readCounts(text: string): Map<string, number> {
  const entries = text === '' ? [] : text.split(',')
  return new Map(entries.map((entry) => [entry.slice(0, ID_CHARS), Number.parseInt(entry.slice(ID_CHARS), 36)]))
}
