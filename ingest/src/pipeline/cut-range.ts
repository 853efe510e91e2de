import { MAX_RANGE_NAME_BYTES, type Range, rangeName, type RangeShare } from './plan.ts'
import type { Partition, QueuedRecord } from './partition.ts'

export interface RangeLimits {
  rangeRecords: number
  rangeBytes: number
}

export interface LaneLimits extends RangeLimits {
  /** Longest wait of a record before its range is cut. */
  rangeMs: number
  /** Longest time for which sums are held, so that one insert brings those of several ranges. */
  sumsMs: number
  /** Reading pauses above this. */
  prefetchBytes: number
}

export interface CutRange {
  range: Range
  /** Partition by partition, in order. */
  records: QueuedRecord[]
}

/** Whether what waits is a full range. */
export function isFull(partitions: Iterable<Partition>, limits: RangeLimits): boolean {
  let records = 0
  let bytes = 0
  for (const { queue } of partitions) {
    for (const record of queue) {
      records += record.records
      bytes += record.value.length
      if (records >= limits.rangeRecords || bytes >= limits.rangeBytes) return true
    }
  }
  return false
}

/** Takes whole envelopes from all queues in turn until a limit is met; at least one. Null when nothing waits. */
export function cutRange(topic: string, partitions: readonly Partition[], limits: RangeLimits): CutRange | null {
  const waiting = withinName(
    topic,
    partitions.filter(({ queue }) => queue.length > 0),
  )
  const taken = new Map<Partition, number>(waiting.map((partition) => [partition, 0]))
  let records = 0
  let bytes = 0
  for (let open = waiting; open.length > 0; open = open.filter((partition) => (taken.get(partition) ?? 0) < partition.queue.length)) {
    for (const partition of open) {
      const count = taken.get(partition) ?? 0
      const next = partition.queue[count]
      if (next === undefined) continue
      const over = records + next.records > limits.rangeRecords || bytes + next.value.length > limits.rangeBytes
      if (over && bytes > 0) return take(topic, taken)
      taken.set(partition, count + 1)
      records += next.records
      bytes += next.value.length
    }
  }
  return bytes === 0 && records === 0 && waiting.length === 0 ? null : take(topic, taken)
}

/** Whether a range can hold something of each of them. */
export function fitOneRange(topic: string, partitions: readonly Partition[]): boolean {
  return withinName(topic, partitions).length === partitions.length
}

/** As many partitions as the longest name of their range allows. */
function withinName(topic: string, partitions: readonly Partition[]): Partition[] {
  const sorted = [...partitions].sort((a, b) => a.number - b.number)
  const share = ({ number }: Partition): RangeShare => ({ partition: number, first: Number.MAX_SAFE_INTEGER, last: Number.MAX_SAFE_INTEGER })
  while (sorted.length > 1 && Buffer.byteLength(rangeName({ topic, shares: sorted.map(share) })) > MAX_RANGE_NAME_BYTES) sorted.pop()
  return sorted
}

function take(topic: string, taken: ReadonlyMap<Partition, number>): CutRange {
  const shares: RangeShare[] = []
  const records: QueuedRecord[] = []
  for (const [partition, count] of taken) {
    const own = partition.queue.splice(0, count)
    const first = own[0]
    const last = own.at(-1)
    if (first === undefined || last === undefined) continue
    shares.push({ partition: partition.number, first: first.offset, last: last.offset })
    records.push(...own)
  }
  return { range: { topic, shares }, records }
}

/** Exactly the records of a planned range; null while some of them did not arrive yet. A gap in the log is no reason to wait. */
export function cutPlanned(range: Range, partitions: ReadonlyMap<number, Partition>): CutRange | null {
  for (const share of range.shares) {
    const partition = partitions.get(share.partition)
    if (partition === undefined) return null
    const last = Math.min(share.last, partition.readable)
    if (last >= partition.next && (partition.queue.at(-1)?.offset ?? -1) < last) return null
  }
  const records = range.shares.flatMap(({ partition, last }) => {
    const queue = partitions.get(partition)?.queue ?? []
    const count = queue.findIndex(({ offset }) => offset > last)
    return queue.splice(0, count < 0 ? queue.length : count)
  })
  return { range, records }
}
