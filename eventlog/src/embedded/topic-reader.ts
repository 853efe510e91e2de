import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredRecord } from '../contract.ts'
import type { Report } from '../report.ts'
import { openRecord } from './record.ts'
import { createRestingVolume, type RestingVolume } from './resting-volume.ts'
import { listVolumes, type Volume, volumePath } from './volume.ts'
import type { VolumeDriver } from './volumes.ts'

/** A file whose last write is older than this cannot have changed since we looked, whatever the grain of its clock. */
const SETTLED_MS = 50
const LOOKS_TO_LET_GO = 50

export interface Run {
  records: StoredRecord[]
  /** First offset after the run. Above the last record + 1 when records were damaged or missing. */
  next: number
}

export interface ReadCounts {
  /** Records whose bytes were not those written. */
  damaged: number
  /** Offsets that should be there and are not. */
  missing: number
}

/** The reading end of one topic; follows a writer in another process. */
export interface TopicReader {
  /** Looks for new volumes and commits. Throws when the directory cannot be read. */
  refresh(): void
  /**
   * The same at little cost: names of volumes are only read after commits, for one follows within moments of the last commit of the one before, or `anyway`.
   * False when there is nothing to read, or nothing can have changed since the last poll.
   */
  poll(anyway: boolean): boolean
  read(partition: number, from: number, maxBytes: number): Run
  earliest(partition: number): number
  /** As many as its volumes have; 0 before there is one. */
  partitions(): number
  end(partition: number): number
  readonly counts: ReadCounts
  readerCheck(): void
  close(): Promise<void>
}

export interface TopicReaderOptions {
  directory: string
  topic: string
  volumeBytes: number
  volumes: VolumeDriver
  report: Report
}

interface State {
  options: TopicReaderOptions
  directory: string
  /** Oldest first. */
  volumes: RestingVolume[]
  /** Lowest offset per partition that was asked for since the last look. */
  lowest: Map<number, number>
  looks: number
  /** What the directory looked like when its names were read; empty when they are to be read anyway. */
  names: string
  /** Sequence numbers that could not be opened. */
  unreadable: Set<number>
  /** Last offset per partition whose page could not be read. */
  stuck: Map<number, number>
  counts: ReadCounts
}

interface Place {
  partition: number
  offset: number
}

export function createTopicReader(options: TopicReaderOptions): TopicReader {
  const directory = join(options.directory, options.topic)
  const state: State = {
    options,
    directory,
    volumes: [],
    lowest: new Map(),
    looks: 0,
    names: '',
    unreadable: new Set(),
    stuck: new Map(),
    counts: { damaged: 0, missing: 0 },
  }
  const { volumes } = state
  let lastPoll = ''
  const earliest = (partition: number): number => volumes[0]?.base(partition) ?? 0

  return {
    refresh: () => {
      rescan(state)
      volumes.at(-1)?.refresh()
    },
    poll: (anyway) => {
      letGo(state)
      const known = volumes.at(-1)
      let look = known === undefined ? '' : lookAt(known)
      if (!anyway && (known === undefined || (look !== '' && look === lastPoll))) return false
      rescan(state)
      const newest = volumes.at(-1)
      if (newest === undefined) return false
      if (newest !== known) look = lookAt(newest)
      lastPoll = look
      newest.refresh()
      return true
    },
    read: (partition, from, maxBytes) => {
      const first = Math.max(from, earliest(partition))
      lose(state, partition, from, first)
      state.lowest.set(partition, Math.min(first, state.lowest.get(partition) ?? first))
      return readRun(state, { partition, offset: first }, maxBytes)
    },
    earliest,
    partitions: () => Math.max(0, ...volumes.map((volume) => volume.partitions)),
    end: (partition) => {
      const newest = volumes.at(-1)
      return newest === undefined ? 0 : Math.max(newest.base(partition), (newest.lastOffset(partition) ?? -1) + 1)
    },
    counts: state.counts,
    readerCheck: () => {
      for (const volume of volumes) volume.readerCheck()
    },
    close: async () => {
      for (const volume of volumes.splice(0)) await volume.close()
    },
  }
}

/** Opens new volumes and closes those that were unlinked, when names came or went. */
function rescan(state: State): void {
  const { directory, volumes } = state
  const names = timeOf(directory) ?? 'none yet'
  if (names !== '' && names === state.names) return
  state.names = names
  const present = listVolumes(directory)
  while (volumes[0] !== undefined && !present.includes(volumes[0].sequence)) void volumes.shift()?.close()
  const newest = volumes.at(-1)?.sequence ?? 0
  for (const sequence of present) if (sequence > newest && !state.unreadable.has(sequence)) openOne(state, sequence)
}

