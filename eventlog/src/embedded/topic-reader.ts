import { statSync } from 'node:fs'
import { join } from 'node:path'
import type { StoredRecord } from '../contract.ts'
import { openRecord } from './record.ts'
import { listVolumes, volumePath, type Volume } from './volume.ts'
import type { Report, VolumeDriver } from './volumes.ts'

/** A file whose last write is older than this cannot have changed since we looked, whatever the grain of its clock. */
const SETTLED_MS = 50

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
  /** Looks for new volumes and commits. False when nothing can have changed since the last look. */
  refresh(): boolean
  read(partition: number, from: number, maxBytes: number): Run
  earliest(partition: number): number
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

export function createTopicReader(options: TopicReaderOptions): TopicReader {
  const directory = join(options.directory, options.topic)
  const volumes: Volume[] = []
  const unreadable = new Set<number>()
  const counts: ReadCounts = { damaged: 0, missing: 0 }
  let lastLook = ''

  function rescan(): void {
    const present = listVolumes(directory)
    while (volumes[0] !== undefined && !present.includes(volumes[0].sequence)) void volumes.shift()?.close()
    const newest = volumes.at(-1)?.sequence ?? 0
    for (const sequence of present) if (sequence > newest && !unreadable.has(sequence)) open(sequence)
  }

  function open(sequence: number): void {
    const path = volumePath(directory, sequence)
    try {
      volumes.push(options.volumes.open({ path, readOnly: true, volumeBytes: options.volumeBytes }))
    } catch (error) {
      unreadable.add(sequence)
      options.report('error', 'log_volume_unreadable', { topic: options.topic, path, error: String(error) })
    }
  }

  /** Index of the volume that holds an offset, or would; -1 when there is none. */
  function locate(partition: number, offset: number): number {
    for (let index = volumes.length - 1; index >= 0; index--) if ((volumes[index] as Volume).base(partition) <= offset) return index
    return -1
  }

  function lose(partition: number, from: number, to: number): void {
    if (to <= from) return
    counts.missing += to - from
    options.report('error', 'log_records_missing', { topic: options.topic, partition, from, to, count: to - from })
  }

  function damage(partition: number, offset: number, cause: string): void {
    counts.damaged++
    options.report('error', 'log_record_damaged', { topic: options.topic, partition, offset, cause })
  }

  /** Where reading goes on after an offset that is not there; null at the end of the log. */
  function skip(partition: number, offset: number, index: number): number | null {
    const volume = volumes[index] as Volume
    const successor = volumes[index + 1]
    volume.refresh()
    const following = volume.nextOffset(partition, offset)
    const limit = successor?.base(partition) ?? Number.MAX_SAFE_INTEGER
    if (following !== null && following < limit) {
      lose(partition, offset, following)
      return following
    }
    if (successor === undefined) return null
    lose(partition, offset, successor.previousEnd(partition))
    return limit
  }

  /** One step of a run: a record, or where to go on, or the end. */
  function step(partition: number, offset: number): StoredRecord | number | null {
    const index = locate(partition, offset)
    if (index < 0) return null
    let bytes: Buffer | undefined
    try {
      bytes = (volumes[index] as Volume).read(partition, offset)
      if (bytes === undefined) return skip(partition, offset, index)
    } catch (error) {
      damage(partition, offset, String(error))
      return pastDamage(partition, offset, index)
    }
    const value = openRecord(bytes, partition, offset)
    if (value !== null) return { offset, value }
    damage(partition, offset, 'checksum')
    return offset + 1
  }

  /** After a page that cannot be read, even the search for the next key may fail: then the rest of the volume is lost. */
  function pastDamage(partition: number, offset: number, index: number): number | null {
    try {
      const following = (volumes[index] as Volume).nextOffset(partition, offset + 1)
      if (following !== null) return following
    } catch {
      // Said by `damage` already.
    }
    const successor = volumes[index + 1]
    if (successor === undefined) return null
    lose(partition, offset + 1, successor.previousEnd(partition))
    return successor.base(partition)
  }

  function look(): string {
    const newest = volumes.at(-1)
    if (newest === undefined) return ''
    const { mtimeMs, size } = statSync(newest.path)
    return new Date().getTime() - mtimeMs < SETTLED_MS ? '' : `${mtimeMs} ${size} ${newest.sequence}`
  }

  return {
    refresh: () => {
      rescan()
      const now = volumes.length === 0 ? '' : look()
      if (now !== '' && now === lastLook) return false
      lastLook = now
      volumes.at(-1)?.refresh()
      return true
    },
    read: (partition, from, maxBytes) => {
      const records: StoredRecord[] = []
      const earliest = volumes[0]?.base(partition) ?? 0
      lose(partition, from, volumes.length === 0 ? from : earliest)
      let next = Math.max(from, earliest)
      for (let bytes = 0; bytes < maxBytes; ) {
        const found = step(partition, next)
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
    },
    earliest: (partition) => volumes[0]?.base(partition) ?? 0,
    end: (partition) => {
      const newest = volumes.at(-1)
      return newest === undefined ? 0 : Math.max(newest.base(partition), (newest.lastOffset(partition) ?? -1) + 1)
    },
    counts,
    readerCheck: () => {
      for (const volume of volumes) volume.readerCheck()
    },
    close: async () => {
      for (const volume of volumes.splice(0)) await volume.close()
    },
  }
}
