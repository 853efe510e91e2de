import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AppendRecord, Position } from '../contract.ts'
import { LogFullError, LogUnavailableError } from '../errors.ts'
import { RECORD_HEADER_BYTES, sealRecord, valueChecksum } from './record.ts'
import { listVolumes, unlinkVolume, volumePath, type Volume, type VolumeRecord } from './volume.ts'
import type { Report, VolumeDriver } from './volumes.ts'

const FAILURES_TO_SEAL = 3
const FAILURE_WINDOW_MS = 10_000
const MDB_PANIC = /MDB_PANIC/

export interface TopicWriterOptions {
  directory: string
  topic: string
  partitions: number
  volumeBytes: number
  groupBytes: number
  groupMs: number
  clock: () => number
  /** True when the disk has less than the reserve: what a failed commit is then called. */
  diskIsFull: () => boolean
  volumes: VolumeDriver
  report: Report
}

/** The writing end of one topic: encodes, groups, commits, rolls. One commit is in flight at a time. */
export interface TopicWriter {
  append(records: readonly AppendRecord[]): Promise<Position[]>
  /** Bytes on disk and waiting. */
  bytes(): number
  probe(): Promise<void>
  /** Oldest first; the last is written. */
  readonly volumes: readonly Volume[]
  /** Unlinks the oldest volume, never the active one. */
  dropOldest(): Promise<void>
  end(partition: number): number
  /** Resolves when nothing waits. */
  drained(): Promise<void>
  /** Appends not yet settled, and their bytes. */
  waiting(): number
  waitingBytes(): number
  close(): Promise<void>
}

interface Encoded extends VolumeRecord {
  valueCrc: number
}

interface Waiting {
  records: Encoded[]
  bytes: number
  done: PromiseWithResolvers<Position[]>
}

export async function createTopicWriter(options: TopicWriterOptions): Promise<TopicWriter> {
  const directory = join(options.directory, options.topic)
  const volumes = await openAll(directory, options)
  const next = nextOffsets(volumes, options.partitions)
  const groups = createGrouping(options)
  const failures: number[] = []
  /** Past every offset a commit ever tried: a volume opened after a commit of unknown end starts here. */
  let attempted = [...next]
  let sealedBytes = bytesOf(volumes.slice(0, -1))
  let activeBytes = active().bytes()
  let running: Promise<void> = Promise.resolve()

  function active(): Volume {
    return volumes.at(-1) as Volume
  }

  async function roll(base: number[]): Promise<void> {
    const path = volumePath(directory, active().sequence + 1)
    const fresh = await options.volumes.create({ path, readOnly: false, volumeBytes: options.volumeBytes }, { base: [...base], previousEnd: [...next] })
    for (const [partition, offset] of base.entries()) next[partition] = offset
    sealedBytes += activeBytes
    volumes.push(fresh)
    activeBytes = fresh.bytes()
    failures.length = 0
  }

  async function commit(group: Waiting[]): Promise<void> {
    const ends = [...next]
    const records: Encoded[] = []
    for (const waiting of group) {
      for (const record of waiting.records) {
        record.offset = ends[record.partition] as number
        ends[record.partition] = record.offset + 1
        sealRecord(record.bytes, record.partition, record.offset, record.valueCrc)
        records.push(record)
      }
    }
    attempted = ends.map((end, partition) => Math.max(end, attempted[partition] ?? 0))
    await active().write(records)
    for (const [partition, end] of ends.entries()) next[partition] = end
    for (const waiting of group) waiting.done.resolve(waiting.records.map(({ partition, offset }) => ({ partition, offset })))
    activeBytes = active().bytes()
    if (activeBytes >= options.volumeBytes) await rollOrStay(next, 'size')
  }

  async function rollOrStay(base: number[], reason: string): Promise<void> {
    try {
      await roll(base)
      options.report('info', 'log_volume_opened', { topic: options.topic, path: active().path, reason })
    } catch (error) {
      options.report('error', 'log_volume_not_opened', { topic: options.topic, reason, error: String(error) })
    }
  }

  async function commitFailed(group: Waiting[], cause: unknown): Promise<void> {
    const error = asRefusal(cause, options)
    options.report('error', 'log_commit_failed', { topic: options.topic, path: active().path, error: String(cause) })
    for (const waiting of group) waiting.done.reject(error)
    const now = options.clock()
    failures.push(now)
    while ((failures[0] ?? now) < now - FAILURE_WINDOW_MS) failures.shift()
    if (failures.length >= FAILURES_TO_SEAL || MDB_PANIC.test(String(cause))) await rollOrStay(attempted, 'failed commits')
  }

  async function run(): Promise<void> {
    for (let group = groups.take(); group.length > 0; group = groups.take()) {
      try {
        await commit(group)
      } catch (error) {
        await commitFailed(group, error)
      } finally {
        groups.finished(group)
      }
    }
  }

  groups.onReady(() => {
    running = run()
    return running
  })

  return {
    append: (records) => groups.add(records.map(encode)),
    bytes: () => sealedBytes + activeBytes + groups.bytes(),
    probe: () => active().probe(),
    volumes,
    dropOldest: async () => {
      if (volumes.length < 2) return
      const oldest = volumes.shift() as Volume
      sealedBytes -= oldest.bytes()
      await oldest.close()
      unlinkVolume(oldest.path)
    },
    end: (partition) => next[partition] ?? 0,
    drained: async () => {
      groups.flush()
      await running
    },
    waiting: () => groups.count(),
    waitingBytes: () => groups.bytes(),
    close: async () => {
      groups.refuse()
      for (const volume of volumes) await volume.close()
    },
  }
}