function openOne({ options, directory, volumes, unreadable }: State, sequence: number): void {
  const path = volumePath(directory, sequence)
  try {
    volumes.push(createRestingVolume(() => options.volumes.open({ path, readOnly: true, volumeBytes: options.volumeBytes })))
  } catch (error) {
    unreadable.add(sequence)
    options.report('error', 'log_volume_unreadable', { topic: options.topic, path, error: String(error) })
  }
}

/** Now and then unmaps the volumes that every reader has left behind: a long catch-up would otherwise keep all of them mapped. */
function letGo(state: State): void {
  const { volumes, lowest } = state
  state.looks++
  if (state.looks % LOOKS_TO_LET_GO !== 0 || lowest.size === 0) return
  for (const [index, volume] of volumes.entries()) {
    const successor = volumes[index + 1]
    if (successor !== undefined && [...lowest].every(([partition, offset]) => offset >= successor.base(partition))) volume.rest()
  }
  lowest.clear()
}

/** What the newest file looks like; empty when it is too young to say that nothing will be written under the same time. */
function lookAt(volume: Volume): string {
  const time = timeOf(volume.path) ?? ''
  return time === '' ? '' : `${time} ${volume.sequence}`
}

/** Time and size of a file or directory; empty when it changed too recently to say that nothing will under the same time, undefined when it is not there. */
function timeOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  return Math.abs(new Date().getTime() - found.mtimeMs) < SETTLED_MS ? '' : `${found.mtimeMs} ${found.size}`
}

function readRun(state: State, { partition, offset }: Place, maxBytes: number): Run {
  const records: StoredRecord[] = []
  let next = offset
  for (let bytes = 0; bytes < maxBytes; ) {
    const found = step(state, { partition, offset: next })
    if (found === null) break
    if (typeof found === 'number') {
      next = found
      continue
    }
    records.push(found)
    bytes += found.value.length
    next = found.offset + 1
  }
  return { records, next }
}

/** One step of a run: a record, or the offset to go on at, or null at the end. */
function step(state: State, place: Place): StoredRecord | number | null {
  const { partition, offset } = place
  const index = state.volumes.findLastIndex((volume) => volume.base(partition) <= offset)
  const volume = state.volumes[index]
  if (volume === undefined) return null
  let bytes: Buffer | undefined
  try {
    bytes = volume.read(partition, offset)
    if (bytes === undefined) return skip(state, place, index)
  } catch (error) {
    // At the end of the log the same place is tried again with each poll, and counted once.
    if (state.stuck.get(partition) !== offset) damage(state, place, String(error))
    state.stuck.set(partition, offset)
    return pastDamage(state, place, index)
  }
  const value = openRecord(bytes, partition, offset)
  if (value !== null) return { offset, value }
  damage(state, place, 'checksum')
  return offset + 1
}

/** Where reading goes on after an offset that is not there; null at the end of the log. */
function skip(state: State, { partition, offset }: Place, index: number): number | null {
  const volume = state.volumes[index] as Volume
  const successor = state.volumes[index + 1]
  // The snapshot may be older than the successor.
  volume.refresh()
  const following = volume.nextOffset(partition, offset)
  const limit = successor?.base(partition) ?? Number.MAX_SAFE_INTEGER
  if (following !== null && following < limit) {
    lose(state, partition, offset, following)
    return following
  }
  if (successor === undefined) return null
  lose(state, partition, offset, successor.previousEnd(partition))
  return limit
}

/** After a page that cannot be read, even the search for the next key may fail: then the rest of the volume is lost. */
function pastDamage(state: State, { partition, offset }: Place, index: number): number | null {
  try {
    const following = (state.volumes[index] as Volume).nextOffset(partition, offset + 1)
    if (following !== null) return following
  } catch {
    // `damage` said it already.
  }
  const successor = state.volumes[index + 1]
  if (successor === undefined) return null
  lose(state, partition, offset + 1, successor.previousEnd(partition))
  return successor.base(partition)
}

function lose({ options, counts }: State, partition: number, from: number, to: number): void {
  if (to <= from) return
  counts.missing += to - from
  options.report('error', 'log_records_missing', { topic: options.topic, partition, from, to, count: to - from })
}

function damage({ options, counts }: State, { partition, offset }: Place, cause: string): void {
  counts.damaged++
  options.report('error', 'log_record_damaged', { topic: options.topic, partition, offset, cause })
}
