import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AppendRecord, Position } from '../contract.ts'
import { LogFullError, LogUnavailableError, RecordTooLargeError } from '../errors.ts'
import { openCommits, type Commits } from './commits.ts'
import { createDiskWatch } from './disk-watch.ts'
import type { Settings } from './settings.ts'
import { createTopicWriter, type TopicWriter } from './topic-writer.ts'
import { trim } from './trim.ts'
import { unwalkable } from './verify.ts'
import { listVolumes, type Volume, volumePath } from './volume.ts'

/** A commit younger than this answers a probe. */
const PROBE_FRESH_MS = 2000

/** Above this share of the quota, or below the disk's reserve, what every group has done goes at once, whatever a restarted consumer would have read back. */
const PRESSED_SHARE = 0.8

/** What the appending process does: admits, writes, trims. */
export interface WritingSide {
  append(topic: string, records: readonly AppendRecord[]): Promise<Position[]>
  partitions(topic: string): number
  probe(): Promise<void>
  usedBytes(): number
  /** Frees stale reader slots and unlinks volumes nobody needs. */
  tidy(): Promise<void>
  close(deadlineMs: number): Promise<number>
}

/** `unclean` says that the writer before died: then the volumes are walked first, in a process that may die of them. */
export async function createWritingSide(settings: Settings, unclean: boolean): Promise<WritingSide> {
  const topics = readdirSync(settings.directory, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  const damaged = new Set(
    unclean
      ? await unwalkable(
          topics.flatMap((topic) => volumePaths(join(settings.directory, topic))),
          settings.volumeBytes,
        )
      : [],
  )
  let commits = openCommits(settings.directory, true)
  const writers = createWriters(settings, { damaged, floor: (topic, partition) => highestCommit(commits, topic, partition) })
  const newest = new WeakMap<Volume, number>()
  let committedAtMs = Number.NEGATIVE_INFINITY
  // What other runs left counts against the quota from the first append on.
  for (const topic of topics) await writers.get(topic)

  // Never fewer than there are: a trace stays in its partition, and what waits for log time in one goes on getting some.
  const partitions = (topic: string): number => Math.max(settings.partitions(topic), writers.opened(topic)?.partitions ?? 0)

  return {
    partitions,
    usedBytes: () => writers.usedBytes(),
    append: async (topic, records) => {
      if (records.length === 0) return []
      const bytes = measure(records, { topic, partitions: partitions(topic), maxRecordBytes: settings.maxRecordBytes })
      writers.admit(bytes)
      const writer = writers.opened(topic) ?? (await writers.get(topic))
      if (writer.waiting() > 0 && writer.waitingBytes() + bytes > settings.pendingBytes) {
        throw new LogUnavailableError(`${writer.waitingBytes()} bytes already wait for the disk under ${settings.directory}`)
      }
      const positions = await writer.append(records)
      committedAtMs = settings.clock()
      return positions
    },
    probe: async () => {
      writers.admit(settings.maxRecordBytes)
      if (settings.clock() - committedAtMs < PROBE_FRESH_MS) return
      for (const [, writer] of writers.all()) await writer.probe()
      committedAtMs = settings.clock()
    },
    tidy: async () => {
      commits ??= openCommits(settings.directory, true)
      commits?.readerCheck()
      for (const [topic, writer] of writers.all()) {
        for (const volume of writer.volumes) volume.readerCheck()
        const byAge = settings.keep === 'age'
        if (commits === null && !byAge) continue
        const sources = { topic, commits: byAge ? null : commits, newest }
        let count = await trim(writer, { ...sources, marginMs: settings.marginMs })
        if (writers.isPressed()) count += await trim(writer, { ...sources, marginMs: 0, enough: () => !writers.isPressed() })
        if (count > 0) settings.report('info', 'log_trimmed', { topic, volumes: count })
      }
    },
    close: async (deadlineMs) => {
      const remaining = await writers.close(deadlineMs)
      await commits?.close()
      return remaining
    },
  }
}

interface Writers {
  get(topic: string): Promise<TopicWriter>
  opened(topic: string): TopicWriter | undefined
  all(): [topic: string, writer: TopicWriter][]
  usedBytes(): number
  /** Close to refusing, or refusing, for want of room. */
  isPressed(): boolean
  /** Throws why so many bytes cannot be taken now. */
  admit(bytes: number): void
  close(deadlineMs: number): Promise<number>
}

interface WriterSources {
  damaged: ReadonlySet<string>
  floor: (topic: string, partition: number) => number
}

function createWriters(settings: Settings, { damaged, floor }: WriterSources): Writers {
  const opening = new Map<string, Promise<TopicWriter>>()
  const open = new Map<string, TopicWriter>()
  const disk = createDiskWatch(settings)
  let closed = false

  function usedBytes(): number {
    let sum = 0
    for (const writer of open.values()) sum += writer.bytes()
    return sum
  }

  async function openTopic(topic: string): Promise<TopicWriter> {
    try {
      const partitions = settings.partitions(topic)
      const writer = await createTopicWriter({
        ...settings,
        topic,
        partitions,
        damaged,
        floor: (partition) => floor(topic, partition),
        diskIsFull: () => disk.isFull(),
      })
      open.set(topic, writer)
      return writer
    } catch (error) {
      opening.delete(topic)
      throw new LogUnavailableError(`the embedded log cannot open ${topic}: ${String(error)}`, { cause: error })
    }
  }

  return {
    usedBytes,
    isPressed: () => usedBytes() > PRESSED_SHARE * settings.quotaBytes || disk.isFull(),
    opened: (topic) => open.get(topic),
    all: () => [...open],
    get: (topic) => {
      const writer = opening.get(topic) ?? openTopic(topic)
      opening.set(topic, writer)
      return writer
    },
    admit: (bytes) => {
      if (closed) throw new LogUnavailableError('the log is closed')
      const used = usedBytes()
      if (used + bytes > settings.quotaBytes)
        throw new LogFullError(`the embedded log holds ${used} of ${settings.quotaBytes} bytes and cannot take ${bytes} more`)
      if (disk.isFull()) throw new LogFullError(`${disk.freeBytes()} bytes are free under ${settings.directory}, the reserve is ${settings.reserveBytes}`)
    },
    close: async (deadlineMs) => {
      closed = true
      await Promise.allSettled(opening.values())
      const writers = [...open.values()]
      await withDeadline(Promise.all(writers.map((writer) => writer.drained())), deadlineMs)
      const remaining = writers.reduce((sum, writer) => sum + writer.waiting(), 0)
      for (const writer of writers) await writer.close()
      return remaining
    },
  }
}

function volumePaths(directory: string): string[] {
  return listVolumes(directory).map((sequence) => volumePath(directory, sequence))
}

function highestCommit(commits: Commits | null, topic: string, partition: number): number {
  if (commits === null) return 0
  return Math.max(0, ...commits.groups(topic).map((group) => commits.read(group, topic, partition)?.next ?? 0))
}

function measure(
  records: readonly AppendRecord[],
  { topic, partitions, maxRecordBytes }: { topic: string; partitions: number; maxRecordBytes: number },
): number {
  let bytes = 0
  for (const { partition, value } of records) {
    if (value.length > maxRecordBytes) throw new RecordTooLargeError(`a record of ${value.length} bytes is over the ${maxRecordBytes} a log takes`)
    if (!Number.isInteger(partition) || partition < 0 || partition >= partitions) throw new RangeError(`${topic} has no partition ${partition}`)
    bytes += value.length
  }
  return bytes
}

async function withDeadline(work: Promise<unknown>, deadlineMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, deadlineMs)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}
