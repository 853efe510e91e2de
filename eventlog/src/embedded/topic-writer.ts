import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { AppendRecord, Position } from '../contract.ts'
import { LogFullError, LogUnavailableError } from '../errors.ts'
import { createGrouping, type Encoded, type Waiting } from './grouping.ts'
import type { Report } from '../report.ts'
import { RECORD_HEADER_BYTES, sealRecord, valueChecksum } from './record.ts'
import { salvageVolume } from './salvage.ts'
import { listVolumes, unlinkVolume, volumePath, type Volume } from './volume.ts'
import type { VolumeDriver } from './volumes.ts'

const FAILURES_TO_SEAL = 3
const FAILURE_WINDOW_MS = 10_000
const PANIC = /MDB_PANIC/
/** A lock file is written through mapped memory, and a mapped page that the disk has no room for ends the process. */
const ROOM_TO_OPEN_BYTES = 1024 * 1024
const NO_SPACE = /ENOSPC|No space left|MDB_MAP_FULL|Disk quota/i

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
  freeDiskBytes: (directory: string) => number
  /** Offsets below were handed out before, whatever the volumes say: a group committed up to here. */
  floor: (partition: number) => number
  /** Largest value. */
  maxRecordBytes: number
  /** Volumes that must not be opened but salvaged. */
  damaged: ReadonlySet<string>
  volumes: VolumeDriver
  report: Report
}

/** The writing end of one topic: encodes, groups, commits, rolls. One commit is in flight at a time. */
export interface TopicWriter {
  append(records: readonly AppendRecord[]): Promise<Position[]>
  /** Bytes on disk and waiting. */
  bytes(): number
  /** A commit of nothing, which fails and mends as any other. */
  probe(): Promise<void>
  /** As many as asked for, or as its volumes have. */
  readonly partitions: number
  /** Oldest first; the last is written. */
  readonly volumes: readonly Volume[]
  /** Unlinks the oldest volume, never the active one. */
  dropOldest(): Promise<void>
  end(partition: number): number
  /** Commits what waits; resolves when nothing does. */
  drained(): Promise<void>
  /** Appends not yet settled, and their bytes. */
  waiting(): number
  waitingBytes(): number
  close(): Promise<void>
}

interface State {
  options: TopicWriterOptions
  directory: string
  volumes: Volume[]
  next: number[]
  /** Past every offset a commit ever tried: where a volume opened after commits of unknown end starts. */
  attempted: number[]
  failedAtMs: number[]
  sealedBytes: number
  activeBytes: number
}

export async function createTopicWriter(options: TopicWriterOptions): Promise<TopicWriter> {
  const state = await openState(options)
  const groups = createGrouping({ ...options, commit: (group) => commitOrRefuse(state, group) })
  return {
    append: (records) => groups.add(records.map(encode)),
    bytes: () => state.sealedBytes + state.activeBytes + groups.bytes(),
    probe: async () => void (await groups.add([])),
    partitions: state.next.length,
    volumes: state.volumes,
    dropOldest: () => dropOldest(state),
    end: (partition) => state.next[partition] ?? 0,
    drained: () => groups.drained(),
    waiting: () => groups.count(),
    waitingBytes: () => groups.bytes(),
    close: async () => {
      groups.refuse()
      for (const volume of state.volumes) await volume.close()
    },
  }
}

function encode(record: AppendRecord): Encoded {
  return { partition: record.partition, offset: 0, bytes: behindRoom(record), valueCrc: record.crc32 ?? valueChecksum(record.value) }
}

/** The value behind room for its header: where it is, when it came with room, else a copy. */
function behindRoom({ value, roomBytes = 0 }: AppendRecord): Buffer {
  if (roomBytes >= RECORD_HEADER_BYTES) return Buffer.from(value.buffer, value.byteOffset - RECORD_HEADER_BYTES, RECORD_HEADER_BYTES + value.length)
  const bytes = Buffer.allocUnsafeSlow(RECORD_HEADER_BYTES + value.length)
  bytes.set(value, RECORD_HEADER_BYTES)
  return bytes
}

async function openState(options: TopicWriterOptions): Promise<State> {
  const directory = join(options.directory, options.topic)
  mkdirSync(directory, { recursive: true })
  const volumes = await openAll(directory, options)
  const active = volumes.at(-1) as Volume
  const count = Math.max(options.partitions, active.partitions)
  const next = Array.from({ length: count }, (_, partition) => endOf(active, partition))
  const sealedBytes = volumes.slice(0, -1).reduce((sum, volume) => sum + volume.bytes(), 0)
  const state = { options, directory, volumes, next, attempted: [...next], failedAtMs: [], sealedBytes, activeBytes: active.bytes() }
  const floor = next.map((end, partition) => Math.max(end, options.floor(partition)))
  // Volumes were lost: offsets that a group has done already would never be read again.
  if (floor.some((offset, partition) => offset > (next[partition] as number))) await roll(state, floor, 'offsets behind commits')
  return state
}

