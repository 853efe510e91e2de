import type { Commits } from './commits.ts'
import { openRecord, receivedAtMs } from './record.ts'
import { type GroupProgress, removableVolumes, type VolumeSpan } from './retention.ts'
import type { TopicWriter } from './topic-writer.ts'
import { newestReceivedAtMs, type Volume } from './volume.ts'

export interface TrimOptions {
  topic: string
  /** Null when progress of groups does not matter. */
  commits: Commits | null
  marginMs: number
  /** Newest log time of sealed volumes, kept by the caller between rounds: they no longer change. */
  newest: WeakMap<Volume, number>
  /** Asked before each volume; stops the round when true. */
  enough?: () => boolean
}

/** Unlinks the volumes that are no longer kept. Returns how many. */
export async function trim(writer: TopicWriter, { topic, commits, marginMs, newest, enough = () => false }: TrimOptions): Promise<number> {
  if (writer.volumes.length < 2) return 0
  const sealed = writer.volumes.slice(0, -1).map((volume, index) => spanOf(volume, writer.volumes[index + 1] as Volume, newest))
  const groups =
    commits === null
      ? [progressOf(writer, (partition) => writer.end(partition))]
      : commits.groups(topic).map((group) => progressOf(writer, (partition) => commits.read(group, topic, partition)?.next ?? null))
  const removable = removableVolumes(sealed, groups, marginMs)
  let count = 0
  for (; count < removable && !enough(); count++) await writer.dropOldest()
  return count
}

function spanOf(volume: Volume, successor: Volume, newest: WeakMap<Volume, number>): VolumeSpan {
  let newestMs = newest.get(volume)
  if (newestMs === undefined) {
    newestMs = newestReceivedAtMs(volume)
    newest.set(volume, newestMs)
  }
  return { newestMs, end: Array.from({ length: successor.partitions }, (_, partition) => successor.base(partition)) }
}

function progressOf(writer: TopicWriter, committedOf: (partition: number) => number | null): GroupProgress {
  const active = writer.volumes.at(-1) as Volume
  const committed = Array.from({ length: active.partitions }, (_, partition) => committedOf(partition))
  let doneMs = Number.POSITIVE_INFINITY
  for (const [partition, next] of committed.entries()) {
    if (next !== null && next < writer.end(partition)) doneMs = Math.min(doneMs, logTimeAt(writer.volumes, partition, next))
  }
  return { committed, doneMs: doneMs === Number.POSITIVE_INFINITY ? newestOf(writer.volumes) : doneMs }
}

/** The newest volume may have just been opened and hold nothing. */
function newestOf(volumes: readonly Volume[]): number {
  for (const volume of volumes.toReversed()) {
    const newestMs = newestReceivedAtMs(volume)
    if (newestMs > 0) return newestMs
  }
  return 0
}

/** 0, which removes nothing, for a record that cannot be read. */
function logTimeAt(volumes: readonly Volume[], partition: number, offset: number): number {
  const volume = volumes.findLast((each) => each.base(partition) <= offset)
  const bytes = volume?.read(partition, offset)
  const value = bytes === undefined ? null : openRecord(bytes, partition, offset)
  return value === null ? 0 : receivedAtMs(value)
}
