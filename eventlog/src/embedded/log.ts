import { statfsSync } from 'node:fs'
import { MAX_ENVELOPE_BYTES } from '@skein/schemas/topics'
import type { EventLog } from '../contract.ts'
import { claimFormat } from './format.ts'
import { type Lock, takeLock } from './lock.ts'
import { createReadingSide, type ReadingSide } from './reading-side.ts'
import type { EmbeddedLogOptions, Settings } from './settings.ts'
import { lmdbVolumes } from './volumes.ts'
import { createWritingSide, type WritingSide } from './writing-side.ts'

const MIB = 1024 * 1024
const LARGEST_VOLUME_BYTES = 512 * MIB
/** Files are also written through mapped memory, and a mapped page that the disk has no room for ends the process. */
const LEAST_RESERVE_BYTES = 4 * MIB
/** Space comes back a volume at a time, and never from the one that is written: a quota is made of at least so many. */
const VOLUMES_IN_QUOTA = 16

export interface EmbeddedLog extends EventLog {
  /** Since this log was opened. */
  counts(): { damaged: number; missing: number }
  /** Bytes on disk, all topics; the writer's. */
  usedBytes(): number
  /** One round of what happens every `tidyMs`: stale reader slots and removable volumes. */
  tidy(): Promise<void>
}

/**
 * Opens the LMDB log. Throws `LogLockedError` when another living process has the role on this directory, `LogVersionError` when a newer version wrote it.
 * A lock left by a dead process is taken over.
 */
export async function createEmbeddedLog(options: EmbeddedLogOptions): Promise<EmbeddedLog> {
  const settings = withDefaults(options)
  claimFormat(settings.directory, `${settings.role}.new`)
  const roles = settings.role === 'both' ? ['writer', 'reader'] : [settings.role]
  const locks: Lock[] = []
  try {
    for (const role of roles) locks.push(takeLock(settings.directory, role))
    // In one process lmdb shares an open file: who may write it has to open it first, and commits are the reading side's.
    const reading = settings.role === 'writer' ? null : createReadingSide(settings)
    const unclean = locks.some(({ takenOver }) => takenOver)
    const writing = settings.role === 'reader' ? null : await createWritingSide(settings, unclean)
    return assemble(settings, { writing, reading, release: () => locks.forEach((lock) => lock.release()) })
  } catch (error) {
    for (const lock of locks) lock.release()
    throw error
  }
}

interface Sides {
  writing: WritingSide | null
  reading: ReadingSide | null
  release: () => void
}

function assemble(settings: Settings, { writing, reading, release }: Sides): EmbeddedLog {
  async function tidy(): Promise<void> {
    reading?.readerCheck()
    await writing?.tidy()
  }
  const timer = setInterval(() => {
    tidy().catch((error: unknown) => settings.report('error', 'log_tidy_failed', { error: String(error) }))
  }, settings.tidyMs)
  timer.unref()
  let closing: Promise<{ remaining: number }> | null = null

  async function close(deadlineMs: number): Promise<{ remaining: number }> {
    clearInterval(timer)
    const unread = (await reading?.close(deadlineMs)) ?? 0
    const unwritten = (await writing?.close(deadlineMs)) ?? 0
    release()
    return { remaining: unread + unwritten }
  }

  return {
    partitions: (topic) => Promise.resolve((writing ?? demand(reading, 'partitions')).partitions(topic)),
    append: (topic, records) => demand(writing, 'append').append(topic, records),
    consume: (topics, group, handler) => demand(reading, 'consume').consume(topics, group, handler),
    lag: (topics, group) => demand(reading, 'lag').lag(topics, group),
    probe: () => (writing ?? demand(reading, 'probe')).probe(),
    close: (deadlineMs) => (closing ??= close(deadlineMs)),
    counts: () => reading?.counts() ?? { damaged: 0, missing: 0 },
    usedBytes: () => writing?.usedBytes() ?? 0,
    tidy,
  }
}

function demand<T>(side: T | null, what: string): T {
  if (side === null) throw new TypeError(`this embedded log was not opened in a role that can ${what}`)
  return side
}

function withDefaults(options: EmbeddedLogOptions): Settings {
  const reserveBytes = Math.max(options.reserveBytes, LEAST_RESERVE_BYTES)
  return {
    volumeBytes: Math.min(LARGEST_VOLUME_BYTES, Math.ceil(options.quotaBytes / VOLUMES_IN_QUOTA)),
    groupBytes: 4 * MIB,
    groupMs: 5,
    pendingBytes: 64 * MIB,
    maxRecordBytes: MAX_ENVELOPE_BYTES,
    keep: 'groups' as const,
    marginMs: 15 * 60_000,
    pollMs: 20,
    idlePollMs: 200,
    fetchBytes: 4 * MIB,
    tidyMs: 10_000,
    freeDiskBytes: (directory) => {
      const stats = statfsSync(directory)
      return stats.bavail * stats.bsize
    },
    volumes: lmdbVolumes,
    ...options,
    reserveBytes,
  }
}