async function openAll(directory: string, options: TopicWriterOptions): Promise<Volume[]> {
  const { volumeBytes } = options
  const volumes: Volume[] = []
  for (const sequence of listVolumes(directory)) volumes.push(await openOrSalvage(volumePath(directory, sequence), volumes.at(-1), options))
  if (volumes.length === 0) {
    const none = Array.from({ length: options.partitions }, () => 0)
    volumes.push(await options.volumes.create({ path: volumePath(directory, 1), readOnly: false, volumeBytes }, { base: none, previousEnd: none }))
  }
  return volumes
}

async function openOrSalvage(path: string, previous: Volume | undefined, options: TopicWriterOptions): Promise<Volume> {
  const volume = { path, readOnly: false, volumeBytes: options.volumeBytes }
  if (!options.damaged.has(path)) {
    try {
      return options.volumes.open(volume)
    } catch (error) {
      options.report('error', 'log_volume_damaged', { topic: options.topic, path, error: String(error) })
    }
  }
  const count = Math.max(options.partitions, previous?.partitions ?? 0)
  const fallback = Array.from({ length: count }, (_, partition) => (previous === undefined ? 0 : endOf(previous, partition)))
  const maxBytes = options.maxRecordBytes + RECORD_HEADER_BYTES
  const salvaged = await salvageVolume({ volume, driver: options.volumes, maxBytes, fallback })
  options.report('error', 'log_volume_salvaged', { topic: options.topic, path, records: salvaged.records })
  return salvaged.volume
}

function endOf(volume: Volume, partition: number): number {
  return Math.max(volume.base(partition), (volume.lastOffset(partition) ?? -1) + 1)
}

function activeOf(state: State): Volume {
  return state.volumes.at(-1) as Volume
}

async function commitOrRefuse(state: State, group: readonly Waiting[]): Promise<void> {
  try {
    await commit(state, group)
  } catch (error) {
    await refuse(state, group, error)
  }
}

async function commit(state: State, group: readonly Waiting[]): Promise<void> {
  const ends = [...state.next]
  const records: Encoded[] = []
  for (const waiting of group) {
    for (const record of waiting.records) {
      record.offset = ends[record.partition] as number
      ends[record.partition] = record.offset + 1
      sealRecord(record.bytes, record.partition, record.offset, record.valueCrc)
      records.push(record)
    }
  }
  state.attempted = ends.map((end, partition) => Math.max(end, state.attempted[partition] ?? 0))
  await (records.length === 0 ? activeOf(state).probe() : activeOf(state).write(records))
  state.next = ends
  state.activeBytes = activeOf(state).bytes()
  for (const waiting of group) waiting.done.resolve(waiting.records.map(({ partition, offset }) => ({ partition, offset })))
  if (state.activeBytes >= state.options.volumeBytes) await roll(state, ends, 'size')
}

async function refuse(state: State, group: readonly Waiting[], cause: unknown): Promise<void> {
  const { options } = state
  options.report('error', 'log_commit_failed', { topic: options.topic, path: activeOf(state).path, error: String(cause) })
  const error = asRefusal(cause, options)
  for (const waiting of group) waiting.done.reject(error)
  const now = options.clock()
  state.failedAtMs = [...state.failedAtMs.filter((at) => at > now - FAILURE_WINDOW_MS), now]
  if (state.failedAtMs.length >= FAILURES_TO_SEAL || PANIC.test(String(cause))) await roll(state, state.attempted, 'failed commits')
}

function asRefusal(cause: unknown, options: TopicWriterOptions): Error {
  const text = cause instanceof Error ? cause.message : String(cause)
  return NO_SPACE.test(text) || options.diskIsFull()
    ? new LogFullError(`the disk under ${options.directory} is full: ${text}`, { cause })
    : new LogUnavailableError(`the embedded log could not commit: ${text}`, { cause })
}

/** Seals the active volume and opens the next one; stays with the active one when that fails, to be tried again at the next commit. */
async function roll(state: State, base: readonly number[], reason: string): Promise<void> {
  const { options, directory, volumes } = state
  const path = volumePath(directory, activeOf(state).sequence + 1)
  try {
    const free = options.freeDiskBytes(directory)
    if (free < ROOM_TO_OPEN_BYTES) throw new LogFullError(`${free} bytes are free under ${directory}`)
    const head = { base: [...base], previousEnd: [...state.next] }
    const fresh = await options.volumes.create({ path, readOnly: false, volumeBytes: options.volumeBytes }, head)
    state.next = [...base]
    state.sealedBytes += state.activeBytes
    state.activeBytes = fresh.bytes()
    state.failedAtMs = []
    volumes.push(fresh)
    options.report('info', 'log_volume_opened', { topic: options.topic, path, reason })
  } catch (error) {
    options.report('error', 'log_volume_not_opened', { topic: options.topic, path, reason, error: String(error) })
  }
}

async function dropOldest(state: State): Promise<void> {
  if (state.volumes.length < 2) return
  const oldest = state.volumes.shift() as Volume
  state.sealedBytes -= oldest.bytes()
  await oldest.close()
  unlinkVolume(oldest.path)
}
