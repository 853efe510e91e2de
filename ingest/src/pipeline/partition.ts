import type { Assignment, Commit } from '@skein/eventlog/contract'
import { decodeNote, encodeNote, type PlanNote, type Range } from './plan.ts'
import type { PartitionCounts } from './range-job.ts'

/** A record that waits to be part of a range. */
export interface QueuedRecord {
  partition: number
  offset: number
  value: Uint8Array
  /** As its header says; at most its bytes, should that be damaged. */
  records: number
}

export interface PlannedRange {
  range: Range
  sums: boolean
  /** Of this partition, where it is only known what was planned for it. */
  elsewhere: readonly PartitionCounts[]
}

/** Where one partition is. */
export interface Partition {
  number: number
  /** First offset that is not done: what a commit says. */
  next: number
  /** Offsets below are read again for memory only. */
  live: number
  /** Of those, the ones from here on for their sums too: they are held, and no range that ended has brought them. */
  owed: number
  /** Log time there. */
  owedTimeMs: number
  /** The planned range that a predecessor may have inserted in part, and whether it brings held sums. */
  redo: PlannedRange | null
  /** Last offset of the planned range that the log still has: what is behind the end of a damaged log never comes. */
  readable: number
  queue: QueuedRecord[]
  logTimeMs: number
  /** Where reading could begin so that memory from some log time on is made again, oldest first. */
  checkpoints: { offset: number; logTimeMs: number }[]
  /** Batch ids of the ranges before are known. */
  remembered: Promise<void> | null
  paused: boolean
}

/** The state of a partition just assigned, the offset to read from, and how many accepted records the log no longer has. */
export function openPartition(assignment: Assignment, end: number): { partition: Partition; from: number; lost: number } {
  const { earliest, partition: number } = assignment
  const committed = Math.max(assignment.committed ?? earliest, earliest)
  const note = readNote(assignment.note, committed)
  const owed = Math.max(Math.min(note.owed, committed), earliest)
  const from = Math.max(Math.min(note.from, owed), earliest)
  const redo = note.range?.shares.find(({ partition, last }) => partition === number && last >= committed)
  const readable = redo === undefined ? Number.POSITIVE_INFINITY : Math.min(redo.last, end - 1)
  const partition: Partition = {
    number,
    next: committed,
    live: committed,
    owed,
    owedTimeMs: 0,
    redo: redo === undefined || note.range === null ? null : { range: note.range, sums: note.sums, elsewhere: [{ partition: number, counts: note.elsewhere }] },
    readable,
    queue: [],
    logTimeMs: 0,
    checkpoints: [{ offset: from, logTimeMs: 0 }],
    remembered: null,
    paused: false,
  }
  const behindEnd = redo === undefined ? 0 : redo.last - readable
  return { partition, from, lost: committed - (assignment.committed ?? committed) + behindEnd }
}

/** A group that never committed, or an operator who moved its offsets, leaves no note. */
function readNote(note: string | null, committed: number): PlanNote {
  return note === null || note === '' ? { range: null, sums: true, elsewhere: '', owed: committed, from: committed } : decodeNote(note, committed)
}

/**
 * After a range: memory can be made again from the last checkpoint that lies `memoryMs` of log time before the first record whose sums are
 * owed. With `sums` none are.
 */
export function addCheckpoint(partition: Partition, memoryMs: number, sums: boolean): void {
  const { checkpoints } = partition
  checkpoints.push({ offset: partition.next, logTimeMs: partition.logTimeMs })
  if (sums) Object.assign(partition, { owed: partition.next, owedTimeMs: partition.logTimeMs } satisfies Partial<Partition>)
  while (checkpoints.length > 1 && (checkpoints[1]?.logTimeMs ?? 0) <= partition.owedTimeMs - memoryMs) checkpoints.shift()
}

export function readFrom(partition: Partition): number {
  return partition.checkpoints[0]?.offset ?? partition.next
}

/** What of `next` is of this partition is planned in its commit. */
export function commitOf(partition: Partition, topic: string, next: PlannedRange | null): Commit {
  const { number, owed } = partition
  const planned = next?.range.shares.some((share) => share.partition === number) === true ? next : null
  const elsewhere = planned?.elsewhere.find((each) => each.partition === number)?.counts ?? ''
  const note = { range: planned?.range ?? null, sums: planned?.sums === true, elsewhere, owed, from: readFrom(partition) }
  return { topic, partition: number, next: partition.next, note: encodeNote(note) }
}

const RECORDS_AT = 36

export function queuedRecord(partition: number, offset: number, value: Buffer): QueuedRecord {
  const records = value.length >= RECORDS_AT + 4 ? value.readUInt32LE(RECORDS_AT) : 1
  return { partition, offset, value, records: Math.min(records, value.length) }
}