/** Copies a value behind room for its header: the one copy before LMDB's own. */
function encode(record: AppendRecord): Encoded {
  const bytes = Buffer.allocUnsafeSlow(RECORD_HEADER_BYTES + record.value.length)
  bytes.set(record.value, RECORD_HEADER_BYTES)
  return { partition: record.partition, offset: 0, bytes, valueCrc: valueChecksum(record.value) }
}

function asRefusal(cause: unknown, options: TopicWriterOptions): Error {
  const text = cause instanceof Error ? cause.message : String(cause)
  const full = /ENOSPC|No space left|MDB_MAP_FULL|Disk quota/i.test(text) || options.diskIsFull()
  return full
    ? new LogFullError(`the disk under ${options.directory} is full: ${text}`, { cause })
    : new LogUnavailableError(`the embedded log could not commit: ${text}`, { cause })
}

async function openAll(directory: string, options: TopicWriterOptions): Promise<Volume[]> {
  mkdirSync(directory, { recursive: true })
  const sequences = listVolumes(directory)
  const last = sequences.at(-1)
  const volumeBytes = options.volumeBytes
  if (last === undefined) {
    const none = Array.from({ length: options.partitions }, () => 0)
    return [await options.volumes.create({ path: volumePath(directory, 1), readOnly: false, volumeBytes }, { base: none, previousEnd: none })]
  }
  const volumes: Volume[] = []
  for (const sequence of sequences) {
    const volume = options.volumes.open({ path: volumePath(directory, sequence), readOnly: false, volumeBytes })
    volumes.push(volume)
  }
  return volumes
}

function nextOffsets(volumes: readonly Volume[], partitions: number): number[] {
  const active = volumes.at(-1) as Volume
  const count = Math.max(partitions, active.partitions)
  return Array.from({ length: count }, (_, partition) => Math.max(active.base(partition), (active.lastOffset(partition) ?? -1) + 1))
}

function bytesOf(volumes: readonly Volume[]): number {
  return volumes.reduce((sum, volume) => sum + volume.bytes(), 0)
}

interface Grouping {
  add(records: Encoded[]): Promise<Position[]>
  take(): Waiting[]
  finished(group: readonly Waiting[]): void
  onReady(start: () => Promise<void>): void
  flush(): void
  bytes(): number
  count(): number
  refuse(): void
}

/** Appends wait here until there are `groupBytes` of them or the first is `groupMs` old; while a commit runs the next group gathers. */
function createGrouping({ groupBytes, groupMs }: Pick<TopicWriterOptions, 'groupBytes' | 'groupMs'>): Grouping {
  const queue: Waiting[] = []
  let queuedBytes = 0
  let heldBytes = 0
  let held = 0
  let timer: NodeJS.Timeout | null = null
  let busy = false
  let start: () => Promise<void> = () => Promise.resolve()

  function go(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (busy || queue.length === 0) return
    busy = true
    void start().finally(() => {
      busy = false
      // An append may have come between the last look at the queue and here.
      if (queue.length > 0) timer = setTimeout(go, groupMs)
    })
  }

  return {
    add: (records) => {
      const bytes = records.reduce((sum, record) => sum + record.bytes.length, 0)
      const waiting: Waiting = { records, bytes, done: Promise.withResolvers() }
      queue.push(waiting)
      queuedBytes += bytes
      heldBytes += bytes
      held++
      if (queuedBytes >= groupBytes) go()
      else if (!busy && timer === null) timer = setTimeout(go, groupMs)
      return waiting.done.promise
    },
    take: () => {
      let bytes = 0
      let count = 0
      for (const waiting of queue) {
        if (count > 0 && bytes + waiting.bytes > groupBytes) break
        bytes += waiting.bytes
        count++
      }
      queuedBytes -= bytes
      return queue.splice(0, count)
    },
    finished: (group) => {
      held -= group.length
      for (const waiting of group) heldBytes -= waiting.bytes
    },
    onReady: (callback) => {
      start = callback
    },
    flush: go,
    bytes: () => heldBytes,
    count: () => held,
    refuse: () => {
      if (timer !== null) clearTimeout(timer)
      for (const waiting of queue.splice(0)) waiting.done.reject(new LogUnavailableError('the log was closed before this append was committed'))
    },
  }
}
