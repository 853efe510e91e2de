import type { Assignment, ConsumeHandler, StoredRecord, Subscription } from './contract.ts'

/** Partitions of every topic the suite uses. */
export const CONFORMANCE_PARTITIONS = 4

/** A handler that keeps what it was given. */
export interface Recorder {
  handler: ConsumeHandler
  assignments: Assignment[]
  records: Map<number, StoredRecord[]>
  subscription: Subscription | null
  values(partition: number): number[]
  offsets(partition: number): number[]
  assignment(partition: number): Assignment | undefined
  owned(): number[]
  total(): number
}

export interface RecorderOptions {
  /** What `assigned` returns. */
  startAt?: number
  commitOnRevoke?: boolean
  failWith?: Error
}

export function createRecorder({ startAt, commitOnRevoke = false, failWith }: RecorderOptions = {}): Recorder {
  const records = new Map<number, StoredRecord[]>()
  const owned = new Set<number>()
  const of = (partition: number): StoredRecord[] => records.get(partition) ?? []
  const recorder: Recorder = {
    assignments: [],
    records,
    subscription: null,
    values: (partition) => of(partition).map(({ value }) => value.readUInt32LE(0)),
    offsets: (partition) => of(partition).map(({ offset }) => offset),
    assignment: (partition) => recorder.assignments.findLast((assignment) => assignment.partition === partition),
    owned: () => [...owned],
    total: () => [...records.values()].reduce((sum, each) => sum + each.length, 0),
    handler: {
      assigned: (assignment) => {
        recorder.assignments.push(assignment)
        owned.add(assignment.partition)
        return Promise.resolve(startAt ?? null)
      },
      records: (_topic, partition, run) => {
        if (failWith !== undefined) return Promise.reject(failWith)
        records.set(partition, [...of(partition), ...run])
        return Promise.resolve()
      },
      revoked: async (partitions) => {
        for (const { topic, partition } of partitions) {
          const next = (of(partition).at(-1)?.offset ?? -1) + 1
          if (commitOnRevoke) await recorder.subscription?.commit([{ topic, partition, next, note: '' }])
          owned.delete(partition)
        }
      },
    },
  }
  return recorder
}

/** 64 bytes that start with a number. */
export function record(partition: number, value: number): { partition: number; value: Buffer } {
  const bytes = Buffer.alloc(64)
  bytes.writeUInt32LE(value, 0)
  return { partition, value: bytes }
}

/** `count` records of one partition, numbered from `from`. */
export function numbered(partition: number, count: number, from = 0): { partition: number; value: Buffer }[] {
  return Array.from({ length: count }, (_, index) => record(partition, from + index))
}

/** `count` records in each of four partitions, numbers unique. */
export function everywhere(from: number, count: number): { partition: number; value: Buffer }[] {
  return Array.from({ length: CONFORMANCE_PARTITIONS }, (_, partition) => numbered(partition, count, partition * 1000 + from)).flat()
}

export function union(first: Recorder, second: Recorder): Set<number> {
  const all = new Set<number>()
  for (const recorder of [first, second]) {
    for (let partition = 0; partition < CONFORMANCE_PARTITIONS; partition++) for (const value of recorder.values(partition)) all.add(value)
  }
  return all
}

/** Polls, since another process or thread makes it true. */
export async function until(truth: () => boolean, withinMs = 45_000): Promise<void> {
  const end = performance.now() + withinMs
  while (!truth()) {
    if (performance.now() > end) throw new Error(`not true within ${withinMs} ms: ${truth.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Long enough for several polls. */
export function quiet(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 300))
}
