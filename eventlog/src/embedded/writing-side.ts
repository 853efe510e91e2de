import { readdirSync } from 'node:fs'
import type { AppendRecord, Position } from '../contract.ts'
import { LogFullError, LogUnavailableError, RecordTooLargeError } from '../errors.ts'
import { openCommits, type Commits } from './commits.ts'
import type { Settings } from './log.ts'
import { openRecord, receivedAtMs } from './record.ts'
import { type GroupProgress, removableVolumes, type VolumeSpan } from './retention.ts'
import { createTopicWriter, type TopicWriter } from './topic-writer.ts'
import { newestReceivedAtMs, type Volume } from './volume.ts'

/** How long a look at the free disk is good for. */
const DISK_LOOK_MS = 200
/** A commit younger than this answers a probe. */
const PROBE_FRESH_MS = 2000

/** What the appending process does: admits, writes, trims. */
export interface WritingSide {
  append(topic: string, records: readonly AppendRecord[]): Promise<Position[]>
  probe(): Promise<void>
  usedBytes(): number
  tidy(): Promise<void>
  close(deadlineMs: number): Promise<number>
}

export async function createWritingSide(settings: Settings): Promise<WritingSide> {
  const writers = new Map<string, Promise<TopicWriter>>()
  const open = new Map<string, TopicWriter>()
  const newest = new WeakMap<Volume, number>()
  const disk = createDiskWatch(settings)
  let commits: Commits | null = null
  let committedAtMs = 0
  let closed = false

  function writer(topic: string): Promise<TopicWriter> {
    let found = writers.get(topic)
    if (found === undefined) {
      found = createTopicWriter({ ...settings, topic, partitions: settings.partitions(topic), diskIsFull: () => disk.isFull() })
      writers.set(topic, found)
      found.then(
        (ready) => open.set(topic, ready),
        () => writers.delete(topic),
      )
    }
    return found
  }

  function usedBytes(): number {
    let sum = 0
    for (const each of open.values()) sum += each.bytes()
    return sum
  }

  function admit(bytes: number): void {
    if (closed) throw new LogUnavailableError('the log is closed')
    const used = usedBytes()
    if (used + bytes > settings.quotaBytes)
      throw new LogFullError(`the embedded log holds ${used} of ${settings.quotaBytes} bytes and cannot take ${bytes} more`)
    if (disk.isFull()) throw new LogFullError(`${disk.freeBytes()} bytes are free under ${settings.directory}, the reserve is ${settings.reserveBytes}`)
  }

  async function append(topic: string, records: readonly AppendRecord[]): Promise<Position[]> {
    if (records.length === 0) return []
    const bytes = measure(records, settings, topic)
    const target = open.get(topic) ?? (await writer(topic))
    admit(bytes)
    if (target.waiting() > 0 && target.waitingBytes() + bytes > settings.pendingBytes) {
      throw new LogUnavailableError(`${target.waitingBytes()} bytes already wait for the disk under ${settings.directory}`)
    }
    const positions = await target.append(records)
    committedAtMs = settings.clock()
    return positions
  }

  async function trim(topic: string, target: TopicWriter): Promise<void> {
    commits ??= openCommits(settings.directory, true)
    if (commits === null || target.volumes.length < 2) return
    const sealed = target.volumes.slice(0, -1).map((volume, index) => spanOf(volume, target.volumes[index + 1] as Volume, newest))
    const known = commits
    const progress = known.groups(topic).map((group) => progressOf(target, (partition) => known.read(group, topic, partition)?.next ?? null))
    const count = removableVolumes(sealed, progress, settings.marginMs)
    for (let index = 0; index < count; index++) await target.dropOldest()
    if (count > 0) settings.report('info', 'log_trimmed', { topic, volumes: count })
  }

  // What other runs left counts against the quota from the first append on.
  for (const entry of readdirSync(settings.directory, { withFileTypes: true })) if (entry.isDirectory()) await writer(entry.name)

  return {
    append,
    usedBytes,
    probe: async () => {
      admit(0)
      if (settings.clock() - committedAtMs < PROBE_FRESH_MS) return
      for (const each of open.values()) await each.probe()
      committedAtMs = settings.clock()
    },
    tidy: async () => {
      commits?.readerCheck()
      for (const [topic, each] of open) {
        for (const volume of each.volumes) volume.readerCheck()
        await trim(topic, each)
      }
    },
    close: async (deadlineMs) => {
      closed = true
      const all = await Promise.all([...writers.values()])
      await withDeadline(Promise.all(all.map((each) => each.drained())), deadlineMs)
      const remaining = all.reduce((sum, each) => sum + each.waiting(), 0)
      for (const each of all) await each.close()
      await commits?.close()
      return remaining
    },
  }
}

function measure(records: readonly AppendRecord[], settings: Settings, topic: string): number {
  const partitions = settings.partitions(topic)
  let bytes = 0
  for (const { partition, value } of records) {
    if (value.length > settings.maxRecordBytes)
      throw new RecordTooLargeError(`a record of ${value.length} bytes is over the ${settings.maxRecordBytes} a log takes`)
    if (!Number.isInteger(partition) || partition < 0 || partition >= partitions) throw new RangeError(`${topic} has no partition ${partition}`)
    bytes += value.length
  }
  return bytes
}

function createDiskWatch(settings: Settings) {
  let lookedAtMs = Number.NEGATIVE_INFINITY
  let free = 0
  function freeBytes(): number {
    const now = settings.clock()
    if (Math.abs(now - lookedAtMs) >= DISK_LOOK_MS) {
      free = settings.freeDiskBytes(settings.directory)
      lookedAtMs = now
    }
    return free
  }
  return { freeBytes, isFull: () => freeBytes() < settings.reserveBytes }
}

function spanOf(volume: Volume, successor: Volume, newest: WeakMap<Volume, number>): VolumeSpan {
  let newestMs = newest.get(volume)
  if (newestMs === undefined) {
    newestMs = newestReceivedAtMs(volume, volume.partitions)
    newest.set(volume, newestMs)
  }
  return { newestMs, end: Array.from({ length: successor.partitions }, (_, partition) => successor.base(partition)) }
}

function progressOf(target: TopicWriter, committedOf: (partition: number) => number | null): GroupProgress {
  const active = target.volumes.at(-1) as Volume
  const committed = Array.from({ length: active.partitions }, (_, partition) => committedOf(partition))
  let doneMs = Number.POSITIVE_INFINITY
  for (const [partition, next] of committed.entries()) {
    if (next !== null && next < target.end(partition)) doneMs = Math.min(doneMs, logTimeAt(target.volumes, partition, next))
  }
  return { committed, doneMs: doneMs === Number.POSITIVE_INFINITY ? newestReceivedAtMs(active, active.partitions) : doneMs }
}

function logTimeAt(volumes: readonly Volume[], partition: number, offset: number): number {
  const volume = volumes.findLast((each) => each.base(partition) <= offset)
  const bytes = volume?.read(partition, offset)
  const value = bytes === undefined ? null : openRecord(bytes, partition, offset)
  return value === null ? 0 : receivedAtMs(value)
}

async function withDeadline(work: Promise<unknown>, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadlineMs)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
